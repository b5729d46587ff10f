"""Fabricated contexts are what Kratos would send."""

import base64
import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.context.build import build, kratos_ctx
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.hook_point import hook_points, parse_hook_point
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import Shape, shape_of
from jsonnet_ctx.kratos.versions import VERSIONS

NIL = "00000000-0000-0000-0000-000000000000"

SCHEMA = {
    "properties": {
        "traits": {
            "type": "object",
            "required": ["email", "address"],
            "additionalProperties": False,
            "properties": {
                "email": {"type": "string", "format": "email",
                          "ory.sh/kratos": {"verification": {"via": "email"}, "recovery": {"via": "email"}}},
                "phone": {"type": "string", "format": "tel", "ory.sh/kratos": {"verification": {"via": "sms"}}},
                "name": {"type": "object", "properties": {"first": {"type": "string"}}},
                "address": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
            },
        }
    }
}  # fmt: skip


@cache
def validator(hook: str, kratos: str) -> Any:
    return jsonschema_rs.validator_for(ctx_schema(shape_of(parse_hook_point(hook), kratos=kratos)))


def problems(shape: Shape, ctx: dict[str, Any]) -> list[str]:
    judge = validator(shape.hook.id, shape.kratos)
    return [f"{problem.instance_path}: {problem.message}" for problem in judge.iter_errors(ctx)]


@pytest.mark.parametrize("kratos", VERSIONS)
@pytest.mark.parametrize("hook", hook_points(), ids=str)
def test_every_way_of_every_hook_point_gives_a_valid_ctx(hook: Any, kratos: str) -> None:
    for way in scenarios(hook, kratos):
        shape = shape_of(hook, kratos=kratos)
        for minimal in (False, True):
            ctx = build(shape, way, minimal=minimal)
            assert problems(shape, ctx) == [], way.name
            json.dumps(ctx, allow_nan=False)


@pytest.mark.parametrize("hook", hook_points(), ids=str)
def test_an_identity_schema_makes_the_traits(hook: Any) -> None:
    shape = shape_of(hook, identity_schema=SCHEMA)
    judge = jsonschema_rs.validator_for(ctx_schema(shape))
    for way in scenarios(hook, "v26.2.0"):
        for minimal in (False, True):
            ctx = build(shape, way, minimal=minimal)
            assert [problem.message for problem in judge.iter_errors(ctx)] == [], way.name
            if "identity" in ctx:
                emails = [address["value"] for address in ctx["identity"]["recovery_addresses"]]
                assert emails == [ctx["identity"]["traits"]["email"]]


@given(seed=st.integers(0, 2**64))
def test_the_same_seed_gives_the_same_valid_ctx(seed: int) -> None:
    shape = shape_of(parse_hook_point("settings.after.profile.post_persist"))
    way = scenarios(shape.hook, shape.kratos)[0]
    ctx = build(shape, way, seed=seed)
    assert problems(shape, ctx) == []
    assert json.dumps(ctx) == json.dumps(build(shape, way, seed=seed))


def test_another_seed_is_another_person() -> None:
    one, two = (kratos_ctx("login.after.password", seed=seed) for seed in (1, 2))
    assert one["identity"]["id"] != two["identity"]["id"]
    assert one["flow"]["id"] != two["flow"]["id"]


def key_paths(value: Any, path: Path = ()) -> set[Path]:
    found = {path}
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found |= key_paths(item, (*path, key))
    return found


@pytest.mark.parametrize("hook", hook_points(), ids=str)
def test_no_key_is_there_that_the_shape_does_not_know(hook: Any) -> None:
    shape = shape_of(hook)
    for way in scenarios(hook, shape.kratos):
        for path in key_paths(build(shape, way)) - {()}:
            assert shape.field(path) is not None, path


@pytest.mark.parametrize("hook", hook_points(), ids=str)
def test_a_minimal_ctx_has_only_what_is_always_there(hook: Any) -> None:
    shape = shape_of(hook)
    for way in scenarios(hook, shape.kratos):
        ctx = build(shape, way, minimal=True)
        assert ctx["request_headers"] == {}
        decided = {"transient_payload", "active", "session_token_exchange_code", "state_changed_at", "messages"}
        for path in key_paths(ctx) - {()}:
            field = shape.field(path)
            assert field is not None
            in_item = any(isinstance(part, int) for part in path[:-1])
            assert field.presence == "always" or field.is_open or in_item or path[-1] in decided, path


def test_the_items_of_a_list_stay_whole_in_a_minimal_ctx() -> None:
    nodes = kratos_ctx("login.before", minimal=True)["flow"]["ui"]["nodes"]
    tokens = [node["attributes"] for node in nodes if node["attributes"]["name"] == "csrf_token"]
    assert [(token["value"], token["required"]) for token in tokens] == [("", True)]

    methods = kratos_ctx("login.after.oidc", minimal=True)["session"]["authentication_methods"]
    assert [(method["method"], method["provider"]) for method in methods] == [("oidc", "google")]


