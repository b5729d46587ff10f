"""Hypothesis strategies from a JSON Schema: every value they make is valid."""

import re
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException, NoSuchExample
from hypothesis.strategies import SearchStrategy

from jsonnet_ctx.context.letters import LETTERS
from jsonnet_ctx.context.no_value import NoValue
from jsonnet_ctx.context.schema_numbers import numbers
from jsonnet_ctx.context.schema_strings import texts
from jsonnet_ctx.kratos.schema_branch import Branch, branch_types, listed, strings
from jsonnet_ctx.kratos.schema_place import Place, item_schemas, property_schemas
from jsonnet_ctx.kratos.schema_valid import is_valid

MAX_DEPTH = 8
_TO_FILTER = (
    *("oneOf", "if", "not", "dependencies", "dependentSchemas", "dependentRequired", "propertyNames", "contains"),
    *("minProperties", "maxProperties", "pattern", "format", "enum", "const", "prefixItems", "patternProperties"),
    *("unevaluatedProperties", "unevaluatedItems", "minContains", "maxContains"),
)
_ANY: SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.text(LETTERS, max_size=8), st.builds(dict), st.builds(list)
)


def values(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """Return a strategy for the plain JSON values that ``schema`` allows.

    Draft 7 (as in Kratos) unless ``$schema`` names 2019-09 or 2020-12; references inside the
    document are followed, others allow anything. A schema that nothing satisfies gives
    ``st.nothing()``, where that shows without searching. Keys that the schema does not name are
    made only where it gives them a schema of their own. Drawing raises UsageError for a schema
    that no validator can read.
    """
    return place_values(Place(schema, ((schema,),)))


def place_values(place: Place) -> SearchStrategy[Any]:
    """Return a strategy for the values that the schema allows at one place of it."""
    return _values(place, ())


def smallest(place: Place) -> Any:
    """Return the simplest valid value that a search finds, always the same one.

    Raises NoValue when the search finds none.
    """
    quiet = settings(max_examples=500, database=None, derandomize=True, deadline=None, phases=[Phase.generate])
    try:
        return find(place_values(place), lambda _value: True, settings=quiet)
    except (NoSuchExample, HypothesisException) as problem:
        raise NoValue("no value found that satisfies the schema") from problem


def _values(place: Place, above: tuple[Any, ...]) -> SearchStrategy[Any]:
    if len(above) > MAX_DEPTH:
        return st.nothing()
    ways = [_branch_values(place, branch, above) for branch in place.branches]
    made = st.one_of([way for way in ways if not way.is_empty])
    if not any(word in part for branch in place.branches for part in branch for word in _TO_FILTER):
        return made
    return made.filter(lambda value: is_valid(place, value))


def _branch_values(place: Place, branch: Branch, above: tuple[Any, ...]) -> SearchStrategy[Any]:
    fixed = [values for part in branch if (values := [part["const"]] if "const" in part else listed(part.get("enum")))]
    if fixed:
        return st.sampled_from(fixed[0])
    types = branch_types(branch)
    if len(types) == 7:
        return _ANY
    makers = {
        "object": lambda: _objects(place, branch, above),
        "array": lambda: _arrays(place, branch, above),
        "string": lambda: texts(branch),
        "integer": lambda: numbers(branch, whole=True),
        "number": lambda: numbers(branch, whole=False),
        "boolean": st.booleans,
        "null": st.none,
    }
    return st.one_of([makers[name]() for name in types])


def _objects(place: Place, branch: Branch, above: tuple[Any, ...]) -> SearchStrategy[Any]:
    required = {key for part in branch for key in strings(part.get("required"))}
    named = {key for part in branch if isinstance(part.get("properties"), dict) for key in part["properties"]}
    needed: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for key in sorted(named | required):
        child = Place(place.document, (property_schemas(branch, key),))
        if key in required:
            needed[key] = _values(child, (*above, branch))
        elif not _leads_back(child, (*above, branch)):
            optional[key] = _values(child, (*above, branch))
    if any(made.is_empty for made in needed.values()):
        return st.nothing()
    optional = {key: made for key, made in optional.items() if not made.is_empty}
    stated = st.fixed_dictionaries(needed, optional=optional)
    extra = _extra_keys(place, branch, above)
    return stated if extra is None else st.builds(lambda more, sure: {**more, **sure}, extra, stated)


def _extra_keys(place: Place, branch: Branch, above: tuple[Any, ...]) -> SearchStrategy[dict[str, Any]] | None:
    """Keys by ``patternProperties`` or a schema under ``additionalProperties``; None where neither asks for any."""
    patterns = [pattern for part in branch for pattern in part.get("patternProperties") or {}]
    free = any(isinstance(part.get("additionalProperties"), dict) for part in branch)
    if not (patterns or free or any("minProperties" in part for part in branch)):
        return None
    least = max((part.get("minProperties", 0) for part in branch), default=0)
    keys = st.from_regex(patterns[0]) if patterns and _readable(patterns[0]) else st.text("abcdefghij", min_size=1)

    def with_key(key: str) -> SearchStrategy[tuple[str, Any]]:
        child = Place(place.document, (property_schemas(branch, key),))
        return st.tuples(st.just(key), _values(child, (*above, branch)))

    return st.lists(keys.flatmap(with_key), min_size=least, max_size=least + 2, unique_by=lambda pair: pair[0]).map(
        dict
    )


def _arrays(place: Place, branch: Branch, above: tuple[Any, ...]) -> SearchStrategy[Any]:
    least = max((part.get("minItems", 0) for part in branch), default=0)
    most = min((part["maxItems"] for part in branch if "maxItems" in part), default=least + 4)
    if most < least:
        return st.nothing()
    child = Place(place.document, (item_schemas(branch),))
    items = st.nothing() if _leads_back(child, above) and not least else _values(child, (*above, branch))
    if items.is_empty:
        return st.nothing() if least else st.just([])
    unique = any(part.get("uniqueItems") is True for part in branch)
    if unique and (count := _how_many(child)) is not None:
        most = min(most, count)
        if most < least:
            return st.nothing()
    lists = st.lists(items, min_size=least, max_size=min(most, least + 4), unique_by=repr if unique else None)
    return lists.filter(lambda value: is_valid(place, value)) if unique or _has_tuple(branch) else lists


_FEW: dict[str, tuple[Any, ...]] = {"null": (None,), "boolean": (False, True)}


def _how_many(child: Place) -> int | None:
    """How many values a place can have at most, None where it does not list them."""
    values: set[str] = set()
    for branch in child.branches:
        named = [[part["const"]] if "const" in part else part.get("enum") for part in branch]
        lists = [one for one in named if isinstance(one, list)]
        types = {*branch_types(branch)}
        if not lists and not types <= {"null", "boolean"}:
            return None
        few = [value for name, of_type in _FEW.items() if name in types for value in of_type]
        values.update(repr(value) for value in (min(lists, key=len) if lists else few))
    return len(values)


def _has_tuple(branch: Branch) -> bool:
    return any(isinstance(part.get("items"), list) or "prefixItems" in part for part in branch)


def _leads_back(child: Place, above: tuple[Any, ...]) -> bool:
    """Whether a place repeats a schema that already holds it twice over."""
    parts = [part for branch in child.branches for part in branch]
    return any(sum(part is one for branch in above for one in branch) > 1 for part in parts)


def _readable(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
