"""Traits from an answer against the identity schema, in the words of Kratos' form."""

from typing import Any

import pytest

from jsonnet_ctx.engine.hook_result import FormMessage
from jsonnet_ctx.engine.patched_traits import trait_complaints
from jsonnet_ctx.errors import UsageError

SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "properties": {
                "email": {"type": "string", "format": "email", "maxLength": 12},
                "name": {
                    "type": "object",
                    "properties": {"first": {"type": "string"}},
                    "required": ["first"],
                    "additionalProperties": False,
                },
                "age": {"type": ["integer", "null"], "minimum": 18},
                "kind": {"enum": ["person", "service"]},
                "size": {"multipleOf": 2},
                "tags": {"type": "array", "maxItems": 1},
            },
            "required": ["email"],
            "additionalProperties": False,
        }
    },
}


@pytest.mark.parametrize(
    ("traits", "complaint"),
    [
        ({}, FormMessage("traits.email", 4000002, "error", "Property email is missing.")),
        (
            {"email": "a@b.de", "x": 1, "y": 2},
            FormMessage("traits", 4000001, "error", 'additionalProperties "x", "y" not allowed'),
        ),
        (
            {"email": "a@b.de", "name": {"first": "A", "z": 1}},
            FormMessage("traits.name", 4000001, "error", 'additionalProperties "z" not allowed'),
        ),
        (
            {"email": "a@b.de", "name": {}},
            FormMessage("traits.name.first", 4000002, "error", "Property first is missing."),
        ),
        (
            {"email": "a@b.de", "name": None},
            FormMessage("traits.name", 4000026, "error", "expected object, but got null"),
        ),
        (
            {"email": "a@b.de", "age": "x"},
            FormMessage("traits.age", 4000026, "error", "expected integer or null, but got string"),
        ),
        ({"email": "a@b.de", "age": 7}, FormMessage("traits.age", 4000018, "error", "must be >= 18 but found 7")),
        ({"email": "a"}, FormMessage("traits.email", 4000001, "error", '"a" is not valid "email"')),
        (
            {"email": "abcdef@example.org"},
            FormMessage("traits.email", 4000017, "error", "length must be <= 12, but got 18"),
        ),
        (
            {"email": "a@b.de", "tags": [1, 2]},
            FormMessage("traits.tags", 4000023, "error", "maximum 1 items allowed, but found 2 items"),
        ),
        (
            {"email": "a@b.de", "kind": "x"},
            FormMessage("traits.kind", 4000001, "error", 'value must be one of "person", "service"'),
        ),
        ({"email": "a@b.de", "size": 9}, FormMessage("traits.size", 4000001, "error", "9 is not a multiple of 2")),
        (None, FormMessage("traits", 4000026, "error", "expected object, but got null")),
        ([], FormMessage("traits", 4000026, "error", "expected object, but got array")),
    ],
)
def test_a_broken_trait_is_complained_about_at_its_node(traits: Any, complaint: FormMessage) -> None:
    assert trait_complaints(traits, SCHEMA) == (complaint,)


def test_fitting_traits_and_an_unknown_schema_make_no_complaint() -> None:
    assert trait_complaints({"email": "a@b.de", "age": None}, SCHEMA) == ()
    assert trait_complaints({"anything": 1}, None) == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"traits": {"$ref": "https://example.org/other.json"}}},
        {"properties": {"traits": {"type": 7}}},
        {"properties": {"traits": {"pattern": "("}}},
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error_and_nothing_is_fetched(schema: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"^the identity schema cannot be used: "):
        trait_complaints({"email": "a"}, schema)
