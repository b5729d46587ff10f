"""What a shape says about ctx paths."""

import pytest

from jsonnet_ctx.ctx_path import parse_path
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.kratos.hook_point import hook_points, parse_hook_point
from jsonnet_ctx.kratos.scenario import scenario_named, scenarios
from jsonnet_ctx.kratos.shape import Shape, narrowed, shape_of
from jsonnet_ctx.kratos.versions import VERSIONS

CUSTOMER: dict[str, object] = {
    "properties": {
        "traits": {
            "type": "object",
            "required": ["email"],
            "additionalProperties": False,
            "properties": {
                "email": {"type": "string", "ory.sh/kratos": {"verification": {"via": "email"}}},
                "phone": {"type": "string", "ory.sh/kratos": {"recovery": {"via": "sms"}}},
                "name": {"type": "object", "properties": {"first": {"type": "string"}}, "additionalProperties": False},
            },
        }
    }
}


def shape_at(hook: str, kratos: str = "v26.2.0", schema: dict[str, object] | None = None) -> Shape:
    return shape_of(parse_hook_point(hook), kratos=kratos, identity_schema=schema)


def presence(shape: Shape, path: str) -> str:
    field = shape.field(parse_path(path))
    return field.presence if field else "never"


@pytest.mark.parametrize(
    ("hook", "path", "expected"),
    [
        ("login.before", "identity", ["never"] * 7),
        ("login.before", "flow.transient_payload", ["never"] * 7),
        ("login.after.password", "session", ["never"] * 2 + ["always"] * 5),
        ("login.after.password", "flow.transient_payload", ["never"] * 2 + ["always"] * 5),
        ("login.after.password", "flow.state", ["never"] + ["always"] * 6),
        ("login.after.password", "identity.external_id", ["never"] * 5 + ["optional"] * 2),
        ("registration.after.password.post_persist", "session", ["never"] * 7),
        ("registration.after.password.post_persist", "flow.transient_payload", ["always"] * 7),
        ("registration.after.password.post_persist", "flow.active", ["never"] * 7),
        ("registration.after.oidc.post_persist", "flow.active", ["never"] * 3 + ["optional"] * 4),
        ("registration.after.oidc.post_persist", "flow.transient_payload", ["optional"] * 6 + ["always"]),
        ("settings.before", "session", ["never"] * 6 + ["always"]),
        ("settings.after.profile.post_persist", "session", ["never"] * 5 + ["always"] * 2),
        ("settings.after.profile.pre_persist", "session", ["never"] * 6 + ["always"]),
        (
            "settings.after.profile.post_persist",
            "flow.transient_payload",
            ["never"] * 2 + ["always"] * 3 + ["never"] * 2,
        ),
        ("settings.after.password.post_persist", "flow.transient_payload", ["never"] * 7),
        ("recovery.after", "flow.transient_payload", ["never"] * 2 + ["optional"] * 5),
        ("verification.after", "flow.transient_payload", ["never"] * 2 + ["always"] * 5),
    ],
)
def test_presence_by_version(hook: str, path: str, expected: list[str]) -> None:
    assert [presence(shape_at(hook, kratos), path) for kratos in VERSIONS] == expected


def test_a_linked_provider_makes_the_payload_null() -> None:
    field = shape_at("settings.after.oidc.post_persist").field(("flow", "transient_payload"))
    assert field is not None
    assert field.nullable


def test_what_stands_below_an_open_field_is_that_field() -> None:
    shape = shape_at("login.after.oidc")
    assert shape.field(parse_path("identity.metadata_public.claims.sub")) == shape.field(
        ("identity", "metadata_public")
    )
    below = shape.field(parse_path("flow.transient_payload.a.b[0]"))
    assert below is not None
    assert (below.set_by, below.presence, below.is_open) == ("client", "optional", True)


def test_an_index_needs_a_list_and_a_name_an_object() -> None:
    shape = shape_at("login.after.oidc")
    assert shape.field(parse_path("request_headers.User-Agent[0]")) is not None
    assert shape.field(parse_path("request_headers[0]")) is None
    assert shape.field(parse_path("session.devices.id")) is None
    assert shape.field(parse_path("session.devices[3].id")) is not None


