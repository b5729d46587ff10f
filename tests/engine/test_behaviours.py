"""What running Kratos servers did, row by row: the same outcome, request and effect here."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import kratos_rows
import pytest
from kratos_rows import Row, Run

from jsonnet_ctx.engine.effect import Effect, effect_of
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.engine.request import Request, empty_request, request_of

_STARTED = tuple(row for row in kratos_rows.all_rows() if not row.observed.get("config_rejected"))
_REFUSED = tuple(row for row in kratos_rows.all_rows() if row.observed.get("config_rejected") and row.where is not None)
_AGAIN = tuple(row for row in _STARTED if kratos_rows.reason_left_out(row) is None)

_LATER_REQUEST = ("cancel.json.at.recovery.before",)
"""Rows whose status belongs to the submission after the one that ran the hook."""


def _run_effect(row: Row, again: Run) -> Effect:
    return effect_of(
        again.webhook,
        again.outcome,
        hook=again.hook,
        client=row.client,
        kratos=row.kratos,
        answer=kratos_rows.answers(row),
        identity_schema=kratos_rows.IDENTITY_SCHEMA,
    )


@pytest.mark.parametrize("row", _AGAIN, ids=str)
def test_a_row_happens_again(row: Row, tmp_path: Path) -> None:
    again = kratos_rows.run(row, tmp_path)
    effect = _run_effect(row, again)
    if isinstance(again.outcome, Failed) and row.observed["webhook_sent"]:
        _assert_the_race_is_known(row, again, effect)
        return
    _assert_request(row, again)
    _assert_client(row, effect)
    _assert_log(row, effect)
    _assert_state(row, effect)


def _assert_the_race_is_known(row: Row, again: Run, effect: Effect) -> None:
    """The webhook went out empty: the failure that we foresee says that this may happen."""
    assert row.racy or row.id.startswith("limit.ctx-")
    assert row.observed["request_body"] == ""
    assert empty_request(again.webhook, kratos=row.kratos).body == b""
    if not row.by_machine:
        assert effect.may_happen is not None


def _assert_request(row: Row, again: Run) -> None:
    request = request_of(again.webhook, again.outcome, kratos=row.kratos)
    sent = row.observed["webhook_sent"]
    assert (request is not None) == (sent or row.id.startswith("resp.connrefused"))
    if request is None or not sent:
        return
    assert request.method == row.observed["request_method"]
    assert request.content_type == row.observed["request_content_type"]
    assert _body(request) == _observed_body(row, _body(request))
    if "request_headers" in row.observed:
        assert _without_ids(request.headers) == _without_ids(row.observed["request_headers"])
    first = row.observed.get("all_requests", [{}])[0]
    if "ory_headers" in first:
        assert {name for name, _ in request.headers if name.startswith("Ory-")} == set(first["ory_headers"])
        assert [value for name, value in request.headers if name == "Authorization"] == first["authorization"]


def _body(request: Request) -> str:
    return (request.body or b"").decode()


def _observed_body(row: Row, ours: str) -> str:
    """The body that arrived; where it tells of a ctx that only the server had, ours counts."""
    body = str(row.observed["request_body"])
    if row.id.startswith("limit.ctx-tp"):  # holds the length of the whole ctx
        assert json.loads(ours)["n"] == json.loads(body)["n"]
        return ours
    if row.id in ("resp.200.patch.reg.verifiable-same", "resp.200.patch.settings.parse.traits"):  # holds an e-mail
        assert json.loads(ours).keys() == json.loads(body).keys()
        return ours
    return ours if body.endswith(f"… ({len(ours)} characters)") else body


def _without_ids(headers: Any) -> list[tuple[str, str]]:
    return [(name, "id" if name.startswith("Ory-Webhook-") else value) for name, value in headers]


def _assert_client(row: Row, effect: Effect) -> None:
    observed = row.observed
    assert effect.requests == observed["webhook_requests"]
    if row.id not in _LATER_REQUEST:
        assert effect.client_status == observed["client_status"]
    shown = observed["client_error"]
    if isinstance(shown, str):
        _assert_client_text(shown, effect)
    elif shown is None or set(shown) == {"ui.messages"}:
        assert effect.flow_continues
        assert effect.client_message is None
    elif "flow returned" in shown:
        assert effect.client_shows == "form"
        assert _shown_by_node(effect) == _observed_by_node(shown)
    elif "error page" in shown:
        assert effect.client_shows == "error-page"
        _assert_error(row, shown["error page"], effect)
    elif shown["error"].get("id") == "browser_location_change_required":
        assert effect.flow_continues
    else:
        assert effect.client_shows == "error"
        _assert_error(row, shown["error"], effect)


def _assert_client_text(shown: str, effect: Effect) -> None:
    if shown.startswith("{"):  # the error, and after it the flow, which the row cuts off
        assert effect.client_shows == "error-and-flow"
        error = json.JSONDecoder().raw_decode(shown)[0]["error"]
        assert (effect.client_code, effect.client_message) == (error["code"], error["message"])
        assert effect.client_reason == error.get("reason")
    elif shown == "connection closed without a response":
        assert effect.connection_closed
    else:
        assert effect.client_shows == "new-flow"


def _assert_error(row: Row, error: dict[str, Any], effect: Effect) -> None:
    assert effect.client_code == error["code"]
    assert effect.client_reason == error.get("reason")
    if not row.by_machine:
        assert _as_shortened(effect.client_message, error["message"]) == error["message"]


def _as_shortened(ours: str | None, theirs: str | None) -> str | None:
    """Our text, shortened where the row shortens theirs."""
    if ours is None or theirs is None:
        return ours
    beginning, dots, _ = theirs.rpartition("…")
    return f"{ours[: len(beginning)]}… ({len(ours)} characters)" if dots else ours


def _shown_by_node(effect: Effect) -> dict[str | None, list[tuple[int, str, str]]]:
    found: dict[str | None, list[tuple[int, str, str]]] = {}
    for message in effect.messages:
        found.setdefault(message.node, []).append((message.id, message.type, message.text))
    return found


def _observed_by_node(shown: dict[str, Any]) -> dict[str | None, list[tuple[int, str, str]]]:
    groups: list[tuple[str | None, list[dict[str, Any]]]] = [(None, shown.get("ui.messages", []))]
    groups += [(node["name"], node["messages"]) for node in shown.get("node_messages", [])]
    return {
        node: [(said["id"], said["type"], said["text"]) for said in messages] for node, messages in groups if messages
    }


def _assert_log(row: Row, effect: Effect) -> None:
    line = next(line for line in row.observed["log"] if line["msg"].startswith("Webhook request"))
    assert (effect.log_level, effect.log_message) == (line["level"], line["msg"])
    if not row.by_machine:
        said = line.get("error.message")
        assert _as_shortened(effect.log_error, said) == said


def _assert_state(row: Row, effect: Effect) -> None:
    observed = row.observed
    if "login_succeeded" in observed:
        assert effect.stored == observed["login_succeeded"]
    if "identity_stored" in observed:
        assert effect.stored == observed["identity_stored"]
    stored = dict((observed.get("stored_identities_after") or [{}])[0])
    stored |= {
        name.removeprefix("stored_"): observed[name]
        for name in ("stored_traits", "stored_metadata_public", "stored_metadata_admin", "stored_state")
        if name in observed
    }
    for name in effect.patch.keys() & stored.keys() - {"verifiable_addresses"}:
        assert _without_email(effect.patch[name]) == _without_email(stored[name]), name


def _without_email(value: Any) -> Any:
    """The e-mail in some rows' traits was new in every run."""
    return {key: item for key, item in value.items() if key != "email"} if isinstance(value, dict) else value


@pytest.mark.parametrize("row", _REFUSED, ids=str)
def test_a_config_that_kratos_refuses_at_start_is_a_problem(row: Row, tmp_path: Path) -> None:
    config = kratos_rows.load_config(row, tmp_path)
    assert any(problem.refused_at_start for problem in config.problems)


def test_the_rows_that_are_not_run_again_are_counted_by_reason() -> None:
    reasons = Counter(kratos_rows.reason_left_out(row) for row in kratos_rows.all_rows())
    del reasons[None]
    assert len(_AGAIN) + len(_REFUSED) + sum(reasons.values()) == len(kratos_rows.all_rows())
    assert set(reasons) == {reason for _, _, reason in kratos_rows.LEFT_OUT}
