"""The JSON Schema of a ctx accepts what Kratos sends and refuses what it never sends."""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from capture_files import hook_captures

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import Shape, narrowed, shape_of

CAPTURES = hook_captures()

SCHEMA = {
    "$id": "https://example.org/person.json",
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {"name": {"type": "object", "properties": {"first": {"type": "string"}}, "required": ["first"]}},
    "properties": {
        "traits": {
            "type": "object",
            "properties": {
                "email": {"type": "string", "ory.sh/kratos": {"verification": {"via": "email"}}},
                "name": {"$ref": "#/definitions/name"},
                "site": {"$ref": "https://elsewhere.example.org/site.json"},
            },
            "required": ["email"],
            "additionalProperties": False,
        }
    },
}


@cache
def validator(hook: str, kratos: str = "v26.2.0") -> Any:
    return jsonschema_rs.validator_for(ctx_schema(shape_of(parse_hook_point(hook), kratos=kratos)))


def capture(name: str) -> dict[str, Any]:
    ctx: dict[str, Any] = copy.deepcopy(CAPTURES[name]["ctx"])
    return ctx


def accepts(name: str, ctx: dict[str, Any], kratos: str = "v26.2.0") -> bool:
    return bool(validator(CAPTURES[name]["hook"], kratos).is_valid(ctx))


@pytest.mark.parametrize("name", CAPTURES)
def test_every_captured_ctx_is_accepted(name: str) -> None:
    recorded = CAPTURES[name]
    problems = validator(recorded["hook"], recorded["kratos_version"]).iter_errors(recorded["ctx"])
    assert [(problem.instance_path, problem.message) for problem in problems] == []


def test_there_are_captures_of_every_kind() -> None:
    assert len(CAPTURES) == 204
    assert len({recorded["hook"] for recorded in CAPTURES.values()}) == 42


LOGIN = "login.after.password__api-refresh.json"
LINK = "login.after.oidc__oidc-browser-login-upstream.json"
REGISTRATION = "registration.after.password.pre_persist__api-tp-object.json"
STORED = "registration.after.password.post_persist__api-tp-object.json"
BEFORE = "login.before__api-headers.json"


def put(*path: str | int) -> Callable[[dict[str, Any]], None]:
    """Set ``path[:-1]`` to ``path[-1]``."""

    def edit(ctx: dict[str, Any]) -> None:
        node: Any = ctx
        for segment in path[:-2]:
            node = node[segment]
        node[path[-2]] = path[-1]

    return edit


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def edit(ctx: dict[str, Any]) -> None:
        node: Any = ctx
        for segment in path[:-1]:
            node = node[segment]
        del node[path[-1]]

    return edit


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        (LOGIN, put("extra", "x")),
        (LOGIN, put("flow", "extra", "x")),
        (LOGIN, put("flow", "ui", "extra", "x")),
        (LOGIN, put("flow", "ui", "nodes", 0, "extra", "x")),
        (LOGIN, put("flow", "ui", "nodes", 0, "attributes", "extra", "x")),
        (LOGIN, put("identity", "extra", "x")),
        (LOGIN, put("identity", "metadata_admin", "x")),
        (LOGIN, put("identity", "credentials", "x")),
        (LOGIN, put("identity", "verifiable_addresses", 0, "extra", "x")),
        (LOGIN, put("identity", "recovery_addresses", 0, "verified", "x")),
        (LOGIN, put("session", "token", "x")),
        (LOGIN, put("session", "devices", 0, "extra", "x")),
        (LOGIN, put("session", "identity", "metadata_admin", "x")),
        (LINK, put("session", "authentication_methods", 0, "extra", "x")),
        (LOGIN, drop("session")),
        (LOGIN, drop("identity", "traits")),
        (LOGIN, drop("identity", "metadata_public")),
        (LOGIN, drop("flow", "transient_payload")),
        (LOGIN, drop("request_cookies")),
        (LOGIN, put("request_headers", "User-Agent", "text")),
        (LOGIN, put("request_cookies", "a", 1)),
        (LOGIN, put("flow", "active", "oidc")),
        (LOGIN, put("flow", "transient_payload", "text")),
        (LOGIN, put("identity", "state", "gone")),
        (LOGIN, put("identity", "id", "not-a-uuid")),
        (LOGIN, put("identity", "created_at", "yesterday")),
        (LOGIN, put("password", "secret")),
        (REGISTRATION, put("identity", "id", "4f758d35-f4f8-4010-8557-d9751d9c54a9")),
        (REGISTRATION, put("flow", "active", "password")),
        (STORED, drop("identity", "created_at")),
        (BEFORE, put("flow", "transient_payload", "x")),
    ],
)
def test_a_ctx_that_no_kratos_sends_is_refused(name: str, edit: Callable[[dict[str, Any]], None]) -> None:
    ctx = capture(name)
    assert accepts(name, ctx)
    edit(ctx)
    assert not accepts(name, ctx)


