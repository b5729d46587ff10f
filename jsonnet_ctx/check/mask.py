"""Masking: take a field that fails for good out of a template, so that the search sees what lies behind it.

Jsonnet manifests one field after the other and stops at the first that fails. A masked field is
null, padded so that every other place in the template stays where it is.
"""

import re

from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import byte_text, offset_of, plain_text
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import Node, ObjectField, walk

_NULL = "null"
_ROOM = re.compile(r"[^\n]{4}")
"""As much of one line as a null takes."""
_NO_LINE_END = re.compile(r"[^\n]")


def masked(text: str, error: TemplateError) -> str | None:
    """The template without the output field in which ``error`` arises; None where there is none to mask."""
    name = next((part for part in reversed(error.payload_path or ()) if isinstance(part, str)), None)
    if name is None:
        return None
    try:
        tree = parse(text)
    except SyntaxProblem:
        return None
    places = [frame.location for frame in error.frames if frame.location is not None]
    offsets = [offset_of(text, place.line, place.column) for place in places if place.line and place.column]
    found = (_value_around(tree, offset, name) for offset in offsets)
    value = next((one for one in found if one is not None), None if offsets else _only_value(tree, name))
    whole = byte_text(text)
    room = _ROOM.search(whole, value.start, value.end) if value is not None else None
    if value is None or room is None:
        return None
    before, after = _blank(whole[value.start : room.start()]), _blank(whole[room.end() : value.end])
    edited = whole[: value.start] + before + _NULL + after + whole[value.end :]
    return plain_text(edited) if edited != whole else None


def _blank(text: str) -> str:
    return _NO_LINE_END.sub(" ", text)


def _only_value(tree: Node, name: str) -> Node | None:
    """The value of the one field of that name: what breaks a form body has no place in the template."""
    named = [node.value for node in walk(tree) if isinstance(node, ObjectField) and _name(node) == name]
    return named[0] if len(named) == 1 else None


def _name(field: ObjectField) -> str | None:
    return getattr(field.key, "value", None)


def _value_around(tree: Node, offset: int, name: str) -> Node | None:
    """The value of the innermost field of that name around a place."""
    around = [
        node.value
        for node in walk(tree)
        if isinstance(node, ObjectField) and node.value.start <= offset < node.value.end and _name(node) == name
    ]
    return min(around, key=lambda value: value.end - value.start, default=None)
