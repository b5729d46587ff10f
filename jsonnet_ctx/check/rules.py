"""Every rule, in one visible tuple, and how rules are named on the command line."""

from collections.abc import Iterable, Sequence

from jsonnet_ctx.check.baseline import BASELINE_RULE
from jsonnet_ctx.check.cancel_rules import CANCEL_RULES
from jsonnet_ctx.check.contract_rules import CONTRACT_RULES
from jsonnet_ctx.check.fault_rules import FAULT_RULES
from jsonnet_ctx.check.null_rules import NULL_RULES
from jsonnet_ctx.check.output_rules import OUTPUT_RULES as PAYLOAD_RULES
from jsonnet_ctx.check.privacy_rules import PRIVACY_RULES
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.suppress import SUPPRESSION_RULE
from jsonnet_ctx.check.text_rules import TEXT_RULES
from jsonnet_ctx.check.untested import UNTESTED_RULE
from jsonnet_ctx.check.wiring import WIRING_RULES
from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.finding import Finding

SUBJECT_RULES: tuple[Rule, ...] = (*TEXT_RULES, *PRIVACY_RULES)
"""The rules that look at a parsed template."""

OUTPUT_RULES: tuple[Rule, ...] = (*PAYLOAD_RULES, *NULL_RULES)
"""The rules that look at what a search rendered."""

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            SUPPRESSION_RULE,
            UNTESTED_RULE,
            BASELINE_RULE,
            *FAULT_RULES,
            *SUBJECT_RULES,
            *CANCEL_RULES,
            *OUTPUT_RULES,
            *CONTRACT_RULES,
            *WIRING_RULES,
        ),
        key=lambda rule: rule.id,
    )
)


RULE_NAMES = frozenset(word for rule in RULES for word in (rule.id, rule.slug))
"""What a comment in a template can name."""


def rule_page(name: str) -> str | None:
    """The documentation page of a rule by id or slug, with its heading; None for an unknown name."""
    rule = next((rule for rule in RULES if name.upper() == rule.id or name == rule.slug), None)
    return None if rule is None else f"{rule.id} {rule.slug}\n\n{rule.page}\n"


def chosen_rules(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The ids of the rules that count: all, or the selected ones, without the ignored ones.

    A name is an id, a slug or the beginning of ids (``JC1``). Raises UnknownName.
    """
    chosen = _named(select) if select else {rule.id for rule in RULES}
    return frozenset(chosen - _named(ignore))


def only(findings: Iterable[Finding], rules: frozenset[str]) -> tuple[Finding, ...]:
    """The findings of the chosen rules."""
    return tuple(finding for finding in findings if finding.rule in rules)


def _named(names: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for name in (part.strip() for text in names for part in text.split(",")):
        ids = {rule.id for rule in RULES if rule.id.startswith(name.upper()) or rule.slug == name}
        if not ids or not name:
            raise UnknownName("rule", name, [word for rule in RULES for word in (rule.id, rule.slug)])
        found |= ids
    return found
