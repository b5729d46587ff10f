from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.trait_addresses import addresses_of
from jsonnet_ctx.kratos.traits import remote_refs, trait_allows, trait_fields, trait_may_exist


def schema_of(traits: Any, **definitions: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"traits": traits}, "definitions": definitions}


CUSTOMER = schema_of(
    {
        "type": "object",
        "required": ["email"],
        "additionalProperties": False,
        "properties": {
            "email": {
                "type": "string",
                "format": "email",
                "ory.sh/kratos": {"verification": {"via": "email"}, "recovery": {"via": "email"}},
            },
            "phone": {"type": ["string", "null"], "ory.sh/kratos": {"verification": {"via": "sms"}}},
            "name": {
                "type": "object",
                "required": ["last"],
                "properties": {"first": {"type": "string"}, "last": {"type": "string"}},
            },
            "tags": {"type": "array", "items": {"type": "object", "properties": {"key": {"enum": ["a", "b"]}}}},
        },
    }
)


def fields(schema: dict[str, Any], *, materialised: bool = True) -> dict[Path, Field]:
    return {field.path: field for field in trait_fields(schema, materialised=materialised)}


def test_a_required_trait_is_always_there_and_another_one_optional() -> None:
    found = fields(CUSTOMER)
    assert found[("email",)].presence == "always"
    assert found[("email",)].format == "email"
    assert found[("phone",)].presence == "optional"
    assert found[("phone",)].types == ("string",)
    assert found[("phone",)].nullable
    assert found[("tags",)].presence == "optional"


def test_kratos_adds_an_object_that_nobody_submitted() -> None:
    assert fields(CUSTOMER)[("name",)].presence == "always"
    assert fields(CUSTOMER)[("name", "first")].presence == "optional"


def test_an_identity_of_the_admin_api_may_lack_an_optional_object() -> None:
    field = fields(CUSTOMER, materialised=False)[("name",)]
    assert field.presence == "optional"
    assert field.note == (
        "an identity made through the admin API keeps exactly what was sent, so the object can be missing"
    )


def test_a_required_key_is_there_whenever_its_object_is() -> None:
    assert fields(CUSTOMER)[("name", "last")].presence == "always"


def test_an_object_in_a_list_is_not_added_to() -> None:
    found = fields(
        schema_of({"type": "object", "properties": {"l": {"items": {"properties": {"o": {"type": "object"}}}}}})
    )
    assert found[("l", "*", "o")].presence == "optional"


def test_parents_come_before_children() -> None:
    paths = [field.path for field in trait_fields(CUSTOMER)]
    assert all(path[:-1] in paths[:index] for index, path in enumerate(paths) if len(path) > 1)


def test_enum_values_are_kept() -> None:
    assert fields(CUSTOMER)[("tags", "*", "key")].enum == ("a", "b")


def test_keys_that_the_schema_does_not_name_are_open_unless_it_forbids_them() -> None:
    assert ("*",) not in fields(CUSTOMER)
    assert fields(CUSTOMER)[("name", "*")].is_open


def test_a_schema_without_traits_leaves_them_open() -> None:
    assert fields({"type": "object"})[("*",)].is_open


def test_all_of_joins_and_any_of_keeps_what_every_alternative_has() -> None:
    schema = schema_of(
        {
            "allOf": [
                {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]},
                {
                    "anyOf": [
                        {"properties": {"kind": {"const": "a"}, "x": {"type": "number"}}, "required": ["kind", "x"]},
                        {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
                    ]
                },
            ]
        }
    )
    found = fields(schema)
    assert found[("email",)].presence == "always"
    assert found[("kind",)].presence == "always"
    assert found[("kind",)].enum == ("a", "b")
    assert found[("x",)].presence == "optional"


def test_a_local_reference_is_followed() -> None:
    schema = schema_of({"$ref": "#/definitions/t"}, t={"type": "object", "properties": {"a": {"$ref": "#/$defs/s"}}})
    schema["$defs"] = {"s": {"type": "string"}}
    assert fields(schema)[("a",)].types == ("string",)


def test_a_reference_by_the_schemas_own_address_is_local() -> None:
    schema = schema_of({"$ref": "https://example.org/c.json#/definitions/t"}, t={"properties": {"a": {}}})
    schema["$id"] = "https://example.org/c.json"
    assert ("a",) in fields(schema)
    assert remote_refs(schema) == ()