def test_keys_stand_in_the_order_of_kratos() -> None:
    ctx = kratos_ctx("login.after.password")
    assert list(ctx) == [
        "flow", "request_headers", "request_method", "request_url", "request_cookies", "identity", "session",
    ]  # fmt: skip
    assert list(kratos_ctx("password_migration"))[-2:] == ["password", "identifier"]


def test_the_session_holds_the_identity_of_a_login() -> None:
    ctx = kratos_ctx("login.after.oidc", client="browser")
    assert ctx["session"]["identity"] == ctx["identity"]
    assert ctx["session"]["id"] == NIL
    assert ctx["session"]["authentication_methods"][0]["provider"] == "google"


def test_a_second_factor_upgrades_a_stored_session() -> None:
    session = kratos_ctx("login.after.totp")["session"]
    assert session["id"] != NIL
    assert [device["id"] == NIL for device in session["devices"]] == [False, True]
    assert [entry["method"] for entry in session["authentication_methods"]] == ["password", "totp"]
    assert session["authenticator_assurance_level"] == "aal2"


def test_nothing_is_stored_before_a_registration_is() -> None:
    identity = kratos_ctx("registration.after.password.pre_persist")["identity"]
    assert (identity["id"], identity["schema_url"], identity["created_at"]) == (NIL, "", "0001-01-01T00:00:00Z")
    assert identity["verifiable_addresses"][0]["status"] == "pending"
    stored = kratos_ctx("registration.after.password.post_persist")["identity"]
    assert stored["verifiable_addresses"][0]["status"] == "sent"


def test_settings_hooks_hold_the_identity_before_the_change() -> None:
    ctx = kratos_ctx("settings.after.profile.post_persist")
    assert ctx["flow"]["identity"] == ctx["session"]["identity"] != ctx["identity"]
    assert ctx["identity"]["state_changed_at"] is None
    assert ctx["flow"]["state"] == "success"
    assert ctx["flow"]["id"] not in ctx["flow"]["ui"]["action"]


def test_urls_and_addresses_belong_together() -> None:
    ctx = kratos_ctx("login.after.password")
    assert ctx["request_url"].endswith(f"/self-service/login?flow={ctx['flow']['id']}")
    assert ctx["flow"]["request_url"].endswith("/self-service/login/api")
    email = ctx["identity"]["traits"]["email"]
    assert {row["value"] for row in ctx["identity"]["verifiable_addresses"]} == {email}
    schema_id = ctx["identity"]["schema_url"].rpartition("/")[2]
    assert base64.urlsafe_b64decode(schema_id + "=" * (-len(schema_id) % 4)).decode() == ctx["identity"]["schema_id"]


def test_times_are_in_order() -> None:
    ctx = kratos_ctx("login.after.password", client="browser")
    identity, flow, session = ctx["identity"], ctx["flow"], ctx["session"]
    moments = [
        identity["state_changed_at"], identity["created_at"], flow["issued_at"], flow["created_at"],
        session["authentication_methods"][0]["completed_at"], session["authenticated_at"], flow["expires_at"],
    ]  # fmt: skip
    assert moments == sorted(moments)


def test_an_api_client_has_no_cookies_and_an_empty_csrf_token() -> None:
    ctx = kratos_ctx("login.after.password")
    tokens = [
        n["attributes"]["value"] for n in ctx["flow"]["ui"]["nodes"] if n["attributes"].get("name") == "csrf_token"
    ]
    assert (ctx["request_cookies"], tokens) == ({}, [""])
    browser = kratos_ctx("login.after.password", client="browser")
    assert [name[:11] for name in browser["request_cookies"]] == ["csrf_token_"]


def test_a_single_page_app_speaks_json_in_a_browser_flow() -> None:
    ctx = kratos_ctx("login.after.password", client="spa")
    assert (ctx["flow"]["type"], ctx["request_headers"]["Content-Type"]) == ("browser", ["application/json"])


@pytest.mark.parametrize(
    ("hook", "scenario", "payload"),
    [
        ("settings.after.oidc.post_persist", "browser-link", None),
        ("settings.after.oidc.post_persist", "api-unlink", {}),
        ("verification.after", "browser-link", {}),
        ("login.after.lookup_secret", "browser", {}),
    ],
)
def test_the_scenario_decides_the_payload(hook: str, scenario: str, payload: Any) -> None:
    assert kratos_ctx(hook, scenario=scenario)["flow"]["transient_payload"] == payload


@pytest.mark.parametrize(
    ("hook", "scenario"),
    [
        ("recovery.after", "browser-link"),
        ("recovery.after", "api-choose-address"),
        ("login.after.lookup_secret", "api"),
        ("settings.after.password.pre_persist", "api"),
        ("login.before", "api"),
    ],
)
def test_a_payload_that_does_not_arrive_has_no_key(hook: str, scenario: str) -> None:
    assert "transient_payload" not in kratos_ctx(hook, scenario=scenario)["flow"]


