"""Every rule on wiring finds its bad configuration at the marked lines, and nothing is wrong with its good one."""

import re
import shutil
from pathlib import Path

import pytest

from jsonnet_ctx.check.plan import Request, plan
from jsonnet_ctx.check.run import check
from jsonnet_ctx.check.wiring import WIRING_RULES
from jsonnet_ctx.finding import Finding, Severity

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
_NO_FILE = {"JC418"}
"""A body of more than a megabyte is made by the test that needs one."""


def _configs(verdict: str) -> list[Path]:
    return sorted(FIXTURES.glob(f"*/{verdict}/kratos.yml"))


def _rule(path: Path) -> str:
    return path.parents[1].name


def _found(config: Path, project: Path) -> tuple[Finding, ...]:
    """The findings of a copy of the configuration's folder, which is a project of its own with a template beside it."""
    (project / ".git").mkdir(parents=True)
    (project.parent / "elsewhere.jsonnet").write_text("{}", encoding="utf-8")
    shutil.copytree(config.parent, project, dirs_exist_ok=True)
    return check(plan(Request(paths=(), root=project, config=project / "kratos.yml"))).findings


@pytest.mark.parametrize("config", _configs("bad"), ids=_rule)
def test_a_bad_configuration_is_found_where_it_is_marked(config: Path, tmp_path: Path) -> None:
    lines = config.read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if re.search(rf"  # {_rule(config)}$", line)]
    found = [finding for finding in _found(config, tmp_path / "project") if finding.rule == _rule(config)]
    assert marked
    assert [finding.location.line for finding in found] == marked


@pytest.mark.parametrize("config", _configs("good"), ids=_rule)
def test_nothing_is_wrong_with_a_good_configuration(config: Path, tmp_path: Path) -> None:
    found = _found(config, tmp_path / "project")
    assert [
        finding.message for finding in found if finding.rule == _rule(config) or finding.severity > Severity.INFO
    ] == []


def test_a_template_of_more_than_a_megabyte_is_not_read(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "JC415" / "good", tmp_path / "config")
    (tmp_path / "config" / "before.jsonnet").write_text("//" + "x" * 1024 * 1024 + "\n{}", encoding="utf-8")
    found = _found(tmp_path / "config" / "kratos.yml", tmp_path / "project")
    assert [(finding.rule, finding.location.line) for finding in found] == [("JC418", 11)]


def test_every_rule_on_wiring_has_a_bad_and_a_good_configuration() -> None:
    for verdict in ("bad", "good"):
        assert {rule.id for rule in WIRING_RULES} == {_rule(path) for path in _configs(verdict)} | _NO_FILE
