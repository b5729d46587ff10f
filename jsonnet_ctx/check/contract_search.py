"""Hold the payload of every ctx that the search tries against the contract of its receiver."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.broken import Broken, BrokenKey, broken_key
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.context.edit import apply_edits
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.engine import Trace
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.records import replace

if TYPE_CHECKING:  # most runs have no contract, and do not wait for what reads one
    from jsonnet_ctx.project.contract import Breach

_PUBLIC = ("identity", "metadata_public")


def note_payload(
    state: SearchState, base: Base, outcome: object, edits: Sequence[Variation], ctx: dict[str, Any], *, start: object
) -> None:
    """Keep how the payload of ``ctx`` breaks the contract where that of ``start`` does not.

    ``edits`` have led to ``ctx`` from a ctx of ``base`` whose outcome is ``start``.
    """
    known = {broken_key(breach) for breach in _breaches(state, start)}
    for broken in broken_by(state, base, outcome, edits, ctx):
        if broken.key not in known:
            state.keep_broken(broken)


def broken_by(
    state: SearchState, base: Base, outcome: object, edits: Sequence[Variation], ctx: dict[str, Any]
) -> list[Broken]:
    """How the payload of ``ctx``, which ``edits`` have led to from a base, breaks the contract."""
    if any(edit.guessed and edit.edit.path[:2] == _PUBLIC for edit in edits):
        return []  # the author knows what an admin puts there, we do not
    usual = base.scenario.ordinary
    return [
        Broken(
            target=state.target,
            breach=breach,
            edits=tuple(variation.edit for variation in edits),
            ctx=ctx,
            client=base.scenario.client,
            ordinary=usual and all(variation.ordinary and not variation.guessed for variation in edits),
            why=edits[-1].why if edits else "",
        )
        for breach in _breaches(state, outcome)
    ]


def note_bases(state: SearchState, traces: Sequence[Trace]) -> None:
    """Keep how the payloads of all full base contexts break the contract: no edit is to blame."""
    full = [(base, trace) for base, trace in zip(state.bases, traces, strict=True) if not base.minimal]
    ways = [broken_by(state, base, trace.outcome, (), base.ctx) for base, trace in full]
    common = set.intersection(*({way.key for way in found} for found in ways)) if ways else set()
    for way in (way for found in ways for way in found if way.key in common):
        state.keep_broken(way)


def note_other_bases(state: SearchState, traces: Sequence[Trace]) -> None:
    """Keep how the payload of some base contexts breaks the contract, where no edit has shown it.

    A ctx without anything optional is told as the fewest edits of the full one that do the same.
    """
    full = {base.scenario.name: base.ctx for base in state.bases if not base.minimal}
    for base, trace in zip(state.bases, traces, strict=True):
        for way in broken_by(state, base, trace.outcome, (), base.ctx):
            if way.key in state.broken:
                continue
            start = full[base.scenario.name]
            edits = _fewest(state, start, _read_ones(_edits_between(start, base.ctx), trace), way.key)
            why = "" if edits else f"the hook is reached as {base.scenario.reached}"
            state.keep_broken(replace(way, edits=tuple(edits), ctx=apply_edits(start, edits), why=why))


def guesses(edits: Sequence[Edit]) -> tuple[Variation, ...]:
    """The edits that have mended a ctx, none of which is certain."""
    return tuple(Variation(edit, False, f"it is {edit.value!r}", guessed=True) for edit in edits)


def _breaches(state: SearchState, outcome: object) -> "Iterator[Breach]":
    """How a payload breaks the contract; a template with fields masked says nothing about that."""
    contract = state.target.contract
    if contract is not None and isinstance(outcome, Rendered) and state.template is state.target.template:
        yield from contract.breaches(outcome.payload)


def _fewest(state: SearchState, ctx: dict[str, Any], edits: list[Edit], key: BrokenKey) -> list[Edit]:
    """The edits without those that the breach does not need."""
    kept = list(edits)
    for edit in edits:
        fewer = [other for other in kept if other is not edit]
        outcome = state.trace([apply_edits(ctx, fewer)])[0].outcome
        if key in {broken_key(breach) for breach in _breaches(state, outcome)}:
            kept = fewer
    return kept


def _read_ones(edits: Iterator[Edit], trace: Trace) -> list[Edit]:
    """The edits of what the template reads: only those can matter."""
    reads = trace.reads | trace.tests
    return [edit for edit in edits if any(_touch(edit.path, path) for path in reads)]


def _touch(one: Path, two: Path) -> bool:
    shorter = min(len(one), len(two))
    return one[:shorter] == two[:shorter]


def _edits_between(full: Any, minimal: Any, path: Path = ()) -> Iterator[Edit]:
    """The edits that lead from one ctx to another."""
    if not isinstance(full, dict) or not isinstance(minimal, dict):
        if full != minimal:
            yield Edit(path, "null") if minimal is None else Edit(path, "set", minimal)
        return
    for key in dict.fromkeys((*full, *minimal)):
        if key not in minimal:
            yield Edit((*path, key), "absent")
        elif key not in full:
            yield Edit((*path, key), "set", minimal[key])
        else:
            yield from _edits_between(full[key], minimal[key], (*path, key))
