"""The names of hook points."""

import pytest

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.hook_point import (
    HookPoint,
    hook_config_path,
    hook_points,
    hook_since,
    parse_hook_point,
    select_hook_points,
)


def test_an_id_names_one_hook_point() -> None:
    hook = parse_hook_point("registration.after.oidc.post_persist")
    assert hook == HookPoint("registration.after.oidc.post_persist", "registration", "after", "oidc", "post")


def test_a_prefix_selects_both_persist_stages() -> None:
    found = [hook.id for hook in select_hook_points("registration.after.oidc")]
    assert found == ["registration.after.oidc.pre_persist", "registration.after.oidc.post_persist"]


def test_a_prefix_ends_at_a_segment() -> None:
    with pytest.raises(UnknownName):
        select_hook_points("settings.after.pass")


def test_an_id_is_a_prefix_of_itself() -> None:
    assert [hook.id for hook in select_hook_points("verification.after")] == ["verification.after"]


def test_an_unknown_id_comes_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownName) as caught:
        parse_hook_point("registration.after.oidc.postpersist")
    assert caught.value.nearest[0] == "registration.after.oidc.post_persist"
    assert str(caught.value) == "unknown hook point: 'registration.after.oidc.postpersist'"


@pytest.mark.parametrize("flow", ["registration", "settings"])
def test_the_pre_persist_stage_of_a_global_list_is_no_hook_point(flow: str) -> None:
    """behaviours.json rows sel.reg.global-parse, sel.settings.global-parse: Kratos never runs it."""
    with pytest.raises(UnknownName):
        parse_hook_point(f"{flow}.after.global.pre_persist")
    assert parse_hook_point(f"{flow}.after.global.post_persist").method == "global"


def test_ids_are_unique_and_say_what_the_fields_say() -> None:
    ids = [hook.id for hook in hook_points()]
    assert len(ids) == len(set(ids)) == 42
    for hook in hook_points():
        if hook.id != "password_migration":
            stage = f"{hook.persist}_persist" if hook.persist else None
            parts = (hook.flow, hook.phase, hook.method, stage)
            assert hook.id == ".".join(part for part in parts if part)


def test_a_version_has_only_its_own_hook_points() -> None:
    first = {hook.id for hook in hook_points("v1.0.0")}
    assert "login.after.code" not in first
    assert "login.after.password" in first
    assert hook_since(parse_hook_point("login.after.passkey")) == "v1.2.0"
    assert set(hook_points("v26.2.0")) == set(hook_points())


def test_a_hook_point_knows_its_place_in_the_config() -> None:
    hook = parse_hook_point("login.after.oidc")
    assert hook_config_path(hook) == "selfservice.flows.login.after.oidc.hooks"
