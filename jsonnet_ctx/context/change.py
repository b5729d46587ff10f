"""Changing one place of a plain JSON value: copy on write, nothing else follows."""

from typing import Any

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Edit

_MISSING = object()
_EMPTY: dict[type, Any] = {str: "", list: (), dict: (), bool: False, int: 0, float: 0}


def value_at(ctx: Any, path: Path, default: Any = None) -> Any:
    """Return the value at a concrete path, ``default`` where nothing stands."""
    value = ctx
    for part in path:
        if isinstance(value, list) and isinstance(part, int):
            if not 0 <= part < len(value):
                return default
        elif not (isinstance(value, dict) and part in value):
            return default
        value = value[part]
    return value


def has(ctx: Any, path: Path) -> bool:
    """Tell whether something stands at a concrete path; null is something."""
    return value_at(ctx, path, _MISSING) is not _MISSING


def edit_alone(ctx: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Return a copy of ``ctx`` with this one change and nothing that follows from it."""
    value = _new_value(ctx, edit)
    if value is _MISSING and not has(ctx, edit.path):
        return ctx
    changed: dict[str, Any] = _changed(ctx, edit.path, 0, value)
    return changed


def _new_value(ctx: dict[str, Any], edit: Edit) -> Any:
    """The value to put in place, _MISSING to take it away (or to leave away what is not there)."""
    if edit.op == "absent":
        return _MISSING
    if edit.op == "null":
        return None
    if edit.op == "set":
        return edit.value
    if edit.op != "empty":
        raise UsageError(f"unknown edit: {edit.op!r}", hint="absent, null, empty or set")
    value = value_at(ctx, edit.path, _MISSING)
    if value is _MISSING or value is None:
        return value
    return type(value)(_EMPTY[type(value)])


def _changed(node: Any, path: Path, at: int, value: Any) -> Any:
    """A copy of ``node`` with ``value`` at ``path[at:]``."""
    if at == len(path):
        return value
    part = path[at]
    if isinstance(part, int):
        return _changed_list(list(node) if isinstance(node, list) else [], path, at, value)
    copy = dict(node) if isinstance(node, dict) else {}
    if value is _MISSING and at == len(path) - 1:
        del copy[part]
    else:
        copy[part] = _changed(copy.get(part), path, at + 1, value)
    return copy


def _changed_list(copy: list[Any], path: Path, at: int, value: Any) -> list[Any]:
    index = path[at]
    if not isinstance(index, int) or not 0 <= index <= len(copy):
        holder = format_path(path[:at]) or "ctx"
        raise UsageError(f"no item {index} at {holder}: it has {len(copy)}", hint="the next item is appended")
    if value is _MISSING and at == len(path) - 1:
        return copy[:index] + copy[index + 1 :]
    item = copy[index] if index < len(copy) else None
    copy[index : index + 1] = [_changed(item, path, at + 1, value)]
    return copy
