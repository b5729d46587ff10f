"""The search: every reachable single edit of what a template reads, and of what that makes it read.

The read set is traced, so only edits that can matter are tried. An edit that makes the template
read something new opens that for edits too, which reaches pairs along guards. A failure is always
the exact path's word.
"""

from collections import Counter, deque
from typing import Any

from jsonnet_ctx.check.bases import Base, base_contexts
from jsonnet_ctx.check.contract_search import guesses, note_bases, note_other_bases, note_payload
from jsonnet_ctx.check.fault import Fault, FaultKey
from jsonnet_ctx.check.fuzz import fuzz
from jsonnet_ctx.check.literals import Literals
from jsonnet_ctx.check.mask import masked
from jsonnet_ctx.check.possible import is_possible
from jsonnet_ctx.check.repair import Repair, repair
from jsonnet_ctx.check.state import Effort, Learned, SearchState, is_accident
from jsonnet_ctx.check.step import Step, deciding_traits, freed_traits, reachable_edits, signature
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.context.vary import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Failed, Rendered, TemplateError
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.engine.verdict import JSON
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.traits import has_conditions
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.records import replace

MAX_DEPTH = 3
MAX_MASKS = 12
MAX_RENDERED = 40
MAX_WAYS = 2
"""Edits of one step that make the template read the same new paths: more of them open nothing more."""
MOST_LACKING = 10
"""Fields of one object that a client sends too little of."""
_HOPELESS = frozenset({"syntax", "entry-point", "content-type", "timeout", "memory", "stack", "worker-died"})
_OF_TYPES = frozenset({"type", "null-index", "index-out-of-range"})
_OF_VALUES = frozenset({"type", "index-out-of-range"})
"""What a value does wrong; one that was only put where nothing can stand does not count."""


def search(
    target: Target,
    engine: Engine,
    literals: Literals,
    learned: Learned,
    effort: Effort,
) -> SearchState:
    """Find every fault of one target that a reachable ctx shows.

    ``effort`` bounds what it may cost.
    """
    state = SearchState(
        target, base_contexts(target), engine, target.template, literals, learned, deadline=effort.deadline
    )
    if not state.bases or _is_hopeless(state):
        return state
    lacks = False
    for _ in range(MAX_MASKS):
        if state.is_over:
            break
        stuck = _search_bases(state, effort)
        lacks = lacks or (stuck is not None and stuck.kind == "std-missing")
        text = masked(state.template.text, stuck) if stuck is not None else None
        if text is not None:
            state.template = replace(state.template, text=text)
        elif lacks and state.engine.kratos != LATEST:
            # What stands behind a std function that is missing shows under a Kratos that has it.
            state.engine = shared_engine(LATEST, state.engine.name)
            state.template = target.template
        else:
            break
        state.handled.clear()
    return state


def _is_hopeless(state: SearchState) -> bool:
    """Whether the template fails in a way that no ctx changes; that is noted without trying them all.

    A template that is no Jsonnet or takes ctx wrongly, and one that runs away: each try of that
    costs Kratos's whole second. Of a Content-Type that Kratos refuses the template knows nothing: it is
    searched as if it were JSON.
    """
    base = state.bases[0]
    if state.learned.hopeless is None:
        error = _hopeless(state, base)
        if error is not None and error.kind == "content-type":
            state.keep(Fault(state.target, error, (), base.ctx, base.scenario.client))
            state.content_type = JSON
            error = _hopeless(state, base)
        state.learned.hopeless = error
    if state.learned.hopeless is not None:
        state.keep(Fault(state.target, state.learned.hopeless, (), base.ctx, base.scenario.client))
    return state.learned.hopeless is not None


def _hopeless(state: SearchState, base: Base) -> TemplateError | None:
    outcome = state.trace([base.ctx])[0].outcome
    return outcome.error if isinstance(outcome, Failed) and outcome.error.kind in _HOPELESS else None


def _search_bases(state: SearchState, effort: Effort) -> TemplateError | None:
    """Search from every base ctx; the failure that cannot be got past, where there is one."""
    bases = state.bases
    full = {base.scenario.name: base.ctx for base in bases if not base.minimal}
    stuck = None
    traces = state.trace([base.ctx for base in bases])
    note_bases(state, traces)
    for base, trace in zip(bases, traces, strict=True):
        if state.is_over:
            break
        if isinstance(trace.outcome, Rendered):
            state.rendered.append((base, trace.outcome))
        state.refusals += isinstance(trace.outcome, Failed) and not is_accident(trace.outcome)
        mended = repair(state, base, trace, full[base.scenario.name])
        last = mended.trace.outcome
        note_payload(state, base, last, guesses(mended.edits), mended.ctx, start=trace.outcome)
        if isinstance(last, Failed) and is_accident(last):
            stuck = stuck or last.error
        elif _explore(state, base, mended) and effort.examples and not state.learned.fuzzed:
            state.learned.fuzzed = True
            first = Step(mended.ctx, mended.trace.reads | mended.trace.tests, frozenset())
            fuzz(state, base, mended, reachable_edits(state, base, first), examples=effort.examples, seed=effort.seed)
        for fault in mended.faults:
            if fault.key not in state.faults or not fault.possible:
                state.keep(fault)
    note_other_bases(state, traces)
    return stuck