def test_an_identity_in_a_before_hook_is_refused() -> None:
    assert not accepts(BEFORE, {**capture(BEFORE), "identity": capture(LOGIN)["identity"]})


def test_a_session_at_registration_is_refused() -> None:
    assert not accepts(STORED, {**capture(STORED), "session": capture(LOGIN)["session"]})


def test_a_session_before_the_version_that_has_it_is_refused() -> None:
    name = "settings.before__api-profile.json"
    assert accepts(name, capture(name))
    assert not accepts(name, capture(name), "v25.4.0")
    without = capture(name)
    del without["session"]
    assert accepts(name, without, "v25.4.0")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("identity", "metadata_public"), {"claims": {"sub": "1", "groups": [1, None]}}),
        (("identity", "metadata_public"), ["a"]),
        (("identity", "traits"), {"anything": {"at": ["all", 1]}}),
        (("flow", "transient_payload"), {"a": {"b": [1, None, True]}}),
        (("flow", "ui", "nodes", 0, "meta"), {"label": {"id": 1, "text": "t", "type": "info", "context": {"x": [1]}}}),
        (("flow", "ui", "nodes", 0, "attributes"), {"node_type": "hologram", "depth": 3}),
        (("flow", "ui", "messages"), [{"id": 4000001, "text": "no", "type": "error", "context": {"reason": "x"}}]),
        (("request_headers",), {"X-Custom": ["a", "b"]}),
        (("request_cookies",), {"theme": "dark", "empty": ""}),
        (("identity", "organization_id"), "4f758d35-f4f8-4010-8557-d9751d9c54a9"),
        (("session", "devices", 0, "user_agent"), None),
    ],
)
def test_the_schema_is_open_where_kratos_is(path: tuple[str | int, ...], value: Any) -> None:
    ctx = capture(LOGIN)
    put(*path, value)(ctx)
    assert accepts(LOGIN, ctx)


def test_response_ignore_can_show_the_nodes_of_a_settings_form() -> None:
    ctx = capture("settings.before__ignored-api-profile-2.json")
    assert ctx["flow"]["ui"]["nodes"]


def shape_with_schema() -> Shape:
    return shape_of(parse_hook_point("login.after.password"), identity_schema=SCHEMA)


@pytest.mark.parametrize(
    ("traits", "valid"),
    [
        ({"email": "a@example.org"}, True),
        ({"email": "a@example.org", "name": {}}, True),
        ({"email": "a@example.org", "name": {"first": "A"}, "site": {"any": 1}}, True),
        ({"email": "a@example.org", "name": {"first": 1}}, False),
        ({"email": 1}, False),
        ({}, False),
        ({"email": "a@example.org", "nick": "a"}, False),
    ],
)
def test_an_identity_schema_judges_the_traits(traits: dict[str, Any], valid: bool) -> None:
    ctx = capture(LOGIN)
    for identity in (ctx["identity"], ctx["session"]["identity"]):
        identity["traits"] = traits
        del identity["recovery_addresses"]
    judge = jsonschema_rs.validator_for(ctx_schema(shape_with_schema()))
    assert judge.is_valid(ctx) is valid


def closed_objects(shape: Shape, value: Any, path: Path = ()) -> Iterator[Path]:
    """Paths of all objects of a ctx in which Kratos has a fixed set of keys."""
    if isinstance(value, dict):
        probe = shape.field((*path, "no-such-key"))
        if probe is None:
            yield path
        for key, item in value.items():
            yield from closed_objects(shape, item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from closed_objects(shape, item, (*path, index))


@pytest.mark.parametrize("name", [LOGIN, LINK, STORED, BEFORE, "settings.after.totp.post_persist__api-totp-link.json"])
def test_no_closed_object_takes_another_key(name: str) -> None:
    shape = shape_of(parse_hook_point(CAPTURES[name]["hook"]))
    paths = list(closed_objects(shape, CAPTURES[name]["ctx"]))
    assert len(paths) > 5
    for path in paths:
        ctx = capture(name)
        put(*path, "no-such-key", 1)(ctx)
        assert not accepts(name, ctx), path


@cache
def ways(hook: str) -> list[tuple[str, str, Any]]:
    """Request method, client and validator of every way of reaching the hook point."""
    shape = shape_of(parse_hook_point(hook))
    return [
        (way.request_method, way.client, jsonschema_rs.validator_for(ctx_schema(narrowed(shape, way))))
        for way in scenarios(shape.hook, shape.kratos)
    ]


@pytest.mark.parametrize("name", CAPTURES)
def test_every_captured_ctx_was_reached_in_a_known_way(name: str) -> None:
    ctx = CAPTURES[name]["ctx"]
    is_api = ctx["flow"]["type"] == "api"
    assert any(
        method == ctx["request_method"] and (client == "api") == is_api and judge.is_valid(ctx)
        for method, client, judge in ways(CAPTURES[name]["hook"])
    )
