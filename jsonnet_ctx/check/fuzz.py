"""Fuzzing: hypothesis draws edit scripts, so that faults that need several edits at once are found too.

The systematic search has tried every single edit and what it opens; hypothesis tries edits
together, drawn to what makes the template read what it has not read yet, and shrinks what fails
to the shortest script.
"""

from collections.abc import Sequence
from typing import Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.broken import Broken, BrokenKey
from jsonnet_ctx.check.contract_search import broken_by, guesses
from jsonnet_ctx.check.fault import Fault, FaultKey
from jsonnet_ctx.check.repair import Repair
from jsonnet_ctx.check.state import SearchState, is_accident
from jsonnet_ctx.context.edit import apply_edit, has, value_at
from jsonnet_ctx.context.vary import HOLDERS, Variation
from jsonnet_ctx.context.vary_identity import keeps_verified
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.traits import still_valid

_LONGEST_SCRIPT = 4


class _Failing(AssertionError):
    """A script made the template fail; one subclass for each fault.

    Hypothesis takes all errors raised on one line for one bug, so the class tells them apart.
    """


def fuzz(
    state: SearchState, base: Base, mended: Repair, variations: Sequence[Variation], *, examples: int, seed: int
) -> None:
    """Try up to ``examples`` edit scripts over the variations and keep the faults that are new."""
    if len(variations) < 2 or examples < 1:
        return
    import hypothesis
    from hypothesis import strategies

    found: dict[FaultKey, Fault] = {}
    broken: dict[BrokenKey, Broken] = {}
    classes: dict[FaultKey | BrokenKey, type[_Failing]] = {}
    known = {way.key for way in broken_by(state, base, mended.trace.outcome, (), mended.ctx)}
    seen: set[Any] = set(mended.trace.reads | mended.trace.tests)

    def attempt(script: list[int]) -> None:
        chosen = _one_for_each_place([variations[index] for index in script])
        ctx = _edited(mended.ctx, [variation.edit for variation in chosen])
        if ctx is None or not _follows_schema(state, mended.ctx, ctx):
            return
        if not keeps_verified(base.scenario, mended.ctx, ctx):
            return
        trace = state.trace([ctx])[0]
        fresh = (trace.reads | trace.tests) - seen
        seen.update(fresh)
        hypothesis.target(float(len(fresh)), label="paths not read before")
        if isinstance(trace.outcome, Failed) and is_accident(trace.outcome):
            fault = _fault(state, base, chosen, ctx, trace.outcome)
            if fault.key not in state.faults:
                found[fault.key] = fault
                raise classes.setdefault(fault.key, type("Failing", (_Failing,), {}))
        for way in broken_by(state, base, trace.outcome, (*guesses(mended.edits), *chosen), ctx):
            if way.key not in known and way.key not in state.broken:
                broken[way.key] = way
                raise classes.setdefault(way.key, type("Failing", (_Failing,), {}))

    scripts = strategies.lists(
        strategies.integers(0, len(variations) - 1), min_size=2, max_size=_LONGEST_SCRIPT, unique=True
    )
    settings = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        report_multiple_bugs=True,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate, hypothesis.Phase.target, hypothesis.Phase.shrink],
    )
    try:
        hypothesis.seed(seed)(settings(hypothesis.given(scripts)(attempt)))()
    except* _Failing:
        for fault in found.values():
            state.keep(fault)
        for way in broken.values():
            state.keep_broken(way)


def _one_for_each_place(chosen: Sequence[Variation]) -> list[Variation]:
    """Drop a second edit of a place that an earlier one has changed or taken away."""
    kept: list[Variation] = []
    for variation in chosen:
        path = variation.edit.path
        if not any(_touches(path, other.edit.path) for other in kept):
            kept.append(variation)
    return kept


def _edited(start: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any] | None:
    """The ctx after all edits; None where one has taken away what a later one speaks of, such as an address."""
    ctx = start
    for edit in edits:
        if _place(ctx, edit.path) != _place(start, edit.path):
            return None
        ctx = apply_edit(ctx, edit)
    return ctx


def _place(ctx: dict[str, Any], path: Path) -> tuple[bool, type, int | None]:
    """Whether something stands at a path, and what it stands or would stand in: its type, and a list's length."""
    holder = value_at(ctx, path[:-1]) if len(path) > 1 else ctx
    return has(ctx, path), type(holder), len(holder) if isinstance(holder, list) else None


def _follows_schema(state: SearchState, before: dict[str, Any], ctx: dict[str, Any]) -> bool:
    """Whether edits that are each allowed by the identity schema are so together."""
    document = state.target.schema_document
    places = ((*holder, "traits") for holder in HOLDERS)
    return document is None or all(still_valid(document, value_at(before, at), value_at(ctx, at)) for at in places)


def _touches(path: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _fault(state: SearchState, base: Base, chosen: Sequence[Variation], ctx: dict[str, Any], outcome: Failed) -> Fault:
    return Fault(
        target=state.target,
        error=outcome.error,
        edits=tuple(variation.edit for variation in chosen),
        ctx=ctx,
        client=base.scenario.client,
        ordinary=all(variation.ordinary for variation in chosen),
        why=" and ".join(variation.why for variation in chosen),
        guessed=tuple(variation.edit.path for variation in chosen if variation.guessed),
    )
