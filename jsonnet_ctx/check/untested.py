"""The rule on tests: a template that no case names, in a project that has cases."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.walk import walk_names

_CASE_FILES = (".cases.yaml", ".cases.yml")
_TESTS = (*_CASE_FILES, "_test.py", "conftest.py", ".md")
_MAX_BYTES = 1024 * 1024


def untested_template(template: Template) -> Finding:
    """No case and no test names this template, though others of the project have some.

    `check` finds templates that fail; only a case says that what they send is right. A template
    counts as tested when a case file, a Python test or a Markdown page of the project holds its
    file name. A project without any case file is left alone.
    """
    return Finding(
        rule="JC002",
        slug="untested-template",
        severity=Severity.INFO,
        message="no case says what this template sends",
        location=Location(template.name, 1, 1),
        hint=f"jsonnet-ctx new {template.name} writes a first one",
        template=template.name,
    )


UNTESTED_RULE = Rule("JC002", "untested-template", untested_template)


def untested_findings(templates: Iterable[Template], root: Path) -> Iterator[Finding]:
    """Tell of the template files below ``root`` that no test there names; nothing where there is no case file."""
    files = [Path(folder, name) for folder, name in walk_names(root) if _is_test(name)]
    if not any(path.name.endswith(_CASE_FILES) for path in files):
        return
    texts = [_text(path) for path in files]
    for template in {template.name: template for template in templates if "::" not in template.name}.values():
        name = PurePath(template.name).name
        if not any(name in text for text in texts):
            yield untested_template(template)


def _is_test(name: str) -> bool:
    return name.endswith(_TESTS) or (name.startswith("test_") and name.endswith(".py"))


def _text(path: Path) -> str:
    """What a test says; one that cannot be read names nothing, and running it will tell why."""
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.stat().st_size <= _MAX_BYTES else ""
    except OSError:
        return ""
