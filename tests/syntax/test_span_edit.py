"""Edits by byte spans and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.syntax.span_edit import SpanEdit, edited, insertion, wrapping

TEXTS = st.text("abé\n😀", max_size=30)


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[SpanEdit]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    places = [len(text[:cut].encode()) for cut in cuts]
    pairs = list(zip(places[::2], places[1::2], strict=False))
    return text, [SpanEdit(start, end, draw(st.text("xyé", max_size=4))) for start, end in pairs]


@given(case=texts_with_edits())
def test_what_is_not_edited_stays_and_maps_back(case: tuple[str, list[SpanEdit]]) -> None:
    text, edits = case
    result = edited(text, edits)
    assert len(result.text.encode()) == len(text.encode()) + sum(
        len(edit.replacement.encode()) - (edit.end - edit.start) for edit in edits
    )
    raw, new = text.encode(), result.text.encode()
    for start, old, length, _ in result.pieces[::2]:
        assert new[start : start + length] == raw[old : old + length]
        for step in range(length):
            assert result.original_offset(start + step) == old + step
            assert result.original_offset(start + step + 1, end=True) == old + step + 1


def test_a_place_inside_a_replacement_is_the_whole_of_what_was_replaced() -> None:
    result = edited("a + ctx.b", [SpanEdit(4, 9, "std.get(ctx, 'b')")])
    assert result.text == "a + std.get(ctx, 'b')"
    assert (result.original_offset(10), result.original_offset(12, end=True)) == (4, 9)


def test_insertions_keep_lines_and_map_columns_back() -> None:
    text = "{\n  é: x.y,\n}"
    start = text.encode().index(b"x")
    result = edited(text, wrapping(start, start + 3, "(p(", "))"))
    assert result.text == "{\n  é: (p(x.y)),\n}"
    assert result.original_position(2, 10) == (2, 7)
    assert result.original_position(2, 13, end=True) == (2, 10)
    assert result.original_position(3, 1) == (3, 1)


def test_an_insertion_cannot_break_a_line() -> None:
    with pytest.raises(ValueError, match="must not break the line"):
        insertion(0, "a\nb")


@pytest.mark.parametrize("edits", [[(0, 2), (1, 3)], [(3, 9)], [(2, 1)]])
def test_edits_that_overlap_or_lie_outside_are_refused(edits: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlap or lie outside"):
        edited("abcd", [SpanEdit(start, end, "") for start, end in edits])
