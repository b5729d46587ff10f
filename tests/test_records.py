"""Records: what they are made of, how they are made, shown, compared and replaced."""

import copy
import dataclasses
import pickle
from functools import cached_property
from typing import ClassVar

import pytest

from jsonnet_ctx.finding import Edit
from jsonnet_ctx.records import Frozen, Plain, field, replace


class Point(Frozen):
    """A record with a default, and with something that follows from its values."""

    origin: ClassVar[str] = "here"
    x: int
    y: int = 2

    @cached_property
    def total(self) -> int:
        """Worked out once."""
        return self.x + self.y


class Named(Point):
    """A record below another."""

    name: str = ""
    tags: list[str] = field(default_factory=list, hash=False)
    note: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        self.tags.append("made")


class Node(Plain):
    """A record that is equal to itself alone."""

    start: int
    parts: tuple["Node", ...] = ()


def test_a_record_compares_and_hashes_by_its_values() -> None:
    assert Point(1) == Point(1, 2) == Point(y=2, x=1)
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert {Point(1): "here"}[Point(x=1, y=2)] == "here"
    assert Named(1, note="a") == Named(1, note="b")
    assert hash(Named(1, tags=["a"])) == hash(Named(1, tags=["b"]))


def test_a_record_does_not_change() -> None:
    with pytest.raises(AttributeError, match=r"^cannot assign to field 'x': a Point does not change$"):
        Point(1).x = 2  # type: ignore[misc]  # what the test is about
    with pytest.raises(AttributeError, match=r"^cannot delete field 'x': a Point does not change$"):
        del Point(1).x


def test_a_plain_record_changes_and_is_equal_to_itself() -> None:
    node = Node(1)
    node.start = 3
    assert node.start == 3
    assert node != Node(3)
    assert node in {node}


def test_a_record_below_another_has_the_values_of_both() -> None:
    named = Named(1, name="n")
    assert (named.x, named.y, named.name, named.tags) == (1, 2, "n", ["made"])
    assert Named(1).tags is not Named(1).tags
    assert repr(named) == "Named(x=1, y=2, name='n', tags=['made'])"


def test_what_is_left_out_is_the_default_and_the_class_keeps_its_own() -> None:
    assert (Node(1).parts, Point.origin, Point(1).y) == ((), "here", 2)


@pytest.mark.parametrize(
    ("values", "named", "complaint"),
    [
        ((), {}, "Point lacks x"),
        ((1, 2, 3), {}, "Point takes 2 values, not 3"),
        ((1,), {"z": 3}, "Point does not know z"),
        ((1,), {"x": 3}, "Point is given twice x"),
        ((), {"z": 1}, "Point lacks x; does not know z"),
        ((1, 2), {"y": 3}, "Point is given twice y"),
    ],
)
def test_a_record_is_made_of_its_values(values: tuple[int, ...], named: dict[str, int], complaint: str) -> None:
    with pytest.raises(TypeError) as caught:
        Point(*values, **named)
    assert str(caught.value) == complaint


def test_a_replaced_value_is_worked_out_anew() -> None:
    point = Point(1)
    assert point.total == 3
    assert replace(point, y=9).total == 10
    assert point == Point(1)
    with pytest.raises(TypeError, match=r"^Point does not know z$"):
        replace(point, z=1)


def test_the_functions_for_dataclasses_take_records() -> None:
    edit = Edit(("a",), "set", {"b": 1})
    assert dataclasses.replace(edit, op="null") == replace(edit, op="null")
    assert [one.name for one in dataclasses.fields(Named)] == ["x", "y", "name", "tags", "note"]
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2}


def test_records_are_copied_and_pickled() -> None:
    edit = Edit(("a",), "set", {"b": 1})
    assert pickle.loads(pickle.dumps(edit)) == copy.deepcopy(edit) == edit
