"""The running example: what its team tests passes, wherever and however pytest is started."""

import re
import shutil
from pathlib import Path

import pytest
from harness import Project

EXAMPLE = Path(__file__).parent.parent / "fixtures" / "activate"
PASSED = 6
CASES = 11
# Hypothesis makes a table of all characters once for each storage folder, which takes seconds.
STORAGE = {"HYPOTHESIS_STORAGE_DIRECTORY": str(Path(__file__).parent.parent / ".hypothesis")}


@pytest.fixture
def example(project: Project) -> Project:
    """A copy of the example at the root of a project."""
    shutil.copytree(EXAMPLE, project.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return project


def passed(out: str) -> int:
    """How many tests a pytest run says have passed, if that is all it says."""
    said = re.search(r"^(\d+) passed in ", out, re.MULTILINE)
    return int(said[1]) if said else 0


def test_the_tests_of_the_example_pass_in_its_folder(example: Project) -> None:
    done = example.run_pytest("-q", "--strict-markers", "-W", "error", env=STORAGE)

    assert passed(done.out) == PASSED + CASES, done.out


def test_the_tests_of_the_example_pass_over_several_processes(example: Project) -> None:
    done = example.run_pytest("-q", "-n", "2", "-W", "error", env=STORAGE)

    assert passed(done.out) == PASSED + CASES, done.out


def test_the_tests_of_the_example_pass_from_a_folder_above_in_any_order(project: Project) -> None:
    shutil.copytree(EXAMPLE, project.root / "deploy" / "kratos", ignore=shutil.ignore_patterns("__pycache__", ".*"))

    done = project.run_pytest("-q", "-p", "randomly", "deploy/kratos/test_activate.py", env=STORAGE)

    assert passed(done.out) == PASSED, done.out


def test_the_careless_template_fails_the_same_tests_with_its_place(example: Project) -> None:
    example.write(
        {
            "webhook.activate.jsonnet": (EXAMPLE / "webhook.activate.careless.jsonnet").read_text(encoding="utf-8"),
            # Why an example fails is plain here; finding out by tracing every line takes long.
            "conftest.py": """
                from hypothesis import Phase, settings
                settings.register_profile("brief", phases=[Phase.generate, Phase.shrink])
                settings.load_profile("brief")
            """,
        }
    )

    done = example.run_pytest("-q", "-k", "no_client_can_break_it or sends_no_provider", env=STORAGE)

    assert done.code == 1
    assert done.out.count("webhook.activate.jsonnet:7:13: error missing-field") >= 2
    assert "ctx.flow.transient_payload has no oidc_provider" in done.out


def test_the_careful_config_has_no_findings(example: Project) -> None:
    done = example.run("check", "--config", "kratos.yml")

    assert (done.code, done.err) == (0, "")


def test_the_careless_config_has_the_one_finding_it_was_written_for(example: Project) -> None:
    done = example.run("check", "--config", "kratos.careless.yml", "--format", "json")

    assert done.code == 1
    (finding,) = (finding for finding in done.json()["findings"] if finding["severity"] != "info")
    assert finding["rule"] == "JC101"
    assert finding["location"] == {"path": "webhook.activate.careless.jsonnet", "line": 7, "column": 13}
    assert finding["path"] == "flow.transient_payload.oidc_provider"
    assert finding["hooks"] == ["registration.after.oidc.post_persist"]


def test_the_two_configs_differ_in_nothing_but_the_template() -> None:
    careful = (EXAMPLE / "kratos.yml").read_text(encoding="utf-8")
    careless = (EXAMPLE / "kratos.careless.yml").read_text(encoding="utf-8")

    assert careful.replace("webhook.activate.jsonnet", "webhook.activate.careless.jsonnet") == careless
