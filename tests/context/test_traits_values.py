import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.context.traits import example_traits
from jsonnet_ctx.errors import UsageError

ACTIVATE = json.loads((Path(__file__).parents[2] / "fixtures/activate/identity.schema.json").read_text())

FORMATS = ("email", "date", "date-time", "time", "uri", "uuid", "ipv4", "ipv6", "hostname", "regex", "json-pointer")


def identity(traits: dict[str, Any], **definitions: Any) -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {"traits": traits},
        "definitions": definitions,
    }


SCHEMAS = {
    "activate": ACTIVATE,
    "lengths": identity({"properties": {"email": {"type": "string", "minLength": 40, "maxLength": 50}}}),
    "short name": identity({"properties": {"first": {"type": "string", "maxLength": 2}}}),
    "numbers": identity(
        {
            "properties": {
                "age": {"type": "integer", "minimum": 100, "exclusiveMaximum": 102},
                "step": {"type": "number", "multipleOf": 7},
                "above": {"type": "number", "exclusiveMinimum": 0.5, "maximum": 0.75},
            }
        }
    ),
    "pattern": identity(
        {"required": ["code"], "properties": {"code": {"type": "string", "pattern": r"^[A-Z]{3}-\d+$"}}}
    ),
    "one of": identity(
        {
            "oneOf": [
                {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                {"properties": {"kind": {"const": "b"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
            ]
        }
    ),
    "if": identity(
        {
            "properties": {"country": {"enum": ["DE", "US"]}},
            "required": ["country"],
            "if": {"properties": {"country": {"const": "DE"}}},
            "then": {"required": ["zip"], "properties": {"zip": {"pattern": r"^\d{5}$", "type": "string"}}},
            "else": {"required": ["state"]},
        }
    ),
    "lists": identity(
        {
            "properties": {
                "tags": {"type": "array", "items": {"type": "string"}, "minItems": 3, "uniqueItems": True},
                "pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "minItems": 2},
            }
        }
    ),
    "tree": identity(
        {"$ref": "#/definitions/p"},
        p={
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "boss": {"$ref": "#/definitions/p"}},
        },
    ),
    "nullable": identity({"properties": {"phone": {"type": ["null", "string"]}, "x": {"type": "null"}}}),
    "all formats": identity({"properties": {form: {"type": "string", "format": form} for form in FORMATS}}),
    "nested required": identity(
        {"properties": {"home": {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}}}
    ),
    "no traits": {"type": "object"},
}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("minimal", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 77])
def test_example_traits_are_valid(name: str, minimal: bool, seed: int) -> None:
    traits = example_traits(SCHEMAS[name], seed=seed, minimal=minimal)
    jsonschema_rs.validator_for(SCHEMAS[name], validate_formats=True).validate({"traits": traits})


@given(st.integers(0, 10_000))
def test_the_same_seed_is_the_same_person(seed: int) -> None:
    assert example_traits(ACTIVATE, seed=seed) == example_traits(ACTIVATE, seed=seed)


def test_traits_look_like_a_persons() -> None:
    assert example_traits(ACTIVATE) == {
        "email": "ann.example@example.org",
        "name": {"first": "Ann", "last": "Example"},
        "locale": "de",
        "kind": "person",
    }
    assert example_traits(ACTIVATE, seed=1)["email"] == "ben.muster@example.org"


def test_minimal_traits_hold_what_is_required_and_objects_as_kratos_adds_them() -> None:
    assert example_traits(ACTIVATE, minimal=True) == {"email": "ann.example@example.org", "name": {}}
    assert example_traits(SCHEMAS["nested required"], minimal=True) == {"home": {"city": "Berlin"}}


def test_an_address_trait_without_a_format_is_an_address() -> None:
    schema = identity(
        {
            "properties": {
                "login": {"type": "string", "ory.sh/kratos": {"recovery": {"via": "email"}}},
                "number": {"type": "string", "ory.sh/kratos": {"verification": {"via": "sms"}}},
            }
        }
    )
    assert example_traits(schema) == {"login": "ann.example@example.org", "number": "+491701468856"}


def test_a_hard_key_does_not_spoil_the_others() -> None:
    schema = identity(
        {
            "required": ["code", "email"],
            "properties": {
                "code": {"type": "string", "pattern": r"^[A-Z]{3}-\d+$"},
                "email": {"type": "string", "format": "email"},
            },
        }
    )
    assert example_traits(schema) == {"code": "AAA-0", "email": "ann.example@example.org"}


def test_traits_that_cannot_be_an_object_are_refused() -> None:
    with pytest.raises(UsageError, match=r"^the identity schema allows no object as traits$"):
        example_traits(identity({"type": "string"}))
    with pytest.raises(UsageError, match=r"^no value found that satisfies the schema$"):
        example_traits(identity({"type": "object", "required": ["a"], "properties": {"a": False}}))


def test_a_plain_schema_needs_no_heavy_package() -> None:
    code = (
        "import json, sys; from jsonnet_ctx.context.traits import example_traits;"
        "example_traits(json.load(sys.stdin)); print([n for n in ('hypothesis', 'jsonschema_rs') if n in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, input=json.dumps(ACTIVATE), capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
