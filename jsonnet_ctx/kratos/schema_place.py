"""What a JSON Schema says about one place of a value: which types, which keys, which items."""

import re
from functools import cached_property
from itertools import islice
from typing import Any

from jsonnet_ctx.kratos.schema_branch import JSON_TYPES, MAX_BRANCHES, Branch, Ways, branch_types, listed, strings
from jsonnet_ctx.records import Frozen, field


class Place(Frozen):
    """A place that a schema describes.

    ``demands`` are the ways in which the parent can be satisfied, each with the schemas that then
    hold here. ``not`` and ``dependencies`` are left out: a place allows at least what the schema allows.
    """

    document: dict[str, Any]
    demands: tuple[tuple[Any, ...], ...] = field(default=((),))

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The ways to satisfy the schema here; none when nothing can. Cut off at MAX_BRANCHES."""
        ways = Ways(self.document)
        every = (branch for schemas in self.demands for branch in ways.all_of(schemas))
        return tuple(islice(every, MAX_BRANCHES))

    @cached_property
    def types(self) -> tuple[str, ...]:
        """JSON type names that can stand here; every name where the schema does not say."""
        found = {name for branch in self.branches for name in branch_types(branch)}
        return tuple(name for name in JSON_TYPES if name in found)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys that the schema names, in its order."""
        named = (key for branch in self._objects for part in branch for key in _object(part, "properties"))
        return tuple(key for key in dict.fromkeys(named) if self.key(key).branches)

    @property
    def is_open(self) -> bool:
        """Whether keys that the schema does not name are allowed too."""
        return any(all(_extra(part) for part in branch) for branch in self._objects)

    def requires(self, key: str) -> bool:
        """Whether an object here always has ``key``."""
        objects = self._objects
        return bool(objects) and all(any(key in strings(part.get("required")) for part in b) for b in objects)

    def key(self, name: str) -> "Place":
        """The place of this key of the object here; without branches when it cannot be there."""
        if name not in self._below:
            self._below[name] = Place(self.document, tuple(property_schemas(one, name) for one in self._objects))
        return self._below[name]

    @cached_property
    def item(self) -> "Place":
        """The place of any item of the array here."""
        arrays = (branch for branch in self.branches if "array" in branch_types(branch))
        return Place(self.document, tuple(item_schemas(branch) for branch in arrays))

    def words(self, *keywords: str) -> tuple[str, ...]:
        """The strings that every branch for a string gives under one of ``keywords`` (``enum``, ``format``)."""
        strings = [branch for branch in self.branches if "string" in branch_types(branch)]
        per_branch = [
            [word for part in branch for keyword in keywords if keyword in part for word in _texts(part[keyword])]
            for branch in strings
        ]
        return tuple(dict.fromkeys(word for words in per_branch for word in words)) if all(per_branch) else ()

    @cached_property
    def _below(self) -> dict[str, "Place"]:
        return {}

    @cached_property
    def _objects(self) -> tuple[Branch, ...]:
        return tuple(branch for branch in self.branches if "object" in branch_types(branch))


def property_schemas(branch: Branch, name: str) -> tuple[Any, ...]:
    """Return the schemas that hold for the key ``name`` of an object that satisfies ``branch``."""
    schemas: list[Any] = []
    for part in branch:
        own = _object(part, "properties")
        patterns = [schema for pattern, schema in _object(part, "patternProperties").items() if _matches(pattern, name)]
        known = [own[name], *patterns] if name in own else patterns
        schemas += known or [part.get("additionalProperties", True)]
    return tuple(schemas)


def item_schemas(branch: Branch) -> tuple[Any, ...]:
    """Return the schemas that hold for any item of a list that satisfies ``branch``."""
    schemas: list[Any] = []
    for part in branch:
        prefix = listed(part.get("prefixItems"))
        items = part.get("items", True)
        alternatives = [*prefix, *(items if isinstance(items, list) else [items])]
        schemas.append({"anyOf": alternatives} if len(alternatives) > 1 else next(iter(alternatives), True))
    return tuple(schemas)


def _extra(part: dict[str, Any]) -> bool:
    return part.get("additionalProperties", True) is not False or bool(_object(part, "patternProperties"))


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return True


def _object(part: dict[str, Any], word: str) -> dict[str, Any]:
    value = part.get(word)
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else strings(value)
