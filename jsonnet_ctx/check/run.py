"""The main job: search every target of a plan and say what was found."""

import time
from collections.abc import Callable

from jsonnet_ctx.check.broken import Broken
from jsonnet_ctx.check.cancel_rules import CANCEL_RULES
from jsonnet_ctx.check.contract_rules import CONTRACT_RULES
from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.leak_rules import leaks
from jsonnet_ctx.check.limit_rules import client_over_limit
from jsonnet_ctx.check.literals import literals_of
from jsonnet_ctx.check.output_rules import large_integer_sent
from jsonnet_ctx.check.plan import Plan
from jsonnet_ctx.check.rules import OUTPUT_RULES, RULE_NAMES, SUBJECT_RULES
from jsonnet_ctx.check.search import found, search
from jsonnet_ctx.check.state import Effort, Learned
from jsonnet_ctx.check.subject import subjects_of
from jsonnet_ctx.check.suppress import apply_suppressions
from jsonnet_ctx.check.target import Target, targets_of
from jsonnet_ctx.check.untested import untested_findings
from jsonnet_ctx.check.verdict import findings_of, merged
from jsonnet_ctx.check.wiring import wiring_findings
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Finding, Location
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen, replace

EASY = Effort()


class Checked(Frozen):
    """What a check found, and what it tried to find it.

    ``faults`` stand behind the findings on evaluation, ``broken`` behind those on contracts;
    ``contexts`` counts evaluations, ``refusals`` those that an ``error`` or ``assert`` of the author
    ended; ``hooks`` are ids, ``left`` the bindings at hook points that the time did not suffice for.
    """

    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    broken: tuple[Broken, ...]
    templates: int
    bindings: int
    hooks: tuple[str, ...]
    contexts: int
    refusals: int
    suppressed: int
    left: int
    seconds: float
    engine: str


def check(
    plan: Plan,
    *,
    effort: Effort = EASY,
    engine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check every binding of a plan; ``progress`` hears of every target that begins, and of the end.

    ``effort`` bounds what the search of each target may cost; what its deadline leaves out is counted.
    """
    begin = time.perf_counter()
    tell = progress or (lambda done, of: None)
    targets = all_targets(plan)
    if targets:
        shared_engine(targets[0].kratos, engine).begin()
    faults: list[Fault] = []
    broken: list[Broken] = []
    subjects = subjects_of(targets)
    noticed = [finding for subject in subjects for rule in SUBJECT_RULES for finding in rule.apply(subject)]
    noticed += untested_findings((target.template for target in targets), plan.root)
    literals = {target.template: literals_of(target.template.text) for target in targets}
    learned = {target.template: Learned() for target in targets}
    raised: dict[Template, set[tuple[Location, str]]] = {target.template: set() for target in targets}
    contexts = refusals = left = 0
    for done, target in enumerate(targets):
        tell(done, len(targets))
        if effort.deadline is not None and time.perf_counter() > effort.deadline:
            left = len(targets) - done
            break
        worker = shared_engine(target.kratos, engine)
        state = search(target, worker, literals[target.template], learned[target.template], effort)
        faults += found(state)
        noticed += [finding for rule in (*OUTPUT_RULES, *CONTRACT_RULES) for finding in rule.apply(state)]
        noticed += (*client_over_limit(state), *large_integer_sent(state), *leaks(state))
        raised[target.template] |= state.raised
        broken += state.broken.values()
        contexts += state.evaluations
        refusals += state.refusals
    tell(len(targets), len(targets))
    for subject in subjects:
        noticed += [found for rule in CANCEL_RULES for found in rule.apply(subject, raised[subject.template])]
    told, templates = merged((*findings_of(faults), *noticed)), dict.fromkeys(target.template for target in targets)
    findings, suppressed = apply_suppressions(told, templates, RULE_NAMES)
    return Checked(
        findings=(*findings, *_wiring(plan)),
        faults=tuple(faults),
        broken=tuple(broken),
        templates=len({target.template.name for target in targets}),
        bindings=len({binding.address for part in plan.parts for binding in part.bindings}),
        hooks=tuple(dict.fromkeys(target.hook.id for target in targets)),
        contexts=contexts,
        refusals=refusals,
        suppressed=suppressed,
        left=left,
        seconds=time.perf_counter() - begin,
        engine=shared_engine(plan.parts[-1].kratos, engine).label,
    )


def all_targets(plan: Plan) -> list[Target]:
    """Every target of a plan, in its order."""
    return [
        target for part in plan.parts for binding in part.bindings for target in targets_of(binding, (part.kratos,))
    ]


def _wiring(plan: Plan) -> list[Finding]:
    """The findings on wiring, once each, with those of the plan's versions in which they hold."""
    versions = [part.kratos for part in plan.parts]
    found = (finding for part in plan.parts for config in part.configs for finding in wiring_findings(config))
    held = (
        replace(finding, kratos=tuple(version for version in versions if version in finding.kratos))
        for finding in found
    )
    return list(dict.fromkeys(held))
