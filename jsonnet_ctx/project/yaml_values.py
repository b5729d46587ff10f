"""YAML nodes as plain values: scalars as Kratos reads them, merge keys, and aliases within reason."""

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex

_MAX_VALUES = 1_000_000
"""Values that aliases may expand to, all counted; a real config has a few thousand."""

_CORE = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?(?:0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*)")
# Numbers of YAML 1.2 that the YAML 1.1 resolver takes for strings: 1e3, 0o17.
_NUMBER_12 = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|0o[0-7]+")


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
        if key_node.tag == f"{_CORE}merge":
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
        known = self._done.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:
            raise self._error("an alias refers to the value it lies in", node)
        self._open.add(id(node))
        made = self._make(node)
        self._open.discard(id(node))
        if made[1] > _MAX_VALUES:
            raise self._error(f"aliases expand to more than {_MAX_VALUES:,} values", node)
        self._done[id(node)] = made
        return made

    def _make(self, node: yaml.Node) -> tuple[Any, int]:
        if node.tag.startswith(f"{_CORE}python/"):
            raise self._error(f"the tag !!{node.tag.removeprefix(_CORE)} is not data", node)
        if isinstance(node, yaml.SequenceNode):
            items = [self._weighed(item) for item in node.value]
            return [value for value, _ in items], 1 + sum(weight for _, weight in items)
        if isinstance(node, yaml.MappingNode):
            self._check_keys(node)
            value: dict[str, Any] = {}
            total = 1
            for key, _, value_node in entries_of(node):
                if key not in value:
                    value[key], weight = self._weighed(value_node)
                    total += weight
            return value, total
        return scalar_value(node), 1

    def _check_keys(self, node: yaml.MappingNode) -> None:
        seen: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            if key_node.tag == f"{_CORE}merge":
                self._check_merge(value_node)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                hint = "a template of a YAML file (Helm, Go) must be rendered first; quote a value that begins with {"
                raise self._error("a key must be a plain value, not a list or mapping", key_node, hint=hint)
            if key_node.value in seen:
                first = seen[key_node.value].start_mark.line + 1
                hint = f"it is first given in line {first}"
                raise self._error(f"duplicate key {key_node.value!r}", key_node, hint=hint)
            seen[key_node.value] = key_node

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


def scalar_value(node: yaml.Node) -> Any:
    """Return a scalar as Kratos's YAML reader does.

    YAML 1.2: ``true`` and ``false`` are booleans, ``yes``, ``no``, ``on`` and ``off`` strings;
    no sexagesimal numbers; dates stay text.
    """
    text: str = node.value
    kind = node.tag.removeprefix(_CORE)
    if kind == "null":
        return None
    is_plain = isinstance(node, yaml.ScalarNode) and not node.style
    if kind == "str" and is_plain and _NUMBER_12.fullmatch(text):
        kind = "int" if text.startswith("0o") else "float"
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and _INT.fullmatch(text):
        return _integer(text.replace("_", ""))
    if kind == "float" and ":" not in text and not text.lower().lstrip("+-").startswith((".inf", ".nan")):
        number = float(text.replace("_", ""))
        # Beyond a double's range there is no JSON number.
        return number if math.isfinite(number) else text
    return text


def _integer(text: str) -> int | str:
    digits = text.lstrip("+-").lower()
    sign = -1 if text.startswith("-") else 1
    if len(digits) > 400:
        return text
    if digits.startswith(("0x", "0b", "0o")):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if len(digits) > 1 and digits.startswith("0") else 10)
