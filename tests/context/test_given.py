import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.context.edit import apply_given
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.kratos.versions import LATEST

ACTIVATE = json.loads((Path(__file__).parents[2] / "fixtures/activate/identity.schema.json").read_text())
ONE_MORE: dict[str, Any] = {
    "properties": {
        "traits": {
            "type": "object",
            "required": ["email"],
            "properties": {
                "email": {
                    "type": "string",
                    "ory.sh/kratos": {"verification": {"via": "email"}, "recovery": {"via": "email"}},
                },
                "phone": {"type": "string", "ory.sh/kratos": {"verification": {"via": "sms"}}},
            },
        }
    }
}


def test_given_sets_and_without_takes_away_after_it() -> None:
    ctx = kratos_ctx(
        "registration.after.oidc.post_persist",
        given={"flow.transient_payload.oidc_provider": "google", "flow.transient_payload.plan": "pro"},
        without=["flow.transient_payload.plan", "flow.transient_payload.nothing.there"],
    )
    assert ctx["flow"]["transient_payload"] == {"oidc_provider": "google"}


def test_given_replaces_traits_as_a_whole_and_makes_objects_on_the_way() -> None:
    ctx = kratos_ctx("login.after.password", given={"identity.traits": {"email": "b@example.org", "a": {"b": 1}}})
    assert ctx["identity"]["traits"] == {"email": "b@example.org", "a": {"b": 1}}
    ctx = kratos_ctx("login.after.password", given={"identity.metadata_public.plan.name": "pro"})
    assert ctx["identity"]["metadata_public"] == {"plan": {"name": "pro"}}


def test_a_required_trait_can_be_taken_away_since_the_test_means_it() -> None:
    ctx = kratos_ctx("login.after.password", without=["identity.traits.email", "flow.id"], identity_schema=ACTIVATE)
    assert "email" not in ctx["identity"]["traits"]
    assert "id" not in ctx["flow"]
    assert ctx["identity"]["recovery_addresses"]
    assert ctx["session"]["identity"] == ctx["identity"]


def test_the_input_stays_as_it_was() -> None:
    hook = parse_hook_point("login.after.password")
    ctx = kratos_ctx(hook)
    before = copy.deepcopy(ctx)
    apply_given(ctx, shape_of(hook), {"identity.traits.email": "x@example.org"}, ["flow.ui"])
    assert ctx == before


@pytest.mark.parametrize("schema", [None, ACTIVATE])
def test_addresses_follow_the_email(schema: dict[str, Any] | None) -> None:
    ctx = kratos_ctx(
        "registration.after.oidc.post_persist",
        given={"identity.traits.email": "new@example.org"},
        identity_schema=schema,
    )
    identity = ctx["identity"]
    assert identity["verifiable_addresses"][0]["value"] == "new@example.org"
    assert identity["recovery_addresses"][0]["value"] == "new@example.org"


def test_a_new_address_trait_is_a_new_address() -> None:
    given = {"identity.traits": {"email": "a@example.org", "phone": "+491701234567"}}
    ctx = kratos_ctx("registration.after.password.post_persist", given=given, identity_schema=ONE_MORE)
    found = [(one["via"], one["value"], one["verified"]) for one in ctx["identity"]["verifiable_addresses"]]
    assert found == [("email", "a@example.org", False), ("sms", "+491701234567", False)]
    validator = jsonschema_rs.validator_for(
        ctx_schema(shape_of(parse_hook_point("registration.after.password.post_persist"), identity_schema=ONE_MORE))
    )
    assert validator.is_valid(ctx)


def test_given_addresses_are_taken_as_they_are() -> None:
    address = {"id": "5e1f0a10-0000-4000-8000-000000000000", "value": "z@example.org", "via": "email"}
    ctx = kratos_ctx(
        "login.after.password",
        given={"identity.recovery_addresses": [address], "identity.traits.email": "a@example.org"},
        identity_schema=ACTIVATE,
    )
    assert ctx["identity"]["recovery_addresses"] == [address]


def test_objects_that_kratos_adds_come_with_given_traits_where_it_adds_them() -> None:
    traits = {"email": "a@example.org"}
    ctx = kratos_ctx(
        "registration.after.password.post_persist", given={"identity.traits": traits}, identity_schema=ACTIVATE
    )
    assert ctx["identity"]["traits"] == {"email": "a@example.org", "name": {}}
    ctx = kratos_ctx("login.after.password", given={"identity.traits": traits}, identity_schema=ACTIVATE)
    assert ctx["identity"]["traits"] == traits


def refusal(hook: str, path: str, value: Any, **options: Any) -> tuple[str, str | None]:
    with pytest.raises(UsageError) as caught:
        kratos_ctx(hook, given={path: value}, **options)
    return str(caught.value), caught.value.hint


