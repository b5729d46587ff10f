"""``replay --as-case``: what check found, written into the case file of its template."""

import base64
from typing import Any

import pytest
from harness import Project
from test_replay_command import CAREFUL, CARELESS, HOOK, found_by_check

from jsonnet_ctx.cases.append import appended


@pytest.fixture
def failure(project: Project) -> tuple[Project, str]:
    """A project with a stored failure, and its fingerprint."""
    project.write({"w.jsonnet": CARELESS})
    return project, found_by_check(project, "w.jsonnet", "--hook", HOOK)


def test_a_failure_becomes_a_case_in_a_new_file_that_passes(failure: tuple[Project, str]) -> None:
    project, fingerprint = failure

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("w.cases.yaml:3:5: no plan: passes\n")
    assert project.read("w.cases.yaml") == (
        "template: w.jsonnet\n"
        "cases:\n"
        "  - name: no plan\n"
        f"    hook: {HOOK}\n"
        "    kratos: v26.2.0\n"
        "    expect: {failed: {kind: missing-field, path: flow.transient_payload.plan}}\n"
    )
    assert project.run_command("test", "-q").code == 0


def test_a_file_that_is_there_keeps_every_character(failure: tuple[Project, str]) -> None:
    project, fingerprint = failure
    there = (
        "# what it does\ntemplate:   'w.jsonnet'\nhook: login.after.password # where\n\ncases:\n"
        "- name: a  # first\n  expect:  failed\n\n# the end\n"
    )
    project.write({"w.cases.yaml": there})

    assert project.run("replay", fingerprint, "--as-case", "no plan").code == 0

    text = project.read("w.cases.yaml")
    before, added, after = text.partition("- name: no plan\n")
    assert (before, added, text.endswith("\n\n# the end\n")) == (there[: there.index("\n# the end")], added, True)
    assert after.startswith(f"  hook: {HOOK}\n  kratos: v26.2.0\n")


def test_what_is_fixed_is_expected_as_it_renders(failure: tuple[Project, str]) -> None:
    project, fingerprint = failure
    project.write({"w.jsonnet": CAREFUL})

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert (done.code, done.out.splitlines()[0][:5]) == (0, "FIXED")
    assert "    expect: {payload: {plan: null}}\n" in project.read("w.cases.yaml")
    assert project.run("replay").code == 2


def test_a_body_inside_a_config_has_a_case_file_beside_the_config(project: Project) -> None:
    body = f"base64://{base64.b64encode(CARELESS.encode()).decode()}"
    action = {"hook": "web_hook", "config": {"url": "https://example.org", "method": "POST", "body": body}}
    flows = {"registration": {"after": {"password": {"hooks": [action]}}}}
    project.write({"kratos.json": {"selfservice": {"methods": {"password": {"enabled": True}}, "flows": flows}}})
    fingerprint = found_by_check(project, "--config", "kratos.json")

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert done.code == 0, done.err
    text = project.read("kratos-registration-after-password-0.cases.yaml")
    assert text.startswith('template: "kratos.json::registration.after.password[0]"\n')


def test_a_file_whose_own_edits_get_in_the_way_is_told(failure: tuple[Project, str]) -> None:
    project, fingerprint = failure
    there = (
        f"template: w.jsonnet\nhook: {HOOK}\ngiven: {{identity.traits.email: x@y.z}}\n"
        "cases: [{name: a, expect: failed}]\n"
    )
    template = (
        "function(ctx) { a: if ctx.identity.traits.email == 'x@y.z' then error 'other', "
        "b: ctx.flow.transient_payload.plan }"
    )
    project.write({"w.jsonnet": template, "w.cases.yaml": there})

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert (done.code, done.out, project.read("w.cases.yaml")) == (2, "", there)
    assert done.err == (f"error: no case leads to what {fingerprint} shows\n  hint: its ctx is in w.no-plan.json\n")


def test_what_no_edits_lead_to_is_a_fixture(failure: tuple[Project, str]) -> None:
    project, fingerprint = failure
    project.monkeypatch.setattr("jsonnet_ctx.cli.as_case.case_words", lambda *_: None)

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert done.code == 0, done.err
    assert "    fixture: w.no-plan.json\n    expect: {failed: {kind: " in project.read("w.cases.yaml")
    assert project.run_command("test", "-q").code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--as-case", "a"), "error: --as-case takes one failure\n  hint: name it: "),
        (
            ("{id}", "--as-case", "a::b"),
            "error: a case cannot be named 'a::b'\n  hint: a name is one line",
        ),
        (("{id}", "--as-case", " "), "error: a case cannot be named ' '\n"),
        (("{id}", "--as-case", "there"), "error: w.cases.yaml has a case named 'there' already\n"),
        (("0000", "--as-case", "a"), "error: unknown stored failure: '0000'\n"),
    ],
)
def test_what_can_be_no_case_is_told_and_nothing_is_written(
    failure: tuple[Project, str], args: tuple[str, ...], message: str
) -> None:
    project, fingerprint = failure
    there = f"template: w.jsonnet\nhook: {HOOK}\ncases: [{{name: there, expect: failed}}]\n"
    project.write({"w.cases.yaml": there})

    done = project.run("replay", *(arg.replace("{id}", fingerprint) for arg in args))

    assert (done.code, done.out, project.read("w.cases.yaml")) == (2, "", there)
    assert done.err.startswith(message)
    assert sorted(path.name for path in project.root.glob("*.json")) == []


@pytest.mark.parametrize("content", [b"", b"\xff", b"cases: {", b"template: w.jsonnet\n"])
def test_a_case_file_that_is_broken_stays_as_it_is(failure: tuple[Project, str], content: bytes) -> None:
    project, fingerprint = failure
    project.write({"w.cases.yaml": content})

    done = project.run("replay", fingerprint, "--as-case", "no plan")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: w.cases.yaml")
    assert (project.root / "w.cases.yaml").read_bytes() == content


WORDS: dict[str, Any] = {"name": "one", "expect": "failed"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cases:\n- a: 1", "cases:\n- a: 1\n- name: one\n  expect: failed\n"),
        (
            "cases:\r\n  - a: 1\r\nhook: x\r\n",
            "cases:\r\n  - a: 1\r\n  - name: one\r\n    expect: failed\r\nhook: x\r\n",
        ),
        ("cases: [{a: 1}]\nhook: x\n", "cases: [{a: 1}, {name: one, expect: failed}]\nhook: x\n"),
        ("{cases: [{a: 1},\n ]}", "{cases: [{a: 1}, {name: one, expect: failed}]}"),
        (
            "cases:\n  - a: |\n      text\n      # no comment\n\n  # about nothing\nhook: x\n",
            "cases:\n  - a: |\n      text\n      # no comment\n  - name: one\n    expect: failed\n"
            "\n  # about nothing\nhook: x\n",
        ),
        ("\ufeffcases:\n  - a: é\n", "\ufeffcases:\n  - a: é\n  - name: one\n    expect: failed\n"),
    ],
)
def test_a_case_is_added_at_the_end_of_the_list(text: str, expected: str) -> None:
    assert appended(text, WORDS, "w.cases.yaml") == expected
