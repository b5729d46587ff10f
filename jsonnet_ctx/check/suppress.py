"""Suppression: findings that a comment in the template takes back, with the reason it has to give."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.verdict import by_place
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.suppress import Suppression, suppressions

_HOW = "write // jsonnet-ctx: ignore[JC101] and why"


def unexplained_suppression(template: Template, suppression: Suppression) -> Finding:
    """A comment takes findings back and does not say why, or names a rule that there is not.

    Write `// jsonnet-ctx: ignore[JC101] mobile clients always send it`; without a reason the
    finding is told nevertheless.
    """
    what = "names no rule" if not suppression.rules else "gives no reason"
    return _finding(template, suppression, f"this comment {what}, so it takes nothing back")


def _unknown_rule(template: Template, suppression: Suppression, known: Collection[str]) -> Finding:
    unknown = next(name for name in suppression.rules if name not in known)
    near = get_close_matches(unknown, sorted(known), n=1)
    hint = f"did you mean {near[0]}?" if near else "a rule is named by its id (JC101) or its slug (missing-field)"
    return _finding(template, suppression, f"there is no rule {unknown}, so this takes nothing back", hint)


def _finding(template: Template, suppression: Suppression, message: str, hint: str = _HOW) -> Finding:
    line, column = line_column(template.text, suppression.span[0])
    return Finding(
        rule="JC001",
        slug="unexplained-suppression",
        severity=Severity.WARNING,
        message=message,
        location=Location(template.name, line, column),
        hint=hint,
        template=template.name,
        source=template.text.split("\n")[line - 1],
        underline=(column - 1, column + 1),
        subject=f"line {line}",
    )


SUPPRESSION_RULE = Rule("JC001", "unexplained-suppression", unexplained_suppression)


def apply_suppressions(
    findings: Iterable[Finding], templates: Iterable[Template], known: Collection[str]
) -> tuple[tuple[Finding, ...], int]:
    """The findings that no explained comment takes back, the comments at fault, and how many were taken back.

    ``known`` are the ids and slugs of the rules.
    """
    by_name = {template.name: suppressions(template.text) for template in templates}
    texts = {template.name: template for template in templates}
    found = list(findings)
    kept = [finding for finding in found if not _taken_back(finding, by_name.get(finding.template or "", ()))]
    every = [(texts[name], suppression) for name, listed in by_name.items() for suppression in listed]
    wrong = [unexplained_suppression(*one) for one in every if not (one[1].reason and one[1].rules)]
    wrong += [_unknown_rule(*one, known) for one in every if one[1].reason and not {*one[1].rules} <= {*known}]
    return tuple(sorted((*kept, *wrong), key=by_place)), len(found) - len(kept)


def _taken_back(finding: Finding, listed: Iterable[Suppression]) -> bool:
    return any(
        suppression.reason
        and (
            suppression.covers(finding.rule, finding.location.line)
            or suppression.covers(finding.slug, finding.location.line)
        )
        for suppression in listed
    )
