import json
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.context.build import build
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.context.vary import Variation, edits_for
from jsonnet_ctx.ctx_path import Path, parse_path
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points, parse_hook_point
from jsonnet_ctx.kratos.scenario import Scenario, scenario_named, scenarios
from jsonnet_ctx.kratos.shape import Shape, shape_of
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS

ACTIVATE = json.loads((FilePath(__file__).parents[2] / "fixtures/activate/identity.schema.json").read_text())
SHOP: dict[str, Any] = {
    "$id": "https://example.org/shop.json",
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "required": ["email"],
            "additionalProperties": False,
            "properties": {
                "email": {"type": "string", "format": "email", "ory.sh/kratos": {"recovery": {"via": "email"}}},
                "phone": {"type": ["string", "null"], "ory.sh/kratos": {"verification": {"via": "sms"}}},
                "age": {"type": "integer", "minimum": 0},
                "news": {"type": "boolean"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "plan": {"enum": ["free", "paid"]},
                "address": {
                    "type": "object",
                    "required": ["city"],
                    "properties": {"city": {"type": "string", "minLength": 1}, "zip": {"type": "string"}},
                },
                "ref": {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"id": {"type": "integer"}}}]},
            },
            "dependencies": {"plan": ["age"]},
        }
    },
}
SCHEMAS = {"none": None, "activate": ACTIVATE, "shop": SHOP}


@cache
def shape_at(hook: HookPoint, kratos: str, schema: str) -> Shape:
    return shape_of(hook, kratos=kratos, identity_schema=SCHEMAS[schema])


@cache
def validator_of(hook: HookPoint, kratos: str, schema: str) -> Any:
    return jsonschema_rs.validator_for(ctx_schema(shape_at(hook, kratos, schema)), validate_formats=True)


