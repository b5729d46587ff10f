"""Values as JSON knows them: when two are the same, and what type one has."""

import itertools
import json
from typing import Any

TYPES = ("object", "array", "string", "number", "boolean", "null")
_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
MOST_CHARACTERS = 200
_BEFORE = 20


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
    return _NAMES.get(type(value), "number")


def shown(value: Any) -> str:
    """A value as JSON on one line, cut where it is long."""
    return _cut(json.dumps(value, ensure_ascii=False))


def shown_apart(one: Any, two: Any) -> tuple[str, str]:
    """Two values that look alike when they are shown: with escapes, from where they begin to differ."""
    first, second = json.dumps(one), json.dumps(two)
    equal = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    start = 0 if max(len(first), len(second)) <= MOST_CHARACTERS else max(equal - _BEFORE, 0)
    mark = "…" if start else ""
    return f"{mark}{_cut(first[start:])}", f"{mark}{_cut(second[start:])}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
