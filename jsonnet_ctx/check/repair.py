"""Getting past a failure: fill in what a template asks for until it renders, noting each fault on the way.

A failure hides every fault behind it. The mended ctx is where the search of single edits starts;
its edits show the same faults again with the smallest cause, and the faults noted here are those
that no edit can show: fields that are never there, or not in this scenario.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.literals import Literals
from jsonnet_ctx.check.possible import is_possible
from jsonnet_ctx.check.state import SearchState, Sign, is_accident, sign_of
from jsonnet_ctx.context.edit import apply_edit, has, value_at
from jsonnet_ctx.context.vary import edits_for
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.engine import Trace
from jsonnet_ctx.engine.outcome import Failed, TemplateError
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.schema_branch import type_of
from jsonnet_ctx.kratos.traits import trait_allows
from jsonnet_ctx.records import Frozen, replace

MAX_REPAIRS = 200
MOST_MEETINGS = 3
"""How often one error may come back before the repairs are taken to go in a circle."""

_REPAIRABLE = frozenset({"missing-field", "null-index", "index-out-of-range", "type"})
_GUESSES: tuple[Any, ...] = ({}, "text", [{}], ["text"], 1, True)
_MISSING = object()


class Repair(Frozen):
    """A ctx that the template renders (or cannot be brought to render), the faults on the way, the edits made."""

    ctx: dict[str, Any]
    trace: Trace
    faults: tuple[Fault, ...]
    edits: tuple[Edit, ...] = ()


def repair(state: SearchState, base: Base, trace: Trace, full: dict[str, Any]) -> Repair:
    """Mend ``base.ctx`` until the template renders; ``full`` lends values for what is missing."""
    ctx = base.ctx
    faults: list[Fault] = []
    guesses: list[Edit] = []
    made: list[Path] = []
    met: Counter[Sign] = Counter()
    for _ in range(MAX_REPAIRS):
        if state.is_over:
            break
        outcome = trace.outcome
        if not isinstance(outcome, Failed) or not is_accident(outcome):
            break
        error = state.blamed(outcome.error, ctx)
        met[sign_of(error)] += 1
        if met[sign_of(error)] > MOST_MEETINGS:
            break
        if not _follows_from(error.ctx_path, made):
            faults.append(_noted(state, base, ctx, error, guesses))
        step = _known_step(state, ctx, error) or _step(state, base, ctx, error, full, trace.reads)
        if step is None:
            break
        edit, trace = step
        made.append(_first_made(ctx, edit.path))
        ctx = apply_edit(ctx, edit)
        guesses.append(edit)
    return Repair(ctx, trace, tuple(faults), tuple(guesses))


def _known_step(state: SearchState, ctx: dict[str, Any], error: TemplateError) -> tuple[Edit, Trace] | None:
    """The edit that got past this error before, if it does so again."""
    edit = state.learned.mends.get(sign_of(error))
    if edit is None or (edit.path != error.ctx_path and not has(ctx, edit.path[:-1])):
        return None
    trace = state.trace([apply_edit(ctx, edit)])[0]
    return (edit, trace) if _progress(error, trace) else None


def _step(
    state: SearchState,
    base: Base,
    ctx: dict[str, Any],
    error: TemplateError,
    full: dict[str, Any],
    reads: frozenset[Path],
) -> tuple[Edit, Trace] | None:
    """The likeliest edit that gets the template past ``error``, and what it does then."""
    if error.kind not in _REPAIRABLE or sign_of(error) in state.learned.dead_ends:
        return None
    edits = list(_candidates(base, ctx, error, full, state.literals, reads))
    tried = list(zip(edits, state.trace([apply_edit(ctx, edit) for edit in edits]), strict=True))
    best = max(tried, key=lambda pair: _progress(error, pair[1]), default=None)
    if best is None or not _progress(error, best[1]):
        state.learned.dead_ends.add(sign_of(error))
        return None
    state.learned.mends[sign_of(error)] = best[0]
    return best


def _progress(before: TemplateError, trace: Trace) -> int:
    """How far an edit got the template: 3 no failure, 2 a failure elsewhere, 1 other words, 0 nothing gained."""
    after = trace.outcome
    if not isinstance(after, Failed) or not is_accident(after):
        return 3
    if after.error.location != before.location:
        return 2
    return int((after.error.kind, after.error.message) != (before.kind, before.message) and after.error.kind != "type")


def _first_made(ctx: dict[str, Any], path: Path) -> Path:
    """The highest part of a path that is not there yet, and so is made on the way to it."""
    return next((path[:n] for n in range(1, len(path)) if not has(ctx, path[:n])), path)


def _follows_from(path: Path | None, made: list[Path]) -> bool:
    """Whether a failure is only about something that was made here, and so is no fault of its own."""
    return path is not None and any(path[: len(root)] == root for root in made)


def _unblamed(base: Base, ctx: dict[str, Any], literals: Literals, reads: frozenset[Path]) -> Iterator[Edit]:
    """What may help where no path is known to blame: reachable edits of what was read, then the template's words."""
    for path in sorted(reads, key=str):
        yield from (variation.edit for variation in edits_for(base.shape, base.scenario, ctx, path, values=True))
    schema = base.shape.identity_schema
    yield from (
        edit for edit in literals.swaps(ctx, reads) if trait_allows(schema, edit.path, edit.value, formats=True)
    )


