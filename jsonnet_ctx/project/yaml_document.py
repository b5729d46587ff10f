"""YAML text as plain values, with the place of every key and list item; nothing is ever executed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.project.yaml_values import YamlValues, entries_of

# libyaml is an order of magnitude faster; the pure reader accepts the same files.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MAX_DEPTH = 200
"""Nesting beyond this is an attack: the reader below recurses."""

_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_yaml(
    text: str, name: str, *, having: str | None = None
) -> tuple[Any, Callable[[KeyPath], tuple[int, int] | None]]:
    """Return the value and a function from a path to its (line, column).

    Only composed to nodes and read as data: a tag never makes an object. Scalars are read as
    Kratos reads them (YAML 1.2: ``yes`` and ``on`` are strings). Of several documents the first
    with the top-level key ``having`` counts, without it the first that is not empty. Raises
    FileError with line and column.
    """
    lines = LineIndex(text)
    roots = _compose(text, name, lines)
    root = _choose(roots, having)
    if root is None:
        return None, lambda path: (1, 1) if path == () else None
    value = YamlValues(name, lines).value_of(root)

    def find(path: KeyPath) -> tuple[int, int] | None:
        node = _node_at(root, path)
        return None if node is None else lines.place_at(node.start_mark.line, node.start_mark.column)

    return value, find


def _compose(text: str, name: str, lines: LineIndex) -> list[yaml.Node]:
    odd = _CONTROL.search(text)
    if odd is not None:
        place = Location(name, *lines.place_of(odd.start()))
        raise FileError(f"is not YAML: the character U+{ord(odd[0]):04X} is not allowed", place)
    _refuse_depth(text, name)
    try:
        return [node for node in yaml.compose_all(text, Loader=_LOADER) if node is not None]
    except yaml.MarkedYAMLError as error:
        raise _file_error(error, text, name, lines) from error
    except yaml.YAMLError as error:
        raise FileError(f"is not YAML: {error}", Location(name)) from error


def _refuse_depth(text: str, name: str) -> None:
    """Count open containers before composing: the composer itself recurses."""
    indent = max((len(line) - len(line.lstrip(" -?:"))) for line in text.splitlines() or [""])
    if text.count("[") + text.count("{") + indent <= _MAX_DEPTH:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > _MAX_DEPTH:
                    line = event.start_mark.line + 1 if event.start_mark else None
                    raise FileError(f"is nested more than {_MAX_DEPTH} levels deep", Location(name, line))
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
    except yaml.YAMLError:
        # The composer meets the same fault and reports it with its place.
        return


def _choose(roots: list[yaml.Node], having: str | None) -> yaml.Node | None:
    if having is not None:
        for root in roots:
            if any(key == having for key, _, _ in entries_of(root)):
                return root
    return roots[0] if roots else None


def _node_at(root: yaml.Node, path: KeyPath) -> yaml.Node | None:
    """The node to show for a path: the key of a mapping entry, the item of a list."""
    node, shown = root, root
    for segment in path:
        step = next(_steps(node, segment), None)
        if step is None:
            return None
        shown, node = step
    return shown


def _steps(node: yaml.Node, segment: str | int) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.SequenceNode) and isinstance(segment, int) and segment < len(node.value):
        yield node.value[segment], node.value[segment]
    elif isinstance(node, yaml.MappingNode):
        for key, key_node, value_node in entries_of(node):
            if key == segment:
                yield key_node, value_node


def _file_error(error: yaml.MarkedYAMLError, text: str, name: str, lines: LineIndex) -> FileError:
    mark = error.problem_mark or error.context_mark
    said = (error.problem or str(error)).strip()
    if mark is None:
        return FileError(f"is not YAML: {said}", Location(name))
    line, column = lines.place_at(mark.line, mark.column)
    source = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    return FileError(f"is not YAML: {said}", Location(name, line, column), hint=_hint(said, source))


def _hint(said: str, source: str) -> str | None:
    if "\t" in source[: len(source) - len(source.lstrip())] or "'\\t'" in said or "tab" in said:
        return "YAML is indented with spaces, not tabs"
    if "{{" in source:
        return "this is a template of a YAML file (Helm, Go): render it first"
    if "mapping values are not allowed" in said:
        return "quote the value, or check the indentation of this line"
    if "undefined alias" in said:
        return "quote the value when the * is text"
    return None
