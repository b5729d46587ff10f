"""Snapshots: written only when asked, missing and unused ones fail, CI never writes."""

import json
from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.cases.snapshot import slug, writing_is_refused

CASES = """
    template: w.jsonnet
    hook: login.after.password
    given: {identity.traits: {email: ann@example.org}}
    cases:
      - {name: sends the e-mail, expect: {snapshot: true}}
      - {name: at both stages, hook: registration.after.oidc, expect: {snapshot: true}}
      - {name: plain, expect: {contains: {email: ann@example.org}}}
"""
# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest")
FLAG = "--jsonnet-ctx-update-snapshots"
FILES = [
    "__snapshots__/w/at-both-stages-registration.after.oidc.post_persist.json",
    "__snapshots__/w/at-both-stages-registration.after.oidc.pre_persist.json",
    "__snapshots__/w/sends-the-e-mail.json",
]


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with a case file whose snapshots are not written yet."""
    return project.write({"w.jsonnet": "function(ctx) {z: 1, email: ctx.identity.traits.email}", "w.cases.yaml": CASES})


def files(project: Project) -> list[str]:
    """Every file below a snapshot folder."""
    found = (path for path in project.root.rglob("*") if path.is_file() and "__snapshots__" in path.parts)
    return sorted(path.relative_to(project.root).as_posix() for path in found)


def test_a_missing_snapshot_fails_and_is_not_written(shop: Project) -> None:
    done = shop.run_pytest(*QUICK)

    assert (done.code, files(shop)) == (1, [])
    assert "expected the file __snapshots__/w/sends-the-e-mail.json got no such file" in done.out


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_snapshots_are_written_when_asked_one_file_a_case(shop: Project, more: tuple[str, ...]) -> None:
    done = shop.run_pytest(*QUICK, FLAG, *more)

    assert (done.code, files(shop)) == (0, FILES)
    assert shop.read(FILES[2]) == '{\n  "email": "ann@example.org",\n  "z": 1\n}\n'
    assert shop.run_pytest(*QUICK, *more).code == 0


def test_a_payload_that_differs_is_told_and_its_snapshot_stays(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"w.jsonnet": "function(ctx) {z: 2, email: ctx.identity.traits.email}"})

    done = shop.run_pytest(*QUICK, "-k", "sends")

    assert done.code == 1
    assert "payload.z: expected 1 got 2\n    w.jsonnet:1\n" in done.out
    assert json.loads(shop.read(FILES[2]))["z"] == 1


def test_an_unused_snapshot_fails_by_name_in_a_full_run_only(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"__snapshots__/w/old.json": {}})

    full, part = shop.run_pytest(*QUICK), shop.run_pytest(*QUICK, "-k", "sends or plain")

    assert (full.code, part.code) == (1, 0)
    assert "__snapshots__/w/old.json: no case has this snapshot" in full.out
    assert shop.run_pytest(*QUICK, "w.cases.yaml::plain").code == 0


def test_an_unused_snapshot_goes_when_snapshots_are_written(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"__snapshots__/w/old.json": {}, "__snapshots__/other/kept.json": {}})

    assert shop.run_pytest(*QUICK, FLAG).code == 0
    assert files(shop) == sorted([*FILES, "__snapshots__/other/kept.json"])


def test_snapshots_of_another_case_file_of_the_folder_are_used(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    other = CASES.replace("sends the e-mail", "something else").replace("at both stages", "two")
    shop.write({"v.cases.yaml": other})
    shop.run_pytest(*QUICK, FLAG)

    assert len(files(shop)) == 2 * len(FILES)
    assert shop.run_pytest(*QUICK, "v.cases.yaml").code == 0


@pytest.mark.parametrize("words", ["old", "snapshot"])
def test_words_never_choose_an_unused_snapshot(shop: Project, words: str) -> None:
    shop.write({"__snapshots__/w/old.json": {}})

    done = shop.run_pytest(*QUICK, "-k", words)

    assert done.code == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "old.json" not in done.out


def test_snapshots_of_a_template_that_is_gone_are_unused(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    ours = '{\n  "a": 1\n}\n'
    names = ["gone/ours.json", "test_it/ours.json"]
    shop.write({f"__snapshots__/{name}": ours for name in names})
    shop.write({"__snapshots__/gone/theirs.json": '{"a":1}', "test_it.py": ""})

    done = shop.run_pytest(*QUICK)

    assert "1 failed, 4 passed" in done.out
    assert "__snapshots__/gone/ours.json: no case has this snapshot" in done.out


def test_snapshots_in_a_folder_without_case_files_are_unused_where_the_project_is_ours(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"sub/__snapshots__/w/left.json": '{\n  "a": 1\n}\n'})

    assert shop.run_pytest(*QUICK).code == 0
    shop.write({"jsonnet-ctx.toml": ""})
    done = shop.run_pytest(*QUICK)
    assert done.code == 1
    assert "sub/__snapshots__/w/left.json: no case has this snapshot" in done.out


def test_two_case_files_of_a_template_cannot_share_a_snapshot(shop: Project) -> None:
    shop.write({"x.cases.yaml": CASES})

    done = shop.run_pytest(*QUICK, FLAG, "--continue-on-collection-errors")

    assert "4 passed, 1 error" in done.out
    assert (
        "x.cases.yaml:5:5: two cases share a snapshot\n"
        "hint: 'sends the e-mail' in w.cases.yaml has it: name one of them otherwise\n"
    ) in done.out


def test_a_snapshot_that_cannot_be_written_is_one_line(shop: Project) -> None:
    shop.write({f"{FILES[2]}/in_the_way": ""})

    done = shop.run_pytest(*QUICK, FLAG, "-k", "sends")

    assert done.code == 1
    assert f"cannot write {FILES[2]}: is a directory\n" in done.out
    assert "Traceback" not in done.out
    assert files(shop) == [f"{FILES[2]}/in_the_way"]


def test_a_case_that_fails_otherwise_does_not_write(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES.replace("{snapshot: true}", "{snapshot: true, contains: {z: 2}}")})

    assert shop.run_pytest(*QUICK, FLAG).code == 1
    assert files(shop) == []


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_a_ci_service_never_writes(shop: Project, value: str) -> None:
    done = shop.run_pytest(*QUICK, FLAG, env={"CI": value})

    assert done.code == pytest.ExitCode.USAGE_ERROR
    assert f"refused, as CI is set to '{value}'" in done.err
    assert files(shop) == []


@pytest.mark.parametrize(
    ("value", "refused"), [("", False), ("0", False), ("false", False), ("False", False), ("x", True)]
)
def test_ci_is_anything_but_empty_0_or_false(value: str, refused: bool) -> None:
    assert writing_is_refused({"CI": value}) is refused
    assert not writing_is_refused({})


def test_a_snapshot_that_is_no_json_is_told(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    (shop.root / FILES[2]).write_text("{", encoding="utf-8")

    done = shop.run_pytest(*QUICK, "-k", "sends")

    assert done.code == 1
    assert f"snapshot: expected JSON in {FILES[2]} got Expecting property name" in done.out


def test_names_become_file_names() -> None:
    assert slug("Sends the e-mail: now!") == "sends-the-e-mail-now"
    assert slug("Grüße an Ann") == "grüße-an-ann"
    assert slug("../../etc") == "etc"
    assert len(slug("x" * 500)) < 140
    assert slug("!!!") != slug("???")
    assert Path(slug("a/b\\c")).name == "a-b-c"
