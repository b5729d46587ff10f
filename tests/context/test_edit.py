import copy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jsonnet_ctx.context.edit import apply_edit, apply_edits, has, value_at
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Edit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)
PATHS = st.lists(st.sampled_from([*"abc", 0, 1]), max_size=4).map(lambda rest: ("a", *rest))


def test_each_operation_changes_one_place() -> None:
    ctx = {"flow": {"id": "x", "items": [1, 2], "nodes": {"a": 1}}, "n": 5, "yes": True}
    assert apply_edit(ctx, Edit(("flow", "id"), "absent")) == {**ctx, "flow": {"items": [1, 2], "nodes": {"a": 1}}}
    assert apply_edit(ctx, Edit(("flow", "id"), "null"))["flow"]["id"] is None
    assert apply_edit(ctx, Edit(("flow", "id"), "set", [3]))["flow"]["id"] == [3]
    assert [apply_edit(ctx, Edit(("flow", key), "empty"))["flow"][key] for key in ("id", "items", "nodes")] == [
        "",
        [],
        {},
    ]
    assert apply_edit(ctx, Edit(("n",), "empty"))["n"] == 0
    assert apply_edit(ctx, Edit(("yes",), "empty"))["yes"] is False


def test_empty_leaves_null_and_nothing_alone() -> None:
    ctx = {"a": None}
    assert apply_edit(ctx, Edit(("a",), "empty")) == {"a": None}
    assert apply_edit(ctx, Edit(("b", "c"), "empty")) == {"a": None}


def test_set_makes_objects_and_lists_on_the_way() -> None:
    assert apply_edit({}, Edit(("a", "b", 0, "c"), "set", 1)) == {"a": {"b": [{"c": 1}]}}
    assert apply_edit({"a": None}, Edit(("a", "b"), "set", 1)) == {"a": {"b": 1}}
    assert apply_edit({"a": [1]}, Edit(("a", 1), "set", 2)) == {"a": [1, 2]}


def test_a_list_item_goes_by_its_index() -> None:
    assert apply_edit({"a": [1, 2, 3]}, Edit(("a", 1), "absent")) == {"a": [1, 3]}


def test_an_item_too_far_out_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^no item 2 at a: it has 1$") as caught:
        apply_edit({"a": [1]}, Edit(("a", 2), "set", 1))
    assert caught.value.hint == "the next item is appended"


def test_an_unknown_operation_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^unknown edit: 'drop'$"):
        apply_edit({}, Edit(("a",), "drop"))


def test_edits_are_made_in_order() -> None:
    edits = [Edit(("a",), "set", {"b": 1}), Edit(("a", "b"), "absent"), Edit(("a", "c"), "null")]
    assert apply_edits({}, edits) == {"a": {"c": None}}


@given(OBJECTS, PATHS, st.sampled_from(["absent", "null", "empty", "set"]), JSON)
def test_the_input_stays_as_it_was(ctx: dict[str, Any], path: Path, op: str, value: Any) -> None:
    before = copy.deepcopy(ctx)
    try:
        apply_edit(ctx, Edit(path, op, value))
    except UsageError:
        assert 1 in path
    assert ctx == before


@given(OBJECTS, PATHS, JSON)
def test_what_is_set_can_be_read(ctx: dict[str, Any], path: Path, value: Any) -> None:
    assume(1 not in path)
    assert value_at(apply_edit(ctx, Edit(path, "set", value)), path) == value


@given(OBJECTS, PATHS)
def test_absent_takes_away_and_a_second_time_changes_nothing(ctx: dict[str, Any], path: Path) -> None:
    after = apply_edit(ctx, Edit(path, "absent"))
    if not has(ctx, path):
        assert after is ctx
    if isinstance(path[-1], str):
        assert not has(after, path)


def test_what_is_not_touched_is_shared() -> None:
    ctx: dict[str, Any] = {"flow": {"ui": {"nodes": []}, "id": "x"}, "identity": {"id": "y"}}
    after = apply_edit(ctx, Edit(("flow", "id"), "null"))
    assert after["identity"] is ctx["identity"]
    assert after["flow"]["ui"] is ctx["flow"]["ui"]


def person(**traits: Any) -> dict[str, Any]:
    return {
        "traits": traits,
        "verifiable_addresses": [{"value": traits["email"], "via": "email"}],
        "recovery_addresses": [{"value": traits["email"], "via": "email"}],
    }


def test_the_identity_of_the_session_is_the_same_person() -> None:
    ctx = {
        "identity": person(email="a@x.org", name="Ann"),
        "session": {"identity": person(email="a@x.org", name="Ann")},
    }
    after = apply_edit(ctx, Edit(("identity", "traits", "name"), "absent"))
    assert after["session"]["identity"] == after["identity"]
    assert "name" not in after["session"]["identity"]["traits"]
    other = apply_edit(ctx, Edit(("session", "identity", "traits", "name"), "set", "Bo"))
    assert other["identity"]["traits"]["name"] == "Bo"


def test_an_identity_before_the_change_keeps_its_own_traits() -> None:
    ctx = {"flow": {"identity": person(email="old@x.org")}, "identity": person(email="new@x.org")}
    after = apply_edit(ctx, Edit(("identity", "traits", "email"), "set", "b@x.org"))
    assert after["flow"] == ctx["flow"]


def test_an_address_follows_its_trait() -> None:
    ctx = {"identity": person(email="a@x.org")}
    moved = apply_edit(ctx, Edit(("identity", "traits", "email"), "set", "b@x.org"))["identity"]
    assert [moved[key][0]["value"] for key in ("verifiable_addresses", "recovery_addresses")] == ["b@x.org"] * 2
    gone = apply_edit(ctx, Edit(("identity", "traits", "email"), "absent"))["identity"]
    assert gone == {"traits": {}}


def test_an_address_that_another_trait_still_holds_stays() -> None:
    ctx = {"identity": person(email="a@x.org", login="a@x.org")}
    after = apply_edit(ctx, Edit(("identity", "traits", "login"), "absent"))["identity"]
    assert after["verifiable_addresses"][0]["value"] == "a@x.org"