def paths_of(value: Any, path: Path = ()) -> list[Path]:
    """Every path in a value, and one more key or item below each object and list."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [(*path, "unheard-of"), *(one for key, item in value.items() for one in paths_of(item, (*path, key)))]
    elif isinstance(value, list):
        found += [(*path, len(value)), *(one for n, item in enumerate(value) for one in paths_of(item, (*path, n)))]
    return found


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("kratos", [VERSIONS[0], LATEST])
def test_an_edited_ctx_is_one_that_kratos_can_send(schema: str, kratos: str) -> None:
    for hook in hook_points(kratos):
        shape, validator = shape_at(hook, kratos, schema), validator_of(hook, kratos, schema)
        scenario = scenarios(hook, kratos)[0]
        ctx = build(shape, scenario)
        traits = ("identity", "traits")
        extra = [(*traits, key) for key in ("phone", "ref", "plan", "age")] + [("identity", "external_id")]
        for path in [*paths_of(ctx), *extra, ("flow", "return_to"), ("flow", "transient_payload", "a", "b")]:
            for variation in edits_for(shape, scenario, ctx, path, values=True):
                errors = list(validator.iter_errors(apply_edit(ctx, variation.edit)))
                assert not errors, (hook.id, variation, errors[0].message)


@given(st.sampled_from(hook_points(LATEST)), st.sampled_from(sorted(SCHEMAS)), st.booleans(), st.data())
@settings(max_examples=100, deadline=None)
def test_three_edits_in_a_row_stay_possible(hook: HookPoint, schema: str, minimal: bool, data: st.DataObject) -> None:
    shape = shape_at(hook, LATEST, schema)
    scenario = data.draw(st.sampled_from(scenarios(hook, LATEST)))
    ctx = build(shape, scenario, minimal=minimal)
    for _ in range(3):
        path = data.draw(st.sampled_from(paths_of(ctx)))
        found = edits_for(shape, scenario, ctx, path, values=True)
        if found:
            ctx = apply_edit(ctx, data.draw(st.sampled_from(found)).edit)
    assert validator_of(hook, LATEST, schema).is_valid(ctx)


def at(hook: str, path: str, *, schema: str = "none", scenario: str | None = None, **changed: Any) -> list[Variation]:
    point = parse_hook_point(hook)
    shape = shape_at(point, LATEST, schema)
    way = scenario_named(point, LATEST, scenario) if scenario else scenarios(point, LATEST)[0]
    return list(edits_for(shape, way, base(shape, way, **changed), parse_path(path), values=True))


def base(shape: Shape, scenario: Scenario, **payload: Any) -> dict[str, Any]:
    ctx = build(shape, scenario)
    return {**ctx, "flow": {**ctx["flow"], "transient_payload": payload}} if payload else ctx


def told(variations: list[Variation]) -> list[tuple[Any, ...]]:
    return [
        (one.edit.op, *([one.edit.value] if one.edit.op == "set" else []), one.ordinary, one.why) for one in variations
    ]


@pytest.mark.parametrize(
    "path",
    [
        "identity.id",
        "identity.traits",
        "identity.traits.email",
        "identity.schema_id",
        "flow.id",
        "flow.active",
        "flow.type",
        "flow.ui.nodes[0].attributes.value",
        "request_url",
        "request_headers",
        "session.authentication_methods[0].provider",
        "identity.verifiable_addresses",
        "nowhere.at.all",
    ],
)
def test_what_kratos_always_sends_has_no_edits(path: str) -> None:
    assert at("login.after.password", path, schema="activate") == []


def test_a_key_of_the_payload_may_be_missing_or_hold_anything() -> None:
    assert told(at("login.after.password", "flow.transient_payload.a", a="x")) == [
        ("absent", True, "the client does not send it"),
        ("null", False, "the client sends null"),
        ("empty", False, "the client sends a string that is empty"),
        ("set", 1, False, "the client sends a number"),
        ("set", True, False, "the client sends a boolean"),
        ("set", {}, False, "the client sends an object"),
        ("set", [], False, "the client sends a list"),
    ]
    assert told(at("login.after.password", "flow.transient_payload", a="x")) == [
        ("empty", True, "the client sends no transient_payload")
    ]
    assert told(at("login.after.password", "flow.transient_payload.b"))[0] == (
        "set",
        "text",
        True,
        "the client sends it",
    )


def test_without_values_nothing_is_set() -> None:
    point = parse_hook_point("login.after.password")
    shape, way = shape_at(point, LATEST, "none"), scenarios(point, LATEST)[0]
    found = edits_for(shape, way, base(shape, way, a="x"), ("flow", "transient_payload", "a"))
    assert [one.edit.op for one in found] == ["absent", "null", "empty"]


def test_a_payload_that_does_not_come_from_the_client_stays() -> None:
    hook = "settings.after.oidc.post_persist"
    ways = [way for way in scenarios(parse_hook_point(hook), LATEST) if way.transient_payload != "client"]
    assert ways
    assert all(at(hook, "flow.transient_payload.a", scenario=way.name) == [] for way in ways)
    assert at("settings.after.profile.post_persist", "flow.transient_payload") == []


def test_an_optional_trait_may_be_missing_and_an_object_only_for_admins() -> None:
    assert told(at("login.after.password", "identity.traits.locale", schema="activate")) == [
        ("absent", True, "the person leaves it out"),
        ("set", "en", True, "it is 'en', as the identity schema allows"),
        ("set", "fr", True, "it is 'fr', as the identity schema allows"),
    ]
    assert told(at("login.after.password", "identity.traits.name", schema="activate")) == [
        ("absent", False, "the identity was made through the admin API without it"),
        ("empty", True, "it is empty, as the identity schema allows"),
    ]
    assert told(at("registration.after.password.post_persist", "identity.traits.name", schema="activate")) == [
        ("empty", True, "it is empty, as the identity schema allows")
    ]


def test_a_trait_takes_every_type_that_the_schema_allows() -> None:
    assert told(at("login.after.password", "identity.traits.ref", schema="shop")) == [
        ("absent", True, "the person leaves it out"),
        ("empty", True, "it is empty, as the identity schema allows"),
        ("set", {"id": 1}, True, "it is an object, as the identity schema allows"),
    ]
    assert told(at("login.after.password", "identity.traits.phone", schema="shop"))[:2] == [
        ("absent", True, "the person leaves it out"),
        ("null", True, "it is null, as the identity schema allows"),
    ]


def test_an_edit_that_breaks_a_rule_between_traits_is_left_out() -> None:
    found = at("login.after.password", "identity.traits.age", schema="shop")
    assert [variation for variation in found if variation.edit.op == "absent"] == []


def test_without_a_schema_a_trait_may_or_may_not_be_there() -> None:
    assert told(at("login.after.password", "identity.traits.email")) == [
        ("absent", False, "an identity does not have it, as far as is known without an identity schema")
    ]


def test_metadata_is_an_admins() -> None:
    assert told(at("login.after.password", "identity.metadata_public")) == [
        ("set", {}, False, "an admin sets an object without keys")
    ]
    assert told(at("login.after.password", "identity.metadata_public.plan")) == [
        ("set", "text", True, "an admin has set it")
    ]


def test_an_address_may_have_been_verified_where_it_was_not_just_proven() -> None:
    point = parse_hook_point("login.after.password")
    shape, way = shape_at(point, LATEST, "activate"), scenarios(point, LATEST)[0]
    ctx = build(shape, way)
    path = parse_path("identity.verifiable_addresses[0].verified")
    verified = apply_edit(ctx, edits_for(shape, way, ctx, path, values=True)[0].edit)
    address = value_at(verified, path[:-1])
    assert (address["verified"], address["status"]) == (True, "completed")
    assert "verified_at" in address
    assert at("verification.after", "identity.verifiable_addresses[0].verified") == []


def test_a_header_may_be_missing_unless_the_body_needs_it() -> None:
    assert told(at("login.after.password", "request_headers.User-Agent")) == [
        ("absent", False, "the client does not send it")
    ]
    assert at("login.after.password", "request_headers.Content-Type") == []
    assert told(at("login.after.password", "request_headers.Referer")) == [
        ("set", ["text"], True, "the client sends it")
    ]
    assert at("login.after.password", "request_headers.X-Secret") == []


def test_cookies_come_with_browsers_only_and_those_that_are_needed_stay() -> None:
    assert at("login.after.password", "request_cookies.theme") == []
    browser = next(w for w in scenarios(parse_hook_point("login.after.password"), LATEST) if w.client == "browser")
    assert told(at("login.after.password", "request_cookies.theme", scenario=browser.name)) == [
        ("set", "text", True, "the client sends it")
    ]
