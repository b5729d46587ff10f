"""Values as JSON knows them: when two are the same, and what type one has."""

import json
from typing import Any

TYPES = ("object", "array", "string", "number", "boolean", "null")
MOST_CHARACTERS = 200


def same(one: Any, two: Any) -> bool:
    """Whether two JSON values are equal: ``1`` is ``1.0``, but ``true`` is not ``1``."""
    if type_name(one) != type_name(two):
        return False
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(value, two[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(two) and all(map(same, one, two))
    return bool(one == two)


def type_name(value: Any) -> str:
    """The JSON type of a value."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def shown(value: Any) -> str:
    """A value as JSON on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
