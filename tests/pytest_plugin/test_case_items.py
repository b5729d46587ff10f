"""Case files in a pytest run: node ids, selection, several processes, reports, broken files."""

import os
import re
import xml.etree.ElementTree as ET

import pytest
from harness import Project

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest")
CASES = """
    template: w.jsonnet
    hook: login.after.password
    given: {identity.traits: {email: ann@example.org}}
    cases:
      - {name: grüßt Ann, expect: {contains: {email: ann@example.org}}}
      - name: at {stage}
        each: [{stage: pre_persist}, {stage: post_persist}]
        hook: "registration.after.oidc.{stage}"
        expect: {paths: {email: {type: string}}}
      - {name: both stages, hook: registration.after.oidc, expect: {payload: {email: wrong}}}
"""
IDS = [
    "w.cases.yaml::grüßt Ann",
    "w.cases.yaml::at pre_persist",
    "w.cases.yaml::at post_persist",
    "w.cases.yaml::both stages[registration.after.oidc.pre_persist]",
    "w.cases.yaml::both stages[registration.after.oidc.post_persist]",
]


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with a case file, of whose five items two fail."""
    return project.write({"w.jsonnet": "function(ctx) {email: ctx.identity.traits.email}", "w.cases.yaml": CASES})


def test_every_case_is_an_item_with_an_id_that_runs_it(shop: Project) -> None:
    listed = shop.run_pytest(*QUICK, "--collect-only").out.splitlines()

    assert listed[: len(IDS)] == IDS
    assert "1 passed" in shop.run_pytest(*QUICK, IDS[0], "-W", "error").out
    assert "1 failed" in shop.run_pytest(*QUICK, IDS[4]).out


def test_words_select_cases(shop: Project) -> None:
    assert "2 passed, 3 deselected" in shop.run_pytest(*QUICK, "-k", "at and not both", "-p", "no:xdist").out


def test_several_processes_give_the_same_results(shop: Project) -> None:
    serial, parallel = shop.run_pytest(*QUICK, "-rA"), shop.run_pytest(*QUICK, "-rA", "-n", "2")

    def results(out: str) -> list[str]:
        return sorted(re.findall(r"^(?:PASSED|FAILED) \S+::.*?(?= - |$)", out, re.MULTILINE))

    assert results(serial.out) == results(parallel.out)
    assert len(results(serial.out)) == len(IDS)


def test_the_failed_ones_run_again(shop: Project) -> None:
    cached = ("-p", "cacheprovider", "-o", "cache_dir=.cache")
    shop.run_pytest(*QUICK, *cached)

    said = shop.run_pytest(*QUICK, *cached, "--lf").out.splitlines()[-1]
    assert "2 failed" in said
    assert "passed" not in said


def test_names_in_a_junit_report_are_unique(shop: Project) -> None:
    shop.run_pytest(*QUICK, "--junit-xml", "out.xml")

    cases = [(case.get("classname"), case.get("name")) for case in ET.parse(shop.root / "out.xml").iter("testcase")]
    assert cases == [("w.cases.yaml", one.partition("::")[2]) for one in IDS]


def test_a_failure_shows_our_text_alone(shop: Project) -> None:
    done = shop.run_pytest(*QUICK, IDS[3])

    shown = done.out.partition("FAILURES")[2].partition("short test summary")[0].splitlines()[2:-1]
    assert shown == [
        "w.cases.yaml:10:5: both stages[registration.after.oidc.pre_persist]",
        "  at registration.after.oidc.pre_persist (kratos v26.2.0, api client)",
        '  payload.email: expected "wrong" got "ann@example.org"',
        "    w.jsonnet:1 from ctx.identity.traits.email",
        "  reads: ctx.identity.traits.email",
        "  run: jsonnet-ctx test 'w.cases.yaml::both stages[registration.after.oidc.pre_persist]'",
    ]


def test_a_broken_file_is_a_collection_error_and_none_of_its_cases_passes(shop: Project) -> None:
    shop.write(
        {"v.cases.yaml": CASES.replace("expect: {payload", "expct: {payload"), "test_it.py": "def test_it(): pass"}
    )

    done = shop.run_pytest(*QUICK, "--continue-on-collection-errors")

    assert "v.cases.yaml:10:56: unknown word of a case: 'expct'\nhint: did you mean expect?\n" in done.out
    assert "2 failed, 4 passed, 1 error" in done.out
    assert shop.run_pytest(*QUICK).code == pytest.ExitCode.INTERRUPTED


def test_five_hundred_cases_are_five_hundred_items(project: Project) -> None:
    rows = "".join(f"      - {{name: case {n}, expect: {{snapshot: true}}}}\n" for n in range(500))
    head = CASES.partition("      -")[0].lstrip("\n")
    project.write({"w.jsonnet": "function(ctx) {email: ctx.identity.traits.email}", "w.cases.yaml": head + rows})

    written = project.run_pytest(*QUICK, "-n", "2", "--jsonnet-ctx-update-snapshots")
    serial = project.run_pytest(*QUICK)

    assert "500 passed" in written.out
    assert "500 passed" in serial.out
    assert len(list(project.root.rglob("__snapshots__/w/*.json"))) == 500


def test_a_project_without_case_files_pays_nothing(project: Project) -> None:
    project.write(
        {"test_it.py": "import sys\ndef test_it():\n    assert 'jsonnet_ctx.cases.case_file' not in sys.modules\n"}
    )

    assert "1 passed" in project.run_pytest(*QUICK).out


@pytest.mark.parametrize("kind", ["a link to nowhere", "a link to itself", "a folder", "a pipe"])
def test_what_is_called_like_a_case_file_and_is_none_is_an_error(shop: Project, kind: str) -> None:
    odd = shop.root / "v.cases.yaml"
    if kind == "a folder":
        odd.mkdir()
    elif kind == "a pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to("gone.yaml" if kind == "a link to nowhere" else "v.cases.yaml")

    done = shop.run_pytest(*QUICK, "--continue-on-collection-errors")

    assert done.code == pytest.ExitCode.TESTS_FAILED
    assert "2 failed, 3 passed, 1 error" in done.out
    assert "v.cases.yaml: " in done.out


def test_an_engine_that_is_none_is_an_error_and_no_failed_case(shop: Project) -> None:
    shop.write({"jsonnet-ctx.toml": "engine = 'go-jsonnett'\n"})

    done = shop.run_pytest(*QUICK)

    assert done.code == pytest.ExitCode.INTERRUPTED
    assert "unknown engine: 'go-jsonnett'\nhint: did you mean go-jsonnet" in done.out


def test_a_broken_file_does_not_keep_the_first_file_of_its_folder_from_running(shop: Project) -> None:
    shop.write({"x.cases.yaml": CASES.replace("expect: {payload", "expct: {payload"), "__snapshots__/w/old.json": {}})

    done = shop.run_pytest(*QUICK, "--continue-on-collection-errors")

    assert "2 failed, 3 passed, 1 error" in done.out
