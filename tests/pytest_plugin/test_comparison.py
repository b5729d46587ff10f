"""How a payload differs from what is expected, path by path."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.pytest_plugin.comparison import comparison_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def lines(payload: Any, expected: Any) -> list[str] | None:
    """The lines for ``payload == expected`` as a test writes it."""
    return comparison_lines(payload, expected, [payload])


def test_a_different_value_is_told_with_its_path() -> None:
    told = lines({"user": {"email": "b"}, "ok": True}, {"user": {"email": "a"}, "ok": True})

    assert told == ["payload is not as expected", "payload.user.email: expected 'a' got 'b'"]


def test_missing_and_additional_fields_are_told_apart() -> None:
    told = lines({"extra": 1}, {"name": "Ann"})

    assert told == [
        "payload is not as expected",
        "payload.extra: expected nothing got 1",
        "payload.name: expected 'Ann' got nothing",
    ]


def test_items_of_a_list_are_compared_by_position() -> None:
    told = lines({"tags": ["b", "c", "d"]}, {"tags": ["a", "c"]})

    assert told == [
        "payload is not as expected",
        "payload.tags[0]: expected 'a' got 'b'",
        "payload.tags[2]: expected nothing got 'd'",
    ]


def test_a_payload_that_is_a_list_has_paths_from_its_items() -> None:
    assert lines([{"a": 1}], [{"a": 2}]) == ["payload is not as expected", "payload[0].a: expected 2 got 1"]


def test_keys_with_odd_characters_are_written_as_everywhere() -> None:
    told = lines({"a.b": 1, "c d": {"e": 1}}, {"a.b": 2, "c d": {"e": 2}})

    assert told is not None
    assert told[1:] == ['payload["a.b"]: expected 2 got 1', 'payload["c d"].e: expected 2 got 1']


def test_fields_with_underscores_are_compared_too() -> None:
    assert lines({"__typename": "b"}, {"__typename": "a"}) == [
        "payload is not as expected",
        "payload.__typename: expected 'a' got 'b'",
    ]


def test_null_is_not_absent() -> None:
    assert lines({}, {"name": None}) == ["payload is not as expected", "payload.name: expected None got nothing"]


def test_the_payload_is_the_actual_side_wherever_it_stands() -> None:
    payload = {"a": 1}

    assert comparison_lines({"a": 2}, payload, [payload]) == comparison_lines(payload, {"a": 2}, [payload])


def test_a_part_of_a_payload_keeps_its_place_in_it() -> None:
    payload = {"user": {"emails": [{"value": "b"}]}}

    told = comparison_lines({"value": "a"}, payload["user"]["emails"][0], [payload])

    assert told == ["payload.user.emails[0] is not as expected", "payload.user.emails[0].value: expected 'a' got 'b'"]


def test_the_order_is_that_of_the_path_and_numbers_count() -> None:
    told = lines({"items": list(range(12))}, {"items": [-1, -1, *range(2, 11), -1]})

    assert told is not None
    assert [line.partition(":")[0] for line in told[1:]] == [
        "payload.items[0]",
        "payload.items[1]",
        "payload.items[11]",
    ]


def test_a_long_list_of_differences_is_cut_unless_asked_for() -> None:
    payload, expected = {f"k{n:02}": n for n in range(30)}, {f"k{n:02}": -1 for n in range(30)}

    short, full = lines(payload, expected), comparison_lines(payload, expected, [payload], verbose=True)

    assert short is not None
    assert short[-1] == "… and 10 more (-vv shows all)"
    assert full is not None
    assert len(full) == 31


def test_a_long_value_is_cut() -> None:
    told = lines({"a": "x" * 1000}, {"a": "y"})

    assert told is not None
    assert len(told[1]) < 300
    assert told[1].endswith("…")


@pytest.mark.parametrize(("left", "right"), [(1, 2), ({}, []), ("a", "b"), (None, {}), ({"a": 1}, {"a": 1.0})])
def test_other_comparisons_are_left_to_pytest(left: Any, right: Any) -> None:
    assert lines(left, right) is None


def test_the_smallest_difference_of_two_numbers_is_told_and_1_is_1_0() -> None:
    assert lines([0.3, 1], [0.1 + 0.2, 1.0]) == [
        "payload is not as expected",
        "payload[0]: expected 0.30000000000000004 got 0.3",
    ]


@settings(deadline=None)  # the first comparison imports deepdiff
@given(left=JSON, right=JSON)
def test_there_are_lines_exactly_where_two_objects_or_arrays_differ(left: Any, right: Any) -> None:
    same_kind = any(isinstance(left, kind) and isinstance(right, kind) for kind in (dict, list))

    assert (lines(left, right) is not None) == (same_kind and left != right)