def test_a_remote_reference_is_open_and_reported() -> None:
    schema = schema_of({"properties": {"a": {"$ref": "https://example.org/a.json"}, "b": {"$ref": "other.json#/x"}}})
    assert fields(schema)[("a",)].is_open
    assert remote_refs(schema) == ("https://example.org/a.json", "other.json#/x")
    assert trait_allows(schema, ("identity", "traits", "a"), 5)


@pytest.mark.parametrize(
    "traits",
    [
        {"$ref": "#/properties/traits"},
        {"allOf": [{"$ref": "#/properties/traits"}, {"$ref": "#/properties/traits"}]},
        {"type": "object", "properties": {"a": {"$ref": "#/properties/traits"}, "b": {"$ref": "#/properties/traits"}}},
        {"type": "object", "properties": {"l": {"type": "array", "items": {"$ref": "#"}}}},
    ],
)
def test_a_schema_that_holds_itself_ends(traits: dict[str, Any]) -> None:
    schema = schema_of(traits)
    assert len(trait_fields(schema)) < 50
    assert trait_may_exist(schema, ("a", "b"))


def test_doubling_references_end() -> None:
    chain = {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(40)}
    wide = {
        f"e{n}": {"type": "object", "properties": {key: {"$ref": f"#/definitions/e{n + 1}"} for key in "abcd"}}
        for n in range(10)
    }
    schema = schema_of({"allOf": [{"$ref": "#/definitions/d0"}, {"$ref": "#/definitions/e0"}]}, **chain, d40={}, **wide)
    assert len(trait_fields(schema)) == 2000


def test_a_schema_that_nests_too_deep_is_refused() -> None:
    traits: dict[str, Any] = {"type": "object"}
    for _ in range(300):
        traits = {"type": "object", "properties": {"a": traits}}
    with pytest.raises(UsageError, match=r"^the identity schema nests deeper than 200 levels$"):
        trait_fields(schema_of(traits))


def test_a_path_may_exist_where_nothing_forbids_it() -> None:
    assert trait_may_exist(CUSTOMER, ("email",))
    assert trait_may_exist(CUSTOMER, ("tags", 3, "key"))
    assert trait_may_exist(CUSTOMER, ("name", "middle"))
    assert not trait_may_exist(CUSTOMER, ("nickname",))
    assert not trait_may_exist(CUSTOMER, ("email", "domain"))


def test_a_value_is_allowed_as_the_schema_says() -> None:
    assert trait_allows(CUSTOMER, ("identity", "traits", "email"), "a@example.org")
    assert not trait_allows(CUSTOMER, ("session", "identity", "traits", "email"), 5)
    assert not trait_allows(CUSTOMER, ("identity", "traits", "nickname"), "Ann")
    assert trait_allows(None, ("identity", "traits", "nickname"), "Ann")
    assert trait_allows(CUSTOMER, ("flow", "transient_payload", "nickname"), 5)


def test_a_schema_that_no_validator_can_read_is_said_to_be_none() -> None:
    with pytest.raises(UsageError, match=r"^the identity schema is not a JSON Schema: "):
        trait_allows(
            schema_of({"properties": {"a": {"type": "string", "pattern": "("}}}), ("identity", "traits", "a"), "x"
        )


def test_addresses_come_from_the_marked_traits() -> None:
    traits = {"email": "ann@example.org", "phone": "+491701234567"}
    assert [(one.kind, one.via, one.value, one.path) for one in addresses_of(CUSTOMER, traits)] == [
        ("verification", "email", "ann@example.org", ("email",)),
        ("recovery", "email", "ann@example.org", ("email",)),
        ("verification", "sms", "+491701234567", ("phone",)),
    ]
    assert addresses_of(CUSTOMER, {"email": "", "phone": None}) == ()


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
WORDS = st.sampled_from(
    ["type", "properties", "items", "required", "$ref", "allOf", "anyOf", "if", "enum", "const", "a", "traits"]
)
JUNK = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4))


@given(st.dictionaries(WORDS, JUNK, max_size=4))
@settings(max_examples=200)
def test_a_schema_of_any_content_is_read_without_a_crash(junk: dict[str, Any]) -> None:
    schema = schema_of({"properties": {"a": junk, "traits": {"$ref": "#/properties/traits/properties/a"}}})
    assert {field.presence for field in trait_fields(schema)} <= {"always", "optional"}
    remote_refs(schema)
    addresses_of(schema, {"a": ["x"]})
