"""Bodies without a template as problems: how bad, and what becomes of the call."""

from pathlib import Path
from typing import Any

import pytest
from kratos_yaml import loaded, web_hook, wired

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.project.problem import Problem


def _only(folder: Path, action: Any) -> Problem:
    (problem,) = loaded(folder, wired({"registration.after.password": [action]})).problems
    return problem


@pytest.mark.parametrize(
    ("body", "slug", "severity", "effect"),
    [
        (None, "missing-body", Severity.ERROR, "every call fails"),
        ("base64://!", "lax-base64", Severity.ERROR, "every call fails"),
        ("base64://MQ==\n", "lax-base64", Severity.ERROR, "kratos refuses to start with this config"),
        ("json://{}", "unknown-scheme", Severity.ERROR, "every call fails"),
        ("file://nope.jsonnet", "template-not-found", Severity.ERROR, "every call fails"),
        ("https://example.com/x.jsonnet", "remote-body", Severity.INFO, "the template is not checked"),
        ("file:///../../../outside.jsonnet", "template-not-found", Severity.ERROR, "every call fails"),
    ],
)
def test_bodies_without_a_template_are_problems(
    tmp_path: Path, body: str | None, slug: str, severity: Severity, effect: str
) -> None:
    problem = _only(tmp_path, web_hook(body=body))
    assert (problem.slug, problem.severity, problem.effect) == (slug, severity, effect)
    assert problem.address == "kratos.yml::registration.after.password[0]"
    assert problem.hooks == ("registration.after.password.post_persist",)


def test_an_ignored_hook_without_a_template_fails_in_silence(tmp_path: Path) -> None:
    problem = _only(tmp_path, web_hook(body=None, response={"ignore": True}))
    assert problem.effect == "no call is sent, and nobody sees it but the log"


def test_a_dead_hook_without_a_template_is_only_worth_a_remark(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"settings.after": [web_hook(body=None, can_interrupt=True)]}))
    assert [(problem.slug, problem.severity) for problem in config.problems] == [
        ("dead-hook", Severity.ERROR),
        ("missing-body", Severity.INFO),
    ]


def test_a_bare_path_is_deprecated(tmp_path: Path) -> None:
    (tmp_path / "a.jsonnet").write_text("1")
    problem = _only(tmp_path, web_hook(body="a.jsonnet"))
    assert (problem.slug, problem.severity, problem.hint) == (
        "deprecated-bare-path",
        Severity.INFO,
        "write file://a.jsonnet",
    )
