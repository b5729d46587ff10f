"""Records: frozen dataclasses that are completed by the first one that is made."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from threading import Barrier

import pytest

from jsonnet_ctx.frozen import Frozen, field


def test_a_record_compares_and_hashes_by_its_fields() -> None:
    class Point(Frozen):
        x: int
        y: int = 2

    assert Point(1) == Point(1, 2)
    assert {Point(1): "here"}[Point(x=1, y=2)] == "here"
    assert replace(Point(1), y=3) == Point(1, 3)


def test_a_record_does_not_change() -> None:
    class Point(Frozen):
        x: int

    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        Point(1).x = 2  # type: ignore[misc]  # what the test is about


def test_a_record_below_another_has_the_fields_of_both_whichever_is_made_first() -> None:
    class Point(Frozen):
        x: int

    class Named(Point):
        name: str
        tags: list[str] = field(default_factory=list)

    assert repr(Named(1, "here")).endswith("Named(x=1, name='here', tags=[])")
    assert repr(Point(1)).endswith("Point(x=1)")


def test_threads_that_make_the_first_records_at_once_all_get_theirs() -> None:
    class Point(Frozen):
        x: int

    barrier = Barrier(8)

    def make(number: int) -> Point:
        barrier.wait()
        return Point(number)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(8))) == [Point(number) for number in range(8)]
