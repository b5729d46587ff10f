"""``jsonnet-ctx test``: case files for people who have no pytest habits."""

import pytest
from harness import Project

CASES = """
    template: w.jsonnet
    hook: login.after.password
    given: {identity.traits: {email: ann@example.org}}
    cases:
      - {name: sends the e-mail, expect: {contains: {email: ann@example.org}}}
      - {name: skips nobody, expect: %s}
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with a case file that passes, and tests in Python that must not run."""
    return project.write(
        {
            "w.jsonnet": "function(ctx) {email: ctx.identity.traits.email}",
            "w.cases.yaml": CASES % "{paths: {email: {type: string}}}",
            "test_python.py": "raise SystemExit('never imported')",
            "conftest.py": "raise SystemExit('never imported')",
            "pkg/__init__.py": "raise SystemExit('never imported')",
            "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--no-such-flag'\n",
        }
    )


def test_cases_that_hold_exit_with_0_and_python_is_left_alone(shop: Project) -> None:
    done = shop.run_command("test", "-q")

    assert (done.code, done.err) == (0, ""), done.out
    assert "2 passed" in done.out
    assert "warning" not in done.out


def test_a_case_that_fails_exits_with_1_and_names_the_command_that_runs_it(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES % "cancelled"})

    done = shop.run_command("test")

    assert done.code == 1
    assert "1 failed, 1 passed" in done.out
    assert "  run: jsonnet-ctx test 'w.cases.yaml::skips nobody'\n" in done.out
    assert "1 failed" in shop.run_command("test", "w.cases.yaml::skips nobody").out


def test_a_broken_file_exits_with_2_and_the_others_run(shop: Project) -> None:
    shop.write({"v.cases.yaml": CASES % "{contians: 1}"})

    done = shop.run_command("test", "-q")

    assert done.code == 2
    assert "v.cases.yaml:6:35: unknown word of expect: 'contians'\nhint: did you mean contains?" in done.out
    assert "2 passed, 1 error" in done.out


def test_an_engine_that_is_none_exits_with_2(shop: Project) -> None:
    done = shop.run("test", "--engine", "go-jsonnett")

    assert (done.code, done.out) == (2, "")
    assert done.err == "error: unknown engine: 'go-jsonnett'\n  hint: did you mean go-jsonnet or jsonnet?\n"


def test_an_engine_that_is_not_installed_exits_with_2(shop: Project) -> None:
    done = shop.run("test", "-q", "--engine", "kratos:/no/such/kratos")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: no kratos binary at /no/such/kratos\n")


def test_names_begin_at_the_working_directory_also_outside_of_it(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES % "cancelled", "other/here": ""})

    done = Project(shop.root / "other", shop.monkeypatch).run_command("test", "../w.cases.yaml")

    assert "FAILED ../w.cases.yaml::skips nobody" in done.out


def test_nothing_to_test_exits_with_2(project: Project) -> None:
    done = project.run_command("test")

    assert done.code == 2
    assert "error: nothing to test: no case file, or no case of that name\n" in done.err


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no.cases.yaml", "error: no such file or folder: no.cases.yaml\n"),
        (
            "w.jsonnet",
            "error: w.jsonnet is no case file\n  hint: case files end in .cases.yaml or .cases.yml, pages in .md\n",
        ),
    ],
)
def test_a_path_that_can_hold_no_cases_is_an_error(shop: Project, path: str, message: str) -> None:
    done = shop.run("test", path)

    assert (done.code, done.err) == (2, message)


def test_snapshots_are_written_on_demand_but_not_in_ci(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES % "{snapshot: true}"})

    refused = shop.run_command("test", "--update-snapshots", env={"CI": "true"})
    assert (refused.code, (shop.root / "__snapshots__").exists()) == (2, False)
    assert "error: --update-snapshots: refused, as CI is set to 'true'\n" in refused.err

    assert shop.run_command("test", "-q", "--update-snapshots", "-n", "2").code == 0
    assert shop.read("__snapshots__/w/skips-nobody.json") == '{\n  "email": "ann@example.org"\n}\n'
    assert shop.run_command("test", "-q", env={"CI": "true"}).code == 0


def test_words_choose_cases_and_a_report_is_written(shop: Project) -> None:
    done = shop.run_command("test", "-k", "skips", "--junit-xml", "out.xml")

    assert "1 passed, 1 deselected" in done.out
    assert 'name="skips nobody"' in shop.read("out.xml")
