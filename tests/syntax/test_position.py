"""Byte offsets, lines and columns."""

from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.syntax.position import byte_text, line_column, line_text, offset_of, plain_text

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("aé\n\r\t😀", max_size=40)


@given(text=TEXTS, data=st.data())
def test_an_offset_comes_back_from_its_line_and_column(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text.encode())))
    line, column = line_column(text, offset)
    assert offset_of(text, line, column) == offset


@given(text=TEXTS, line=st.integers(1, 50), column=st.integers(1, 50))
def test_any_place_has_an_offset_inside_the_text(text: str, line: int, column: int) -> None:
    assert 0 <= offset_of(text, line, column) <= len(text.encode())


@given(text=TEXTS)
def test_byte_text_has_a_character_for_each_byte(text: str) -> None:
    assert len(byte_text(text)) == len(text.encode())
    assert plain_text(byte_text(text)) == text


def test_columns_count_bytes() -> None:
    text = "{\n  é: x"
    assert line_column(text, text.encode().index(b"x")) == (2, 7)
    assert offset_of(text, 2, 7) == 8


def test_a_place_past_the_end_is_the_end() -> None:
    assert line_column("ab\n", 99) == (2, 1)
    assert offset_of("ab\ncd", 1, 99) == 2
    assert offset_of("ab", 7, 1) == 2


def test_a_line_comes_without_its_break() -> None:
    assert [line_text("a\r\nb", line) for line in (0, 1, 2, 3)] == ["", "a", "b", ""]
