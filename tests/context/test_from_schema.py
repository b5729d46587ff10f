from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.context.from_schema import place_values, smallest, values
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.schema_place import Place

DRAFT7 = "http://json-schema.org/draft-07/schema#"
SMALL = st.integers(0, 3)
FORMATS = ("email", "date", "date-time", "time", "uri", "uuid", "ipv4", "ipv6", "tel", "hostname")


def some(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keywords)


def typed(name: str, keywords: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return keywords.map(lambda found: {"type": name, **found})


STRINGS = typed(
    "string",
    st.one_of(
        some(minLength=SMALL, maxLength=st.integers(3, 9)),
        some(format=st.sampled_from(FORMATS)),
        some(pattern=st.sampled_from([r"^[A-Z]{2}\d+$", "ab", "^(x|y)"]), maxLength=st.just(40)),
    ),
)
NUMBERS = st.one_of(
    *(
        typed(
            name,
            some(
                minimum=st.integers(-9, 3) | st.floats(-2, 2),
                maximum=st.integers(4, 20),
                exclusiveMinimum=st.integers(-9, 3),
                multipleOf=st.sampled_from([1, 2, 3, 0.5]),
            ),
        )
        for name in ("integer", "number")
    )
)
SCALARS = st.one_of(
    STRINGS,
    NUMBERS,
    st.sampled_from([{"type": "boolean"}, {"type": ["string", "null"]}, {"const": {"a": 1}}, {}, {"type": "null"}]),
    st.lists(st.sampled_from(["a", "b", 1, None, False]), min_size=1, max_size=3).map(lambda found: {"enum": found}),
)


def combined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sampled_from("abc")
    objects = some(
        properties=st.dictionaries(keys, inner, max_size=3),
        required=st.lists(keys, max_size=2, unique=True),
        additionalProperties=st.booleans() | inner,
        minProperties=st.integers(0, 2),
    ).map(lambda found: {"type": "object", **found})
    arrays = some(items=inner, minItems=SMALL, maxItems=st.integers(3, 5), uniqueItems=st.booleans()).map(
        lambda found: {"type": "array", **found}
    )
    several = st.builds(
        lambda word, options: {word: options},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(inner, min_size=1, max_size=2),
    )
    chosen = st.builds(lambda test, then, other: {"if": test, "then": then, "else": other}, inner, inner, inner)
    return st.one_of(objects, arrays, several, chosen, inner.map(lambda schema: {"not": schema, "type": "string"}))


SCHEMAS = st.recursive(SCALARS, combined, max_leaves=5)


@given(SCHEMAS, st.data())
@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_value_is_valid(schema: dict[str, Any], data: st.DataObject) -> None:
    made = values(schema)
    assume(not made.is_empty)
    value = data.draw(made)
    validator = jsonschema_rs.validator_for({"$schema": DRAFT7, **schema}, validate_formats=True)
    assert validator.is_valid(value), list(validator.iter_errors(value))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/definitions/tree", "definitions": {"tree": {"type": "array", "items": {"$ref": "#"}}}},
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}},
        },
        {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}},
        {"type": "object", "patternProperties": {"^[a-z]{2}$": {"type": "integer"}}, "additionalProperties": False},
        {"type": "array", "contains": {"const": "x"}, "items": {"enum": ["x", "y"]}, "minItems": 1},
        {"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2},
        {"type": "string", "pattern": r"^\d{3}$", "not": {"pattern": "^9"}},
        {"properties": {"a": {"$ref": "https://example.org/a.json"}}, "required": ["a"]},
    ],
)
def test_harder_schemas_have_values_too(schema: dict[str, Any]) -> None:
    @given(values(schema))
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def judge(value: Any) -> None:
        open_schema = {**schema, "properties": {}} if "example.org" in str(schema) else schema
        assert jsonschema_rs.validator_for({"$schema": DRAFT7, **open_schema}, offline=True).is_valid(value)

    judge()


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}, "allOf": [{"type": "string"}, {"type": "object"}]},
        {"type": "string", "minLength": 5, "maxLength": 3},
        {"type": "integer", "minimum": 5, "maximum": 3},
        {"type": "array", "items": False, "minItems": 1},
        {"type": "object", "required": ["a"], "properties": {"a": False}},
        {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}},
    ],
)
def test_a_schema_that_nothing_satisfies_has_no_values(schema: dict[str, Any]) -> None:
    assert values(schema).is_empty


def test_the_smallest_value_is_always_the_same() -> None:
    place = Place({}, (({"type": "string", "pattern": "^[A-Z]{3}$"},),))
    assert {smallest(place) for _ in range(3)} == {"AAA"}


def test_a_search_that_finds_nothing_says_so() -> None:
    with pytest.raises(UsageError, match=r"^no value found that satisfies the schema$"):
        smallest(Place({}, (({"type": "string", "not": {"type": "string"}},),)))


def test_values_of_a_place_are_the_values_of_its_schema() -> None:
    place = Place({"definitions": {"s": {"const": 3}}}, (({"$ref": "#/definitions/s"},),))
    assert smallest(place) == 3
    assert not place_values(place).is_empty


@pytest.mark.parametrize("items", [{"const": {"a": 1}}, {"type": "null"}, {"enum": ["a", "a"]}])
def test_a_list_of_different_items_that_there_are_too_few_of_has_no_value(items: dict[str, Any]) -> None:
    assert values({"type": "array", "items": items, "minItems": 2, "uniqueItems": True}).is_empty
