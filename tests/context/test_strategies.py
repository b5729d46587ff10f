import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points, parse_hook_point
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.strategies import contexts

ACTIVATE = json.loads((Path(__file__).parents[2] / "fixtures/activate/identity.schema.json").read_text())
SEARCH = settings(
    max_examples=2000, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize("schema", [None, ACTIVATE])
@pytest.mark.parametrize("kratos", ["v1.3.1", "v26.2.0"])
def test_every_context_is_one_that_kratos_can_send(schema: dict[str, Any] | None, kratos: str) -> None:
    hooks = st.sampled_from(hook_points(kratos))
    judges: dict[str, Any] = {}

    @given(st.data(), hooks)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def judge(data: st.DataObject, hook: HookPoint) -> None:
        shape = shape_of(hook, kratos=kratos, identity_schema=schema)
        if hook.id not in judges:
            judges[hook.id] = jsonschema_rs.validator_for(ctx_schema(shape), validate_formats=True)
        ctx = data.draw(contexts(hook, kratos=kratos, identity_schema=schema))
        assert [error.message for error in judges[hook.id].iter_errors(ctx)] == []

    judge()


def test_a_context_shrinks_to_the_fabricated_one() -> None:
    smallest = find(contexts("login.after.password"), lambda _ctx: True, settings=SEARCH)
    assert smallest == kratos_ctx("login.after.password", client="api")


def test_a_context_shrinks_to_the_one_edit_that_matters() -> None:
    found = find(
        contexts("login.after.password", identity_schema=ACTIVATE),
        lambda ctx: ctx["identity"]["traits"].keys() == {"email", "name", "kind"} and ctx["identity"]["traits"]["name"],
        settings=SEARCH,
    )
    assert found == kratos_ctx(
        "login.after.password",
        identity_schema=ACTIVATE,
        without=["identity.traits.locale"],
    )


@pytest.mark.parametrize("kind", [str, int, bool, list, dict, type(None)])
def test_a_payload_of_the_client_holds_anything(kind: type) -> None:
    found = find(
        contexts("registration.after.password.post_persist", client="api"),
        lambda ctx: any(type(value) is kind for value in ctx["flow"]["transient_payload"].values()),
        settings=settings(SEARCH, phases=[Phase.generate]),
    )
    assert found["flow"]["transient_payload"]


@given(
    contexts(
        "registration.after.oidc",
        given={"identity.traits.email": "ann@example.org", "flow.transient_payload.oidc_provider": "google"},
        without=["identity.traits.name"],
    )
)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_given_and_without_hold_in_every_example(ctx: dict[str, Any]) -> None:
    assert ctx["identity"]["traits"]["email"] == "ann@example.org"
    assert ctx["flow"]["transient_payload"]["oidc_provider"] == "google"
    assert "name" not in ctx["identity"]["traits"]


def test_a_prefix_selects_both_persist_stages() -> None:
    nil = "00000000-0000-0000-0000-000000000000"
    both = contexts("registration.after.oidc").map(lambda ctx: bool(ctx["identity"]["id"] == nil))
    assert find(both, lambda is_nil: is_nil, settings=SEARCH)
    assert not find(both, lambda is_nil: not is_nil, settings=SEARCH)


@given(contexts("login.after.password", client="browser"))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_client_narrows_the_ways(ctx: dict[str, Any]) -> None:
    assert ctx["flow"]["type"] == "browser"


def test_a_question_that_cannot_be_answered_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(UnknownName, match=r"unknown hook point: 'login.afer'"):
        contexts("login.afer")
    with pytest.raises(UnknownName, match=r"unknown client: 'phone'"):
        contexts("login.before", client="phone")
    with pytest.raises(UsageError, match=r"identity.id cannot be at login.before"):
        contexts("login.before", given={"identity.id": "x"})
    with pytest.raises(UsageError, match=r"has no login.after.code"):
        contexts("login.after.code", kratos="v1.0.0")


def test_a_hook_point_may_be_named_by_itself() -> None:
    hook = parse_hook_point("login.before")
    assert find(contexts(hook), lambda _ctx: True, settings=SEARCH) == kratos_ctx("login.before")