@pytest.mark.parametrize(
    ("hook", "path", "nearest"),
    [
        ("login.after.oidc", "transient_payload", "flow.transient_payload"),
        ("login.after.oidc", "identity.trait.email", "identity.traits"),
        ("login.after.oidc", "session.authentication_method[0].provider", "session.authentication_methods[0].provider"),
        ("registration.after.oidc.pre_persist", "flow.actve", "flow.active"),
    ],
)
def test_a_wrong_path_has_near_ones(hook: str, path: str, nearest: str) -> None:
    assert nearest in shape_at(hook).nearest(parse_path(path))


@pytest.mark.parametrize(
    ("hook", "kratos", "path", "reason"),
    [
        ("login.before", "v26.2.0", "identity.id", "A before hook runs when the flow is created: nobody is known yet"),
        ("login.after.password", "v1.1.0", "session.id", "At this hook point since v1.2.0"),
        ("login.after.password", "v1.3.1", "identity.external_id", "In Kratos since v25.4.0"),
        ("login.after.password", "v26.2.0", "identity.metadata_admin", "Always stripped: no hook ever sees it"),
    ],
)
def test_an_absence_has_a_reason(hook: str, kratos: str, path: str, reason: str) -> None:
    absence = shape_at(hook, kratos).absence(parse_path(path))
    assert absence is not None
    assert absence.note == reason


def test_an_identity_schema_says_which_traits_there_are() -> None:
    shape = shape_at("registration.after.password.post_persist", schema=CUSTOMER)
    assert presence(shape, "identity.traits.email") == "always"
    assert presence(shape, "identity.traits.phone") == "optional"
    assert presence(shape, "identity.traits.name") == "always"
    assert presence(shape, "identity.traits.name.first") == "optional"
    assert presence(shape, "identity.traits.nickname") == "never"


def test_an_identity_of_the_admin_api_can_lack_an_object() -> None:
    shape = shape_at("login.after.password", schema=CUSTOMER)
    assert presence(shape, "identity.traits.name") == "optional"
    assert presence(shape, "session.identity.traits.name") == "optional"


def test_the_profile_form_adds_objects_to_the_new_traits_only() -> None:
    shape = shape_at("settings.after.profile.post_persist", schema=CUSTOMER)
    assert presence(shape, "identity.traits.name") == "always"
    assert presence(shape, "flow.identity.traits.name") == "optional"


def test_addresses_are_there_when_a_required_trait_is_one() -> None:
    shape = shape_at("login.after.password", schema=CUSTOMER)
    assert presence(shape, "identity.verifiable_addresses") == "always"
    assert presence(shape, "identity.recovery_addresses") == "optional"
    bare = shape_at("login.after.password", schema={"properties": {"traits": {"type": "object"}}})
    assert presence(bare, "identity.verifiable_addresses") == "never"


def test_a_scenario_decides_what_the_shape_leaves_open() -> None:
    hook = parse_hook_point("recovery.after")
    shape = shape_of(hook)
    assert (
        presence(narrowed(shape, scenario_named(hook, "v26.2.0", "browser-link")), "flow.transient_payload") == "never"
    )
    assert presence(narrowed(shape, scenario_named(hook, "v26.2.0", "api")), "flow.transient_payload") == "always"


def test_a_version_without_the_hook_point_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"^kratos v1\.0\.0 has no login\.after\.code$") as caught:
        shape_at("login.after.code", "v1.0.0")
    assert caught.value.hint == "it came with v1.1.0"
    with pytest.raises(UnknownName):
        shape_at("login.after.code", "v2.0.0")


def test_parents_come_before_children() -> None:
    for hook in hook_points():
        seen: set[tuple[str | int, ...]] = {()}
        for field in shape_of(hook).fields:
            assert field.path[:-1] in seen
            seen.add(field.path)


def test_every_hook_point_is_reached_somehow_from_its_first_version_on() -> None:
    for hook in hook_points():
        ways = [bool(scenarios(hook, kratos)) for kratos in VERSIONS]
        assert ways == sorted(ways)
        assert ways[-1]
        names = [way.name for way in scenarios(hook, VERSIONS[-1])]
        assert len(names) == len(set(names))
