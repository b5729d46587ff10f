"""Branches of a JSON Schema: the ways to satisfy it, with references and combinations taken apart."""

from collections.abc import Iterable
from itertools import islice, product
from typing import Any

from jsonnet_ctx.kratos.local_schema import resolve

MAX_BRANCHES = 64
MAX_NESTING = 64
JSON_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_HINTS = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "minProperties"),
    "array": ("items", "minItems", "uniqueItems", "contains"),
    "string": ("format", "pattern", "minLength", "maxLength", "ory.sh/kratos"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
Branch = tuple[dict[str, Any], ...]
"""Schemas that all hold at once. Their ``allOf``, ``anyOf``, ``oneOf`` and ``if`` are parts of their own."""


def branch_types(branch: Branch) -> tuple[str, ...]:
    """JSON type names that a branch allows: what ``type``, ``enum`` and ``const`` say, else what its keywords speak of.

    A schema with ``properties`` and no ``type`` is taken for an object: its author means one.
    """
    allowed: set[str] = set(JSON_TYPES)
    stated = False
    for part in branch:
        names = _stated_types(part)
        if names is not None:
            allowed &= names
            stated = True
    if not stated:
        hinted = {name for name, words in _HINTS.items() if any(word in part for part in branch for word in words)}
        allowed = hinted or allowed
    return tuple(name for name in JSON_TYPES if name in allowed)


def type_of(value: Any) -> str:
    """The JSON type name of a plain value; ``integer`` for a whole number."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    return {float: "number", str: "string", list: "array", dict: "object"}[type(value)]


def _stated_types(part: dict[str, Any]) -> set[str] | None:
    if "const" in part:
        return {type_of(part["const"])}
    if isinstance(part.get("enum"), list):
        return {type_of(value) for value in part["enum"]}
    names = [part["type"]] if isinstance(part.get("type"), str) else strings(part.get("type"))
    if not names:
        return None
    return {*names, "integer"} if "number" in names else set(names)


class Ways:
    """The branches of schemas at one place; each schema is expanded once, a circle stands for no demand."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._known: dict[int, list[Branch]] = {}

    def all_of(self, schemas: tuple[Any, ...], depth: int = 0) -> list[Branch]:
        """Branches that satisfy every one of ``schemas``."""
        if depth > MAX_NESTING:
            return [()]
        ways = [self._one(schema, depth) for schema in schemas]
        joined = (_joined(combination) for combination in islice(product(*ways), MAX_BRANCHES))
        return [branch for branch in joined if branch_types(branch)]

    def _one(self, schema: Any, depth: int) -> list[Branch]:
        schema = resolve(self._document, schema)
        if isinstance(schema, bool):
            return [()] if schema else []
        if id(schema) not in self._known:
            self._known[id(schema)] = [()]
            self._known[id(schema)] = self._expanded(schema, depth)
        return self._known[id(schema)]

    def _expanded(self, schema: dict[str, Any], depth: int) -> list[Branch]:
        every = tuple(listed(schema.get("allOf")))
        choices: list[list[tuple[Any, ...]]] = [
            [(option,) for option in listed(schema[word])] for word in ("anyOf", "oneOf") if word in schema
        ]
        if "if" in schema:
            choices.append([(schema["if"], schema.get("then", True)), (schema.get("else", True),)])
        nested = [
            (*every, *(part for parts in choice for part in parts))
            for choice in islice(product(*choices), MAX_BRANCHES)
        ]
        ways = (branch for schemas in nested for branch in self.all_of(schemas, depth + 1))
        joined = (_joined(((schema,), branch)) for branch in islice(ways, MAX_BRANCHES))
        return [branch for branch in joined if branch_types(branch)]


def _joined(branches: Iterable[Branch]) -> Branch:
    """All parts of several branches, each part once."""
    return tuple({id(part): part for branch in branches for part in branch}.values())


def listed(value: Any) -> list[Any]:
    """A list as it is; an empty one for anything else that stands where a list belongs."""
    return value if isinstance(value, list) else []


def strings(value: Any) -> list[str]:
    """The strings of a list."""
    return [item for item in listed(value) if isinstance(item, str)]
