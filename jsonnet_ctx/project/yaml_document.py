"""YAML text as plain values, with the place of every key and list item; nothing is ever executed."""

import re
from collections.abc import Callable
from typing import Any

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.project.yaml_values import (
    Node,
    YamlFault,
    YamlValues,
    compose,
    place_deeper_than,
    step_into,
)

_MAX_DEPTH = 200
"""Nesting beyond this is an attack: reading recurses."""

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_yaml(text: str, name: str) -> list[tuple[Any, Callable[[KeyPath], tuple[int, int] | None]]]:
    """Return the value of each document and a function from a path in it to its (line, column).

    Only composed to nodes and read as data: a tag never makes an object. Scalars are read as
    Kratos reads them (``yes`` and ``on`` are strings, ``017`` is 15). Empty documents are left out; a
    text of nothing else is one of value None. Raises FileError with line and column.
    """
    lines = LineIndex(text)
    documents = [(YamlValues(name, lines).value_of(root), _finder(root, lines)) for root in _nodes(text, name, lines)]
    return documents or [(None, lambda path: (1, 1) if path == () else None)]


def _finder(root: Node, lines: LineIndex) -> Callable[[KeyPath], tuple[int, int] | None]:
    def find(path: KeyPath) -> tuple[int, int] | None:
        node = _node_at(root, path)
        return None if node is None else lines.place_at(node.start_mark.line, node.start_mark.column)

    return find


def _nodes(text: str, name: str, lines: LineIndex) -> list[Node]:
    odd = _CONTROL.search(text)
    if odd is not None:
        place = Location(name, *lines.place_of(odd.start()))
        raise FileError(f"is not YAML: the character U+{ord(odd[0]):04X} is not allowed", place)
    deep = place_deeper_than(text, _MAX_DEPTH) if _may_be_deep(text) else None
    if deep is not None:
        raise FileError(f"is nested more than {_MAX_DEPTH} levels deep", Location(name, *lines.place_at(*deep)))
    try:
        return compose(text)
    except YamlFault as fault:
        raise _file_error(fault, text, name, lines) from fault


def _may_be_deep(text: str) -> bool:
    """A cheap upper bound of the nesting spares ordinary files a pass of their own.

    A line without quotes that closes what it opens adds to its own depth alone.
    """
    indent = most = carried = 0
    for line in text.splitlines():
        indent = max(indent, len(line) - len(line.lstrip(" -?:")))
        opened = line.count("[") + line.count("{")
        if opened:
            most = max(most, opened)
            plain = "'" not in line and '"' not in line and "#" not in line
            if not plain or line.count("[") != line.count("]") or line.count("{") != line.count("}"):
                carried += opened
    return indent + carried + most > _MAX_DEPTH


def _node_at(root: Node, path: KeyPath) -> Node | None:
    """The node to show for a path: the key of a mapping entry, the item of a list."""
    node, shown = root, root
    for segment in path:
        step = step_into(node, segment)
        if step is None:
            return None
        shown, node = step
    return shown


def _file_error(fault: YamlFault, text: str, name: str, lines: LineIndex) -> FileError:
    if fault.line is None:
        return FileError(f"is not YAML: {fault.said}", Location(name))
    line, column = lines.place_at(fault.line, fault.column or 0)
    source = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    return FileError(f"is not YAML: {fault.said}", Location(name, line, column), hint=_hint(fault.said, source))


def _hint(said: str, source: str) -> str | None:
    if "\t" in source[: len(source) - len(source.lstrip())] or "'\\t'" in said:
        return "YAML is indented with spaces, not tabs"
    if "{{" in source:
        return "this is a template of a YAML file (Helm, Go): render it first"
    if "mapping values are not allowed" in said:
        return "quote the value, or check the indentation of this line"
    if "undefined alias" in said:
        return "quote the value when the * is text"
    return None
