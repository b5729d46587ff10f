"""Suppression: findings that a comment in the template takes back, with the reason it has to give."""

from collections.abc import Iterable

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.suppress import Suppression, suppressions


def unexplained_suppression(template: Template, suppression: Suppression) -> Finding:
    """A comment takes findings back and does not say why.

    Write `// jsonnet-ctx: ignore[JC101] mobile clients always send it`; without a reason the
    finding is told nevertheless.
    """
    line, column = line_column(template.text, suppression.span[0])
    what = "names no rule" if not suppression.rules else "gives no reason"
    return Finding(
        rule="JC001",
        slug="unexplained-suppression",
        severity=Severity.WARNING,
        message=f"this comment {what}, so it takes nothing back",
        location=Location(template.name, line, column),
        hint="write // jsonnet-ctx: ignore[JC101] and why",
        template=template.name,
        source=template.text.split("\n")[line - 1],
        underline=(column - 1, column + 1),
        subject=f"line {line}",
    )


SUPPRESSION_RULE = Rule("JC001", "unexplained-suppression", unexplained_suppression)


def apply_suppressions(findings: Iterable[Finding], templates: Iterable[Template]) -> tuple[tuple[Finding, ...], int]:
    """The findings that no explained comment takes back, the unexplained comments, and how many were taken back."""
    by_name = {template.name: suppressions(template.text) for template in templates}
    texts = {template.name: template for template in templates}
    found = list(findings)
    kept = [finding for finding in found if not _taken_back(finding, by_name.get(finding.template or "", ()))]
    unexplained = [
        unexplained_suppression(texts[name], suppression)
        for name, listed in by_name.items()
        for suppression in listed
        if not (suppression.reason and suppression.rules)
    ]
    return (*kept, *unexplained), len(found) - len(kept)


def _taken_back(finding: Finding, listed: Iterable[Suppression]) -> bool:
    return any(
        suppression.reason
        and (
            suppression.covers(finding.rule, finding.location.line)
            or suppression.covers(finding.slug, finding.location.line)
        )
        for suppression in listed
    )
