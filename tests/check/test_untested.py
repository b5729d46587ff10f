"""JC002: a template that no test names, in a project that has case files."""

from typing import Any

from harness import Project

HOOK = ("--hook", "login.after.password")
TEMPLATE = "function(ctx) { id: ctx.identity.id }\n"
CASES = (
    "template: tested.jsonnet\nhook: login.after.password\ncases:\n  - {name: a, expect: {paths: {id: {length: 36}}}}\n"
)


def _told(project: Project, *paths: str) -> list[dict[str, Any]]:
    report = project.run("check", *paths, *HOOK, "--select", "JC002", "--format", "json").json()
    return [finding for finding in report["findings"] if finding["rule"] == "JC002"]


def test_a_template_without_cases_is_told_where_another_has_some(project: Project) -> None:
    project.write({"tested.jsonnet": TEMPLATE, "new.jsonnet": TEMPLATE, "tested.cases.yaml": CASES})

    (finding,) = _told(project, "tested.jsonnet", "new.jsonnet")

    assert (finding["severity"], finding["location"]) == ("info", {"path": "new.jsonnet", "line": 1, "column": 1})
    assert finding["message"] == "no case says what this template sends"
    assert finding["hint"] == "jsonnet-ctx new new.jsonnet writes a first one"


def test_a_project_without_case_files_is_left_alone(project: Project) -> None:
    project.write({"new.jsonnet": TEMPLATE})

    assert _told(project, "new.jsonnet") == []


def test_a_python_test_counts(project: Project) -> None:
    project.write({"tested.jsonnet": TEMPLATE, "new.jsonnet": TEMPLATE, "tested.cases.yaml": CASES})
    project.write({"tests/test_new.py": "TEMPLATE = 'new.jsonnet'\n"})

    assert _told(project, "new.jsonnet") == []


def test_a_comment_takes_it_back(project: Project) -> None:
    text = "// jsonnet-ctx: ignore-file[JC002] the receiver ignores it\n" + TEMPLATE
    project.write({"tested.jsonnet": TEMPLATE, "new.jsonnet": text, "tested.cases.yaml": CASES})

    assert _told(project, "new.jsonnet") == []
