"""Every rule finds its bad examples at the marked lines, and no rule finds anything in a good one."""

from pathlib import Path

import pytest
from rule_examples import Example, examples_of_files, examples_of_pages, found_in

from jsonnet_ctx.check.rules import RULES
from jsonnet_ctx.check.wiring import WIRING_RULES
from jsonnet_ctx.finding import Finding, Severity

BAD = examples_of_files("bad")
GOOD = examples_of_files("good")


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_bad_example_is_found_where_it_is_marked(example: Example, tmp_path: Path) -> None:
    found = [finding for finding in found_in(example, tmp_path) if finding.rule == example.rule]
    assert found, f"{example.rule} finds nothing"
    lines = sorted({finding.location.line for finding in found if finding.location.line is not None})
    assert lines == example.lines or not example.lines


@pytest.mark.parametrize("example", GOOD, ids=str)
def test_nothing_is_wrong_with_a_good_example(example: Example, tmp_path: Path) -> None:
    assert _told(found_in(example, tmp_path)) == []


@pytest.mark.parametrize("example", examples_of_pages("bad"), ids=str)
def test_a_rule_finds_the_bad_example_of_its_page(example: Example, tmp_path: Path) -> None:
    assert example.rule in {finding.rule for finding in found_in(example, tmp_path)}


@pytest.mark.parametrize("example", examples_of_pages("good"), ids=str)
def test_nothing_is_wrong_with_the_good_example_of_a_page(example: Example, tmp_path: Path) -> None:
    assert _told(found_in(example, tmp_path)) == []


def test_every_rule_on_templates_has_bad_and_good_examples() -> None:
    with_bad, with_good = ({example.rule for example in examples} for examples in (BAD, GOOD))
    # A baseline and a template without cases have tests of their own: no single template shows them.
    expected = {rule.id for rule in RULES} - {rule.id for rule in WIRING_RULES} - {"JC002", "JC003"}
    assert with_bad >= expected
    assert with_good >= expected


def _told(findings: tuple[Finding, ...]) -> list[str]:
    """Everything that weighs more than a remark."""
    return [
        f"{finding.location.line}: {finding.rule} {finding.message}"
        for finding in findings
        if finding.severity > Severity.INFO
    ]