def _candidates(
    base: Base,
    ctx: dict[str, Any],
    error: TemplateError,
    full: dict[str, Any],
    literals: Literals,
    reads: frozenset[Path],
) -> Iterator[Edit]:
    """Values that may get the template past ``error``, likeliest first."""
    path = error.ctx_path
    if path is None:
        yield from _unblamed(base, ctx, literals, reads)
        return
    if error.kind == "index-out-of-range":
        items = path[:-1] if isinstance(path[-1], int) else path
        yield Edit(items, "set", _lengthened(value_at(ctx, items)))
        return
    lent = value_at(full, path, _MISSING)
    if lent is not _MISSING and lent is not None:
        yield Edit(path, "set", lent)
    for above in (path[:n] for n in range(3, len(path))):
        yield from (variation.edit for variation in edits_for(base.shape, base.scenario, ctx, above, values=True))
    values = [*literals.of(path), *_GUESSES]
    allowed = [value for value in values if _can_stand(base, path, value)]
    yield from (Edit(path, "set", value) for value in allowed or values)


def _can_stand(base: Base, path: Path, value: Any) -> bool:
    """Whether the shape and the identity schema allow a value at a path; where nothing can stand, anything may."""
    field = base.shape.field(path)
    if field is not None and not field.is_open:
        kind = type_of(value)
        if kind not in field.types and not (kind == "integer" and "number" in field.types):
            return False
    return trait_allows(base.shape.identity_schema, path, value, formats=True)


def _lengthened(value: Any) -> list[Any]:
    items = list(value) if isinstance(value, list) else []
    return [*items, items[-1] if items else "text"]


def _noted(state: SearchState, base: Base, ctx: dict[str, Any], error: TemplateError, guesses: list[Edit]) -> Fault:
    fault = Fault(
        target=state.target,
        error=error,
        edits=_edits(error),
        ctx=ctx,
        client=base.scenario.client,
        ordinary=base.scenario.ordinary,
        why=f"the hook is reached as {base.scenario.reached}",
        possible=is_possible(state.target, error.ctx_path),
    )
    if error.ctx_path is None and guesses and error.kind in _REPAIRABLE:
        last = guesses[-1]
        by_schema = last.path[:2] == ("identity", "traits")
        ordinary = fault.ordinary and (by_schema or error.kind == "missing-field")
        return replace(fault, edits=(last,), why=f"it is {last.value!r}", ordinary=ordinary)
    return fault


def _edits(error: TemplateError) -> tuple[Edit, ...]:
    path = error.ctx_path
    if path is None:
        return ()
    if error.kind == "missing-field":
        return (Edit(path, "absent"),)
    return (Edit(path, "null"),) if error.kind == "null-index" else ()
