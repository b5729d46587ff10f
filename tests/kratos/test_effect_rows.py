"""The catalog of effects: complete, and every row with evidence that exists."""

import json
from fnmatch import filter as matching
from pathlib import Path

import pytest

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Cause, Client, client_view, content_type_used, storage
from jsonnet_ctx.kratos.hook_point import hook_points, parse_hook_point
from jsonnet_ctx.kratos.receiver_rows import call_limit, own_headers, patch_fields, retried
from jsonnet_ctx.kratos.versions import VERSIONS

BEHAVIOURS = Path(__file__).parents[2] / "fixtures" / "kratos" / "behaviours.json"
CATALOGS = (
    "effects",
    "effects_answer_reader",
    "effects_content_type",
    "effects_headers",
    "effects_limits",
    "effects_patch",
    "effects_retry",
    "effects_stored",
    "effects_texts",
    "effects_validation",
)
CAUSES: tuple[Cause, ...] = ("success", "error", "bad-gateway", "messages", "disabled", "panic", "timeout")


@pytest.mark.parametrize("name", CATALOGS)
def test_every_row_has_evidence_that_exists(name: str) -> None:
    ids = {row["id"] for row in json.loads(BEHAVIOURS.read_text(encoding="utf-8"))}
    for row in catalog(name):
        assert row["evidence"]
        for evidence in row["evidence"]:
            assert evidence == "source" or evidence.startswith(("behaviours.md", "capture ")) or matching(ids, evidence)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_hook_point_has_a_view_in_every_version(client: Client, cause: Cause) -> None:
    for hook in hook_points():
        for version in VERSIONS:
            view = client_view(hook, client, cause, version)
            assert (view.status is None) == (view.shows == "nothing")


def test_every_hook_point_keeps_something_or_nothing() -> None:
    for hook in hook_points():
        kept = storage(hook)
        assert (kept.what is None) == (hook.phase == "before")
        assert kept.on_failure


def test_the_identity_is_stored_before_the_post_persist_hooks() -> None:
    assert storage(parse_hook_point("registration.after.oidc.post_persist")).stored_on_failure
    assert not storage(parse_hook_point("registration.after.oidc.pre_persist")).stored_on_failure


def test_versions_differ_where_the_servers_did() -> None:
    assert own_headers("v1.3.1") == ("Ory-Webhook-Request-Id",)
    assert own_headers("v26.2.0") == ("Ory-Webhook-Request-Id", "Ory-Webhook-Trigger-Id")
    assert {field.name for field in patch_fields("v26.2.0")} - {field.name for field in patch_fields("v1.3.1")} == {
        "external_id"
    }
    assert [content_type_used("", version) for version in ("v1.3.1", "v25.4.0")] == ["", "application/json"]


def test_the_receiver_is_called_as_the_rows_show() -> None:
    assert (call_limit("attempts"), call_limit("attempt_seconds"), call_limit("answer_bytes")) == (3, 30, 5 << 20)
    assert [status for status in (200, 302, 400, 429, 499, 500, 501, 502, 599) if retried(status)] == [
        429,
        500,
        502,
        599,
    ]
