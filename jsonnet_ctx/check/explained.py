"""A single failure as the search would have found it: the smallest edit that shows it, and who makes it."""

from typing import Any

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.possible import is_possible
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.context.vary import Variation, edits_for
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.scenario import Scenario

_MISSING = object()
_OTHERS: tuple[Any, ...] = ("text", {}, [], 1)


def explained(target: Target, error: TemplateError, ctx: dict[str, Any], scenario: Scenario) -> Fault:
    """The fault that ``ctx``, reached as ``scenario``, shows; without a path to blame it has no edit."""
    path = error.ctx_path
    ways = [] if path is None else _ways_here(target, ctx, path, scenario)
    found = next((way for way, alike in ways if alike), ways[0][0] if ways else None)
    return Fault(
        target=target,
        error=error,
        edits=(found.edit,) if found else (),
        ctx=ctx,
        client=scenario.client,
        ordinary=found is None or found.ordinary,
        why=found.why if found else "",
        possible=is_possible(target, path),
    )


def _ways_here(target: Target, ctx: dict[str, Any], path: Path, scenario: Scenario) -> list[tuple[Variation, bool]]:
    """The reachable edits that put there what stands there, from a ctx that has something else.

    Each with whether it is empty or not as that is; a type alone is enough to make a template fail.
    """
    present = value_at(ctx, path, _MISSING)
    starts = [Edit(path, "set", value) for value in _OTHERS if _kind(value) != _kind(present)]
    found = []
    for start in (*starts, Edit(path, "absent")):
        try:
            other = apply_edit(ctx, start)
            for way in edits_for(target.shape(), scenario, other, path, values=True):
                value = value_at(apply_edit(other, way.edit), path, _MISSING)
                if _kind(value) == _kind(present):
                    found.append((way, bool(value) == bool(present)))
        except UsageError:
            continue  # an item far out of its list cannot be set
    return found


def _kind(value: Any) -> type:
    """The type as JSON has it; one number is like another."""
    return int if type(value) is float else type(value)
