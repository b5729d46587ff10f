"""YAML nodes and their plain values: merge keys, aliases within reason, and nothing that is not data."""

from collections.abc import Iterator
from typing import Any

import yaml

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.project.yaml_scalar import CORE, scalar_value

_MAX_VALUES = 1_000_000
"""Values that aliases may expand to, all counted; a real config has a few thousand."""

_MERGE = f"{CORE}merge"
_PYTHON = f"{CORE}python/"

# libyaml is an order of magnitude faster; the pure reader accepts the same files.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Node = yaml.Node


class YamlFault(Exception):
    """The text is not YAML; ``line`` and ``column`` count from 0, None where the reader does not say."""

    def __init__(self, said: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(said)
        self.said, self.line, self.column = said, line, column


def compose(text: str) -> list[yaml.Node]:
    """Return the root node of every document that is not empty; raises YamlFault."""
    try:
        return [node for node in yaml.compose_all(text, Loader=_LOADER) if node is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = (error.problem or str(error)).strip()
        raise YamlFault(said, mark.line if mark else None, mark.column if mark else None) from error
    except yaml.YAMLError as error:
        raise YamlFault(str(error)) from error


def place_deeper_than(text: str, limit: int) -> tuple[int, int] | None:
    """The line and column (from 0) where lists and mappings nest deeper than ``limit``, None where they do not.

    Events only, without recursion: composing nodes recurses. A libyaml with a limit of its own stops
    elsewhere than at ours, so the pure reader says where, once there is something to say.
    """
    found = _deeper_than(text, limit, _LOADER)
    return _deeper_than(text, limit, yaml.SafeLoader) if found and _LOADER is not yaml.SafeLoader else found


def _deeper_than(text: str, limit: int, loader: Any) -> tuple[int, int] | None:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > limit:
                    return (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
    except yaml.MarkedYAMLError as error:
        # libyaml meets its own limit before an event arrives. Any other fault
        # composing meets too, and reports with its place.
        mark = error.problem_mark if "nesting depth" in (error.problem or "") else None
        return (mark.line, mark.column) if mark else None
    except yaml.YAMLError:
        return None
    return None


def step_into(node: yaml.Node, segment: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """The node to show and the node to go on with for a key or index, None where there is none."""
    if isinstance(node, yaml.SequenceNode) and isinstance(segment, int) and segment < len(node.value):
        return node.value[segment], node.value[segment]
    return next(((key_node, value) for key, key_node, value in entries_of(node) if key == segment), None)


def entries_of(node: yaml.Node, seen: set[int] | None = None) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Yield (key, key node, value node) of a mapping, merged ones (``<<``) after its own.

    An earlier pair wins over a later one of the same key, as merge keys demand; so each merged
    mapping counts once, which also ends cycles (YamlValues reports those).
    """
    seen = set() if seen is None else seen
    if not isinstance(node, yaml.MappingNode) or id(node) in seen:
        return
    seen.add(id(node))
    merged: list[yaml.Node] = []
    for key_node, value_node in node.value:
        if key_node.tag == _MERGE:
            merged.extend(value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node])
        elif isinstance(key_node, yaml.ScalarNode):
            yield key_node.value, key_node, value_node
    for other in merged:
        yield from entries_of(other, seen)


class YamlValues:
    """Makes plain values of nodes; a shared (aliased) node is one shared value."""

    def __init__(self, name: str, lines: LineIndex) -> None:
        self._name = name
        self._lines = lines
        self._done: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def value_of(self, node: yaml.Node) -> Any:
        """Return the plain value; FileError for duplicate keys, cycles and expansion bombs."""
        return self._weighed(node)[0]

    def _weighed(self, node: yaml.Node) -> tuple[Any, int]:
        """The value, and how many values it holds with every alias written out."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node), 1
        known = self._done.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise self._error("an alias refers to the value it lies in", node)
        self._open.add(id(node))
        self._require_data(node)
        made = self._mapping(node) if isinstance(node, yaml.MappingNode) else self._list(node)
        self._open.discard(id(node))
        if made[1] > _MAX_VALUES:
            raise self._error(f"aliases expand to more than {_MAX_VALUES:,} values", node)
        self._done[id(node)] = made
        return made

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        self._require_data(node)
        try:
            return scalar_value(node.value, node.tag, is_plain=not node.style)
        except ValueError as error:
            raise self._error(str(error), node, hint="put it in quotes where text is meant") from None

    def _list(self, node: yaml.Node) -> tuple[list[Any], int]:
        items = [self._weighed(item) for item in node.value]
        return [value for value, _ in items], 1 + sum(weight for _, weight in items)

    def _mapping(self, node: yaml.MappingNode) -> tuple[dict[str, Any], int]:
        """Its own pairs in order, then the merged ones that it has no key of."""
        value: dict[str, Any] = {}
        total = 1
        merges = []
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merges.append(value_node)
                continue
            key = self._own_key(key_node, value, node)
            value[key], weight = self._weighed(value_node)
            total += weight
        for merged in merges:
            self._check_merge(merged)
        for key, _, value_node in entries_of(node) if merges else ():
            if key not in value:
                value[key], weight = self._weighed(value_node)
                total += weight
        return value, total

    def _own_key(self, node: yaml.Node, before: dict[str, Any], mapping: yaml.MappingNode) -> str:
        if not isinstance(node, yaml.ScalarNode):
            hint = "a template of a YAML file (Helm, Go) must be rendered first; quote a value that begins with {"
            raise self._error("a key must be a plain value, not a list or mapping", node, hint=hint)
        key: str = node.value
        if key in before:
            first = next(other for name, other, _ in entries_of(mapping) if name == key)
            hint = f"it is first given in line {first.start_mark.line + 1}"
            raise self._error(f"duplicate key {key!r}", node, hint=hint)
        return key

    def _require_data(self, node: yaml.Node) -> None:
        if node.tag.startswith(_PYTHON):
            raise self._error(f"the tag !!{node.tag.removeprefix(CORE)} is not data", node)

    def _check_merge(self, node: yaml.Node) -> None:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for part in parts:
            if not isinstance(part, yaml.MappingNode):
                raise self._error("<< merges mappings only", node)
            # Makes the merged mapping once: finds its own faults, and cycles through merges.
            self._weighed(part)

    def _error(self, message: str, node: yaml.Node, *, hint: str | None = None) -> FileError:
        line, column = self._lines.place_at(node.start_mark.line, node.start_mark.column)
        return FileError(message, Location(self._name, line, column), hint=hint)
