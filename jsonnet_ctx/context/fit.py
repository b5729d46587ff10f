"""Bringing a ctx into the form of a shape: only keys it knows, in Kratos's order, optional ones if wanted."""

from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import LIST_OF
from jsonnet_ctx.records import Frozen

_Children = dict[Path, tuple[Field, ...]]
_Wanted = tuple[dict[str, Field], Field | None]


class _Known(Frozen):
    """The shape's fields below each path; ``wanted`` keeps the answers of :func:`_wanted`."""

    children: _Children
    minimal: bool
    has_schema: bool
    wanted: dict[Path, _Wanted]


def fitted(ctx: dict[str, Any], shape: Shape, *, minimal: bool) -> dict[str, Any]:
    """Return a copy of ``ctx`` that holds only keys of the shape, in the order Kratos writes them.

    With ``minimal`` every optional key is left out too; what lies below an open field stays, and
    so do traits that follow an identity schema, and their addresses: they were made minimal, and
    one more that is left out may be one too many (``anyOf``).
    """
    known = _Known(shape.children, minimal, shape.identity_schema is not None, {})
    return _object(ctx, (), known)


def _object(value: dict[str, Any], path: Path, known: _Known) -> dict[str, Any]:
    named, rest = _wanted(path, known)
    kept = {key: _value(value[key], field, known) for key, field in named.items() if key in value}
    if rest is not None:
        kept |= {key: _value(item, rest, known) for key, item in value.items() if key not in named}
    return kept


def _wanted(path: Path, known: _Known) -> _Wanted:
    """The fields to keep of an object, by key, and the one that stands for any other key."""
    if path not in known.wanted:
        fields = [field for field in known.children.get(path, ()) if _stays(field, known)]
        named = {str(field.path[-1]): field for field in fields if field.path[-1] != "*"}
        rest = next((field for field in fields if field.path[-1] == "*"), None)
        known.wanted[path] = (named, rest)
    return known.wanted[path]


def _stays(field: Field, known: _Known) -> bool:
    """Whether a key is wanted.

    The items of a list keep theirs, since what an item has follows from what it is: the node of
    the csrf token has its value, a verified address the time of that (captures login.before.*).
    """
    if not known.minimal or "*" in field.path[:-1]:
        return True
    if known.has_schema and ("traits" in field.path or field.path[-1] in LIST_OF.values()):
        return True
    return field.presence == "always" or field.is_open


def _value(value: Any, field: Field, known: _Known) -> Any:
    if field.is_open:
        return value
    if isinstance(value, dict):
        return _object(value, field.path, known)
    if isinstance(value, list):
        item = next((child for child in known.children.get(field.path, ()) if child.path[-1] == "*"), None)
        return value if item is None else [_value(entry, item, known) for entry in value]
    return value