def _explore(state: SearchState, base: Base, mended: Repair) -> bool:
    """Try every edit of the read set, then of what those edits make the template read.

    Tells whether an edit changed what is read, which only a template that branches does.
    """
    branches = False
    schema = state.target.schema_document
    schema = schema if schema is not None and has_conditions(schema) else None
    reads = mended.trace.reads | mended.trace.tests
    deciding = frozenset(deciding_traits(base.shape, reads)) if schema is not None else frozenset()
    queue = deque([Step(mended.ctx, reads | deciding, reads)])
    while queue and not state.is_over:
        step = queue.popleft()
        chosen = reachable_edits(state, base, step)
        sign = signature(step, chosen)
        if sign in state.handled:
            continue
        state.handled.add(sign)
        opened: Counter[frozenset[Path]] = Counter()
        contexts = [apply_edit(step.ctx, variation.edit) for variation in chosen]
        for variation, ctx, trace in zip(chosen, contexts, state.trace(contexts), strict=True):
            edits = (*step.edits, variation)
            if isinstance(trace.outcome, Failed):
                state.keep(_fault(state.target, base, trace.outcome, edits, ctx))
                _look_behind(state, base, ctx, trace.outcome, variation)
            if isinstance(trace.outcome, Rendered) and len(state.rendered) < MAX_RENDERED:
                state.rendered.append((base._replace(ctx=ctx), trace.outcome))
            note_payload(state, base, trace.outcome, (*guesses(mended.edits), *edits), ctx, start=mended.trace.outcome)
            fresh = (trace.reads | trace.tests) - step.known
            branches = branches or bool(fresh)
            opened[fresh] += 1
            if len(edits) >= MAX_DEPTH or is_accident(trace.outcome):
                continue
            if schema is not None and (freed := freed_traits(schema, step, variation, ctx)):
                tried = frozenset(repr(one.edit) for one in chosen)
                queue.append(Step(ctx, fresh | freed, step.known | fresh, edits, tried))
            elif fresh and opened[fresh] <= MAX_WAYS:
                queue.append(Step(ctx, fresh, step.known | fresh, edits))
    return branches


def _look_behind(state: SearchState, base: Base, ctx: dict[str, Any], outcome: Failed, sent: Variation) -> None:
    """Fill the empty object that a client sends, field by field: each one that it still lacks is a fault."""
    place = sent.edit.path
    if sent.edit.value != {} or place[:2] != ("flow", "transient_payload"):
        return
    for _ in range(MOST_LACKING):
        error = state.blamed(outcome.error, ctx)
        path = error.ctx_path
        if error.kind != "missing-field" or path is None or path[:-1] != place:
            break
        edit = Edit(place, "set", value_at(ctx, place))
        state.keep(_fault(state.target, base, outcome, (sent._replace(edit=edit),), ctx))
        ctx = apply_edit(ctx, Edit(path, "set", "text"))
        after = state.trace([ctx])[0].outcome
        if not isinstance(after, Failed):
            break
        outcome = after


def _fault(target: Target, base: Base, outcome: Failed, edits: tuple[Variation, ...], ctx: dict[str, Any]) -> Fault:
    return Fault(
        target=target,
        error=outcome.error,
        edits=tuple(variation.edit for variation in edits),
        ctx=ctx,
        client=base.scenario.client,
        ordinary=all(variation.ordinary for variation in edits),
        why=edits[-1].why,
        guessed=tuple(variation.edit.path for variation in edits if variation.guessed),
    )


def _weighed(fault: Fault) -> Fault | None:
    """A fault that rests on the type of a guessed value takes an odd client; the author knows an admin's types."""
    if fault.error.kind not in _OF_TYPES:
        return fault
    path = fault.path
    guessed = [guess for guess in fault.guessed if path is None or path[: len(guess)] == guess]
    if any(guess[:2] == ("identity", "metadata_public") for guess in guessed):
        return None
    return replace(fault, ordinary=False, why="the client sends a string") if guessed else fault


def found(state: SearchState) -> list[Fault]:
    """The faults with the ctx path to blame; those that then turn out to be one are one."""
    kept: dict[FaultKey, Fault] = {}
    for fault in state.faults.values():
        error = fault.error if fault.error.ctx_path is not None else state.blamed(fault.error, fault.ctx)
        blamed = _weighed(replace(fault, error=error, possible=is_possible(state.target, error.ctx_path)))
        if blamed is None or (blamed.error.kind in _OF_VALUES and not is_possible(state.target, blamed.path)):
            continue
        other = kept.get(blamed.key)
        if other is None or blamed.rank < other.rank:
            kept[blamed.key] = blamed
    return list(kept.values())
