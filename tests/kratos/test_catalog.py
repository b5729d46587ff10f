"""The tables of the catalog fit together and are what the generator makes."""

import subprocess
import sys
from pathlib import Path

import pytest

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.hook_point import hook_points, parse_hook_point
from jsonnet_ctx.kratos.provider_id import provider_id_sources
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.kratos.versions import VERSIONS

ROOT = Path(__file__).parents[2]
TABLES = ["versions", "hook_points", "fields", "places", "scenarios", "limits", "headers", "header_filters",
          "std_members", "provider_ids", "nodes", "forms", "messages"]  # fmt: skip


def test_the_generated_tables_are_up_to_date() -> None:
    script = ROOT / "scripts" / "generate_kratos_catalog.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "stale: none\n"), done.stderr


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_how_it_is_known(table: str) -> None:
    rows = catalog(table)
    assert rows
    assert {row["evidence"] for row in rows} <= {"captured", "source"}


def test_every_place_changes_a_field_that_there_is() -> None:
    known = {
        ".".join(str(segment) for segment in field.path)
        for hook in hook_points()
        for field in (*shape_of(hook).fields, *shape_of(hook).never)
    }
    assert {row["path"] for row in catalog("places")} <= known


def test_every_form_and_message_of_a_scenario_exists() -> None:
    forms = {row["form"]: row["nodes"] for row in catalog("forms")}
    nodes = {row["name"] for row in catalog("nodes")}
    messages = {row["id"] for row in catalog("messages")}
    for hook in hook_points():
        for way in (way for kratos in VERSIONS for way in scenarios(hook, kratos)):
            assert way.form is None or way.form in forms
            assert set(way.messages) <= messages
    assert {name for names in forms.values() for name in names if not name.startswith("traits:")} <= nodes


def test_the_provider_id_has_sources_that_depend_on_the_version() -> None:
    hook = parse_hook_point("login.after.oidc")
    assert provider_id_sources(hook, "v26.2.0")[0].path == "session.authentication_methods[?method=='oidc'].provider"
    assert provider_id_sources(hook, "v26.2.0")[0].reliable is True
    assert provider_id_sources(hook, "v1.0.0")[0].path == "request_url path segment after /callback/"
    assert provider_id_sources(parse_hook_point("recovery.after"), "v26.2.0") == ()
    both = [
        provider_id_sources(parse_hook_point(f"registration.after.oidc.{stage}_persist"), "v26.2.0")
        for stage in ("pre", "post")
    ]
    assert both[0] == both[1] != ()