def test_the_id_of_the_provider_is_in_the_callback() -> None:
    ctx = kratos_ctx("registration.after.oidc.post_persist", client="browser")
    assert ctx["request_method"] == "GET"
    assert "/self-service/methods/oidc/callback/google?code=" in ctx["request_url"]


def test_headers_pass_the_allow_list() -> None:
    shape = shape_of(parse_hook_point("login.after.password"))
    way = scenarios(shape.hook, shape.kratos)[0]
    ctx = build(shape, way, allowlist=header_allowlist("v26.2.0", ["x-forwarded-for"]))
    assert list(ctx["request_headers"]) == ["X-Forwarded-For"]
    assert "X-Forwarded-For" in kratos_ctx("login.after.password", kratos="v1.2.0")["request_headers"]
    assert "X-Forwarded-For" in kratos_ctx("password_migration")["request_headers"]


def test_an_identity_of_the_admin_api_has_only_what_was_sent() -> None:
    ctx = kratos_ctx("login.after.password", scenario="api-admin-identity", identity_schema=SCHEMA)
    assert "name" not in ctx["identity"]["traits"]
    assert (
        kratos_ctx("registration.after.password.post_persist", identity_schema=SCHEMA, minimal=True)["identity"][
            "traits"
        ]["name"]
        == {}
    )


def test_a_hook_point_without_api_clients_is_taken_with_a_browser() -> None:
    assert kratos_ctx("login.after.passkey")["flow"]["type"] == "browser"


def test_what_is_unknown_is_an_error_with_the_nearest_names() -> None:
    with pytest.raises(UnknownName) as caught:
        kratos_ctx("login.after.password", client="mobile")
    assert caught.value.message == "unknown client: 'mobile'"
    with pytest.raises(UnknownName) as caught:
        kratos_ctx("login.after.password", scenario="api-refesh")
    assert caught.value.nearest[0] == "api-refresh"
    with pytest.raises(UsageError):
        kratos_ctx("login.after.code", kratos="v1.0.0")


def test_given_values_choose_a_way_that_can_have_them() -> None:
    payload = {"plan": "pro"}
    given = {"flow.transient_payload": payload}
    ctx = kratos_ctx("login.after.oidc", kratos="v25.4.0", given=given)
    assert (ctx["flow"]["transient_payload"], ctx["flow"]["type"]) == (payload, "browser")
    assert kratos_ctx("login.after.oidc", given=given)["flow"]["type"] == "api"


def test_given_and_without_change_the_ctx() -> None:
    ctx = kratos_ctx(
        "registration.after.oidc.post_persist",
        given={"identity.traits.email": "ann@example.org"},
        without=["identity.traits.name"],
    )
    assert ctx["identity"]["traits"] == {"email": "ann@example.org"}


def test_a_path_that_cannot_be_there_is_refused() -> None:
    with pytest.raises(UsageError):
        kratos_ctx("login.before", given={"identity.traits.email": "ann@example.org"})


@pytest.mark.parametrize(
    ("hook", "kratos", "differing"),
    [
        ("settings.after.password.pre_persist", "v26.2.0", set()),
        ("settings.after.password.post_persist", "v26.2.0", {"updated_at"}),
        ("settings.after.password.post_persist", "v1.3.1", set()),
        ("settings.after.profile.pre_persist", "v26.2.0", {"traits", "state_changed_at"}),
        ("settings.after.profile.post_persist", "v1.3.1", {"traits", "state_changed_at", "updated_at"}),
    ],
)
def test_a_settings_change_shows_where_the_captures_show_it(hook: str, kratos: str, differing: set[str]) -> None:
    ctx = kratos_ctx(hook, kratos=kratos)
    old, new = ctx["flow"]["identity"], ctx["identity"]
    assert {key for key in old | new if old.get(key) != new.get(key)} == differing


def test_a_global_list_sees_what_each_method_does() -> None:
    by_profile = kratos_ctx("settings.after.global.post_persist", scenario="profile-api")
    by_password = kratos_ctx("settings.after.global.post_persist", scenario="password-api")
    assert by_profile["identity"]["traits"] != by_profile["flow"]["identity"]["traits"]
    assert by_password["identity"]["traits"] == by_password["flow"]["identity"]["traits"]


@pytest.mark.parametrize(("client", "url"), [("api", False), ("browser", True)])
def test_before_v25_4_0_a_settings_change_tells_which_address_to_verify_next(client: str, url: bool) -> None:
    hook = "settings.after.password.post_persist"
    flow = kratos_ctx(hook, kratos="v1.3.1", client=client)["flow"]
    (step,) = flow["continue_with"]
    assert step["action"] == "show_verification_ui"
    assert step["flow"]["verifiable_address"] == flow["identity"]["verifiable_addresses"][0]["value"]
    assert ("url" in step["flow"]) == url
    assert "continue_with" not in kratos_ctx(hook, client=client)["flow"]
    before = kratos_ctx("settings.after.password.pre_persist", kratos="v1.3.1", client=client)
    assert "continue_with" not in before["flow"]