def test_a_path_that_cannot_be_there_is_refused() -> None:
    assert refusal("login.before", "identity", {}) == (
        "identity cannot be at login.before (kratos v26.2.0): "
        "a before hook runs when the flow is created: nobody is known yet",
        None,
    )
    assert refusal("login.after.password", "transient_payload.x", 1) == (
        "transient_payload.x cannot be at login.after.password (kratos v26.2.0)",
        "did you mean flow.transient_payload?",
    )
    assert refusal("login.after.password", "plan", "pro") == (
        "plan cannot be at login.after.password (kratos v26.2.0)",
        "a path begins with flow, request_headers, request_method, request_url, request_cookies, identity, session; "
        "what a client sends is below flow.transient_payload",
    )
    assert refusal("login.after.password", "identity", {"metadata_admin": {}})[0].startswith(
        "identity.metadata_admin cannot be at login.after.password (kratos v26.2.0)"
    )


def test_a_value_that_the_server_never_sends_is_refused() -> None:
    assert refusal("login.after.password", "request_headers.Accept", "text/html") == (
        "request_headers.Accept cannot be a string at login.after.password (kratos v26.2.0)",
        "it is a list",
    )
    assert refusal("login.after.password", "request_headers", {"Accept": [1]}) == (
        "request_headers.Accept[0] cannot be a number at login.after.password (kratos v26.2.0)",
        "it is a string",
    )
    assert refusal("login.after.password", "flow.type", "spa") == (
        "flow.type cannot be 'spa' at login.after.password (kratos v26.2.0)",
        "it is 'browser' or 'api'",
    )
    assert refusal("login.after.password", "flow.transient_payload", None)[1] == "it is an object"


def test_a_header_outside_the_allow_list_is_refused() -> None:
    assert refusal("login.after.password", "request_headers.user-agent", ["x"]) == (
        "request_headers.user-agent cannot be at login.after.password (kratos v26.2.0): "
        "the header is not on the allow-list",
        "did you mean User-Agent?",
    )
    assert refusal("login.after.password", "request_headers", {"X-Secret": ["x"]})[1] is None
    hook = parse_hook_point("login.after.password")
    ctx = apply_given(kratos_ctx(hook), shape_of(hook), {"request_headers.X-Plan": ["a"]}, allowlist=["x-plan"])
    assert ctx["request_headers"]["X-Plan"] == ["a"]
    assert kratos_ctx("password_migration", given={"request_headers.X-Secret": ["a"]})


def test_an_api_client_brings_no_cookies_with_what_it_submits() -> None:
    assert refusal("login.after.password", "request_cookies.a", "b") == (
        "request_cookies cannot hold anything at login.after.password (kratos v26.2.0): "
        "kratos refuses a cookie from an api client",
        "take the browser or spa client",
    )
    assert kratos_ctx("login.after.password", client="browser", given={"request_cookies.a": "b"})
    assert kratos_ctx("login.before", given={"request_cookies.a": "b"})


def test_a_trait_that_the_schema_forbids_is_refused() -> None:
    hook = "registration.after.oidc.post_persist"
    assert refusal(hook, "identity.traits.name.middle", "x", identity_schema=ACTIVATE)[0] == (
        "the identity schema has no trait name.middle"
    )
    assert refusal(hook, "identity.traits", {"emial": "x"}, identity_schema=ACTIVATE) == (
        "the identity schema has no trait emial",
        "did you mean identity.traits.email or identity.traits.locale or identity.traits?",
    )
    assert refusal(hook, "identity.traits.locale", "xx", identity_schema=ACTIVATE)[0] == (
        "the identity schema does not allow 'xx' at identity.traits.locale"
    )
    assert kratos_ctx(hook, given={"identity.traits.name.middle": "x"})


def test_what_is_no_path_or_no_json_is_refused() -> None:
    message, hint = refusal("login.after.password", "flow..id", 1)
    assert message == "not a ctx path: 'flow..id' (stopped at '..id')"
    assert hint == 'write flow.id, identity.verifiable_addresses[0] or ["a.b"]'
    assert refusal("login.after.password", "flow.transient_payload.day", date(2026, 1, 2))[0] == (
        "not a JSON value at flow.transient_payload.day: datetime.date(2026, 1, 2)"
    )
    assert refusal("login.after.password", "flow.transient_payload.n", float("nan"))[0] == (
        "not a JSON value at flow.transient_payload.n: nan"
    )
    with pytest.raises(UsageError, match="an empty ctx path"):
        kratos_ctx("login.after.password", without=[""])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=6,
)
PLACES = ["identity.traits.a", "identity.metadata_public", "flow.transient_payload", "flow.id", "identity.state", "x.y"]


@given(st.dictionaries(st.sampled_from(PLACES), JSON, max_size=3))
@settings(max_examples=80, deadline=None)
def test_whatever_is_given_is_refused_or_gives_a_possible_ctx(wanted: dict[str, Any]) -> None:
    shape = shape_of(parse_hook_point("login.after.password"), kratos=LATEST)
    try:
        ctx = kratos_ctx("login.after.password", given=wanted)
    except UsageError:
        return
    formats = jsonschema_rs.validator_for({**ctx_schema(shape)}, validate_formats=False)
    errors = [error for error in formats.iter_errors(ctx) if "pattern" not in str(error.schema_path)]
    assert not errors
