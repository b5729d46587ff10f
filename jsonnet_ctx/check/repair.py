"""Getting past a failure: fill in what a template asks for until it renders, noting each fault on the way.

A failure hides every fault behind it. The mended ctx is where the search of single edits starts;
its edits show the same faults again with the smallest cause, and the faults noted here are those
that no edit can show: fields that are never there, or not in this scenario.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.literals import Literals
from jsonnet_ctx.check.state import SearchState, is_accident
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.engine import Trace
from jsonnet_ctx.engine.outcome import Failed, TemplateError
from jsonnet_ctx.finding import Edit

MAX_REPAIRS = 40
_REPAIRABLE = frozenset({"missing-field", "null-index", "index-out-of-range", "type"})
_GUESSES: tuple[Any, ...] = ("text", {}, [{}], ["text"], 1, True)
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Repair:
    """A ctx that the template renders (or cannot be brought to render), and the faults on the way."""

    ctx: dict[str, Any]
    trace: Trace
    faults: tuple[Fault, ...]


def repair(state: SearchState, base: Base, trace: Trace, full: dict[str, Any]) -> Repair:
    """Mend ``base.ctx`` until the template renders; ``full`` lends values for what is missing."""
    ctx, faults = base.ctx, []
    for _ in range(MAX_REPAIRS):
        outcome = trace.outcome
        if not isinstance(outcome, Failed) or not is_accident(outcome):
            break
        faults.append(_noted(state, base, ctx, outcome.error))
        if outcome.error.kind not in _REPAIRABLE:
            break
        edits = list(_candidates(ctx, outcome.error, full, state.literals))
        contexts = [apply_edit(ctx, edit) for edit in edits]
        step = next(
            (pair for pair in zip(contexts, state.trace(contexts), strict=True) if _further(outcome, pair[1])), None
        )
        if step is None:
            break
        ctx, trace = step
    return Repair(ctx, trace, tuple(faults))


def _further(before: Failed, trace: Trace) -> bool:
    """Whether an evaluation got past the failure before it."""
    after = trace.outcome
    if not isinstance(after, Failed):
        return True
    return _place(after.error) != _place(before.error)


def _place(error: TemplateError) -> tuple[Any, ...]:
    return (error.kind, error.location, error.ctx_path, error.message)


def _candidates(
    ctx: dict[str, Any], error: TemplateError, full: dict[str, Any], literals: Literals
) -> Iterator[Edit]:
    """Values that may get the template past ``error``, likeliest first."""
    path = error.ctx_path
    if path is None:
        yield from literals.swaps(ctx)
        return
    if error.kind == "index-out-of-range":
        items = path[:-1] if isinstance(path[-1], int) else path
        yield Edit(items, "set", _lengthened(value_at(ctx, items)))
        return
    lent = value_at(full, path, _MISSING)
    if lent is not _MISSING and lent is not None:
        yield Edit(path, "set", lent)
    for value in (*literals.of(path), *_GUESSES):
        yield Edit(path, "set", value)


def _lengthened(value: Any) -> list[Any]:
    items = list(value) if isinstance(value, list) else []
    return [*items, items[-1] if items else "text"]


def _noted(state: SearchState, base: Base, ctx: dict[str, Any], error: TemplateError) -> Fault:
    path = error.ctx_path
    return Fault(
        target=state.target,
        error=error,
        edits=_edits(path, error),
        ctx=ctx,
        client=base.scenario.client,
        ordinary=base.scenario.identity != "admin",
        why=_why(base),
        possible=path is None or base.shape.field(path) is not None,
    )


def _edits(path: Path | None, error: TemplateError) -> tuple[Edit, ...]:
    if path is None:
        return ()
    if error.kind == "missing-field":
        return (Edit(path, "absent"),)
    return (Edit(path, "null"),) if error.kind == "null-index" else ()


def _why(base: Base) -> str:
    """The scenario's note as a half sentence: it says when this happens."""
    note = base.scenario.note.rstrip(".")
    return note[:1].lower() + note[1:]
