"""``--fix``: only what is certain is written, once, and what is written passes."""

from pathlib import Path

import pytest
from harness import Project

HOOK = "registration.after.password.post_persist"


def fix(project: Project, text: str, *flags: str, hook: str = HOOK) -> str:
    """A template after ``--fix``."""
    project.write({"w.jsonnet": text.encode()})
    project.run("check", "w.jsonnet", "--hook", hook, "--max-examples", "0", "--fix", *flags)
    return (project.root / "w.jsonnet").read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "function(ctx) { sent: ctx.transient_payload }\n",
            "function(ctx) { sent: ctx.flow.transient_payload }\n",
        ),
        (
            "function(ctx) { agent: ctx.request_headers['user-agent'] }\n",
            "function(ctx) { agent: ctx.request_headers['User-Agent'] }\n",
        ),
        (
            "function(ctx) if ctx.flow.type == 'api' then error 'Cancel' else {}\n",
            "function(ctx) if ctx.flow.type == 'api' then error 'cancel' else {}\n",
        ),
        ("function(ctx) if ctx.flow.type == 'api' then error ' cancel ' else {}\n", None),
    ],
)
def test_a_certain_edit_is_written(project: Project, before: str, after: str | None) -> None:
    assert fix(project, before) == (after or before.replace("' cancel '", "'cancel'"))


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) { plan: ctx.flow.transient_payload.plan }\n",
        "function(ctx) { id: ctx.nothing_like_it }\n",
        "function(ctx) { id: ctx.id }\n",
        "function(ctx) { email: ctx.identity.metadata_public.email }\n",
        "function(ctx) { key: ctx.request_headers['x-api-key'] }\n",
        "function(ctx) if ctx.flow.type == 'api' then error 'cancelled by us' else {}\n",
        "function(ctx) { note: 'ctx.transient_payload, error \\'Cancel\\'' }\n",
        "local headers = { 'user-agent': 1 }; function(ctx) { a: headers['user-agent'] }\n",
        "function(ctx) { a: }\n",
    ],
)
def test_what_is_not_certain_is_left_alone(project: Project, text: str) -> None:
    assert fix(project, text) == text


def test_the_rest_of_the_file_stays_byte_for_byte(project: Project) -> None:
    text = "// Grüße 名\r\nfunction(ctx) {\r\n\tsent: ctx.transient_payload,   // ← hier\r\n}\r\n\r\n"
    assert fix(project, text) == text.replace("ctx.transient", "ctx.flow.transient")


def test_a_second_run_changes_nothing(project: Project) -> None:
    once = fix(project, "function(ctx) { a: ctx.transient_payload, b: ctx.request_headers['user-agent'] }\n")
    assert fix(project, once) == once


def test_what_was_fixed_is_said_and_the_result_is_checked(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) { a: ctx.transient_payload }\n"})
    args = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC1")
    assert project.run(*args).code == 1
    done = project.run(*args, "--fix")
    assert (done.code, done.err) == (0, "fixed 1 place in w.jsonnet\n")
    assert done.out.startswith("no findings in ")


def test_a_dry_run_fixes_nothing(project: Project) -> None:
    text = "function(ctx) { a: ctx.transient_payload }\n"
    assert fix(project, text, "--dry-run") == text


def test_a_template_behind_a_link_is_written_where_it_lies(project: Project) -> None:
    project.write({"real/w.jsonnet": "function(ctx) { a: ctx.transient_payload }\n"})
    (project.root / "link.jsonnet").symlink_to("real/w.jsonnet")
    project.run("check", "link.jsonnet", "--hook", HOOK, "--fix")
    assert (project.root / "link.jsonnet").is_symlink()
    assert project.read("real/w.jsonnet") == "function(ctx) { a: ctx.flow.transient_payload }\n"


def test_the_mode_of_a_file_is_kept(project: Project) -> None:
    file = project.write({"w.jsonnet": "function(ctx) { a: ctx.transient_payload }\n"}).root / "w.jsonnet"
    file.chmod(0o640)
    project.run("check", "w.jsonnet", "--hook", HOOK, "--fix")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in project.root.iterdir() if "w.jsonnet" in path.name] == ["w.jsonnet"]


def test_a_template_that_a_config_wires_is_fixed_from_every_folder(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = {"hook": "web_hook", "config": {"url": "https://a.example/", "method": "POST", "body": "file://w.jsonnet"}}
    project.write(
        {
            "deploy/kratos.json": {"selfservice": {"flows": {"login": {"after": {"password": {"hooks": [action]}}}}}},
            "deploy/w.jsonnet": "function(ctx) { a: ctx.transient_payload }\n",
        }
    )
    done = Project(project.root / "deploy", monkeypatch).run("check", "--config", "kratos.json", "--fix")
    assert done.err == "fixed 1 place in w.jsonnet\n"
    assert project.read("deploy/w.jsonnet") == "function(ctx) { a: ctx.flow.transient_payload }\n"


def test_a_body_inside_a_config_is_left_alone(project: Project) -> None:
    body = "base64://ZnVuY3Rpb24oY3R4KSB7IGE6IGN0eC50cmFuc2llbnRfcGF5bG9hZCB9"
    action = {"hook": "web_hook", "config": {"url": "https://a.example/", "method": "POST", "body": body}}
    project.write({"kratos.json": {"selfservice": {"flows": {"login": {"after": {"password": {"hooks": [action]}}}}}}})
    before = project.read("kratos.json")
    done = project.run("check", "--config", "kratos.json", "--fix", "--max-examples", "0")
    assert (done.code, done.err) == (1, "")
    assert project.read("kratos.json") == before


def test_a_library_and_an_unbound_template_are_left_alone(project: Project) -> None:
    text = "function(ctx) { a: ctx.transient_payload }\n"
    project.write({"w.jsonnet": text, "other.jsonnet": text, "lib.libsonnet": text})
    project.run("check", "w.jsonnet", "--hook", HOOK, "--fix")
    assert {Path(name).name for name in ("other.jsonnet", "lib.libsonnet") if project.read(name) == text} == {
        "other.jsonnet",
        "lib.libsonnet",
    }
