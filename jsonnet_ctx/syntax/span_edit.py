"""Edits of a text by byte spans, and the way back from the edited text to the text as it was."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from jsonnet_ctx.syntax.position import byte_text, line_column, offset_of, plain_text


class SpanEdit(NamedTuple):
    """Replace the bytes from ``start`` to ``end`` (exclusive) by ``replacement``."""

    start: int
    end: int
    replacement: str


class EditedText(NamedTuple):
    """A text after edits, and where each piece of it came from.

    ``pieces`` are (offset in the edited text, offset in the original, length in the edited text,
    length in the original) of the copied and the replaced stretches, in turns.
    """

    original: str
    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def original_offset(self, offset: int, *, end: bool = False) -> int:
        """The byte offset in the original of an offset in the edited text.

        Inside a replacement it is the start of what was replaced; with ``end``, the offset is
        taken as the exclusive end of a span, and it is the end of what was replaced.
        """
        place = max(offset - 1, 0) if end else offset
        index = bisect_right(self.pieces, place, key=lambda piece: piece[0]) - 1
        if index < 0:
            return 0
        new, old, _, old_length = self.pieces[index]
        if index % 2 == 0:
            return old + min(place - new, old_length) + (1 if end and old_length else 0)
        return old + old_length if end else old

    def original_position(self, line: int, column: int, *, end: bool = False) -> tuple[int, int]:
        """The line and column (bytes, from 1) in the original of a place in the edited text."""
        offset = offset_of(self.text, line, column)
        return line_column(self.original, self.original_offset(offset, end=end))


def edited(text: str, edits: Iterable[SpanEdit]) -> EditedText:
    """Apply edits; those at one place go in as they come, insertions before a replacement that starts there.

    Raises ValueError where two edits overlap or one lies outside the text.
    """
    characters = byte_text(text)
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    at = new = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not at <= edit.start <= edit.end <= len(characters):
            raise ValueError(f"edits overlap or lie outside the text: {edit.start} to {edit.end}")
        inserted = byte_text(edit.replacement)
        pieces.append((new, at, edit.start - at, edit.start - at))
        new += edit.start - at
        pieces.append((new, edit.start, len(inserted), edit.end - edit.start))
        new += len(inserted)
        parts += [characters[at : edit.start], inserted]
        at = edit.end
    pieces.append((new, at, len(characters) - at, len(characters) - at))
    parts.append(characters[at:])
    return EditedText(text, plain_text("".join(parts)), tuple(pieces))


def insertion(at: int, text: str) -> SpanEdit:
    """An edit that puts ``text`` at a byte offset. Raises ValueError for a line break, which would move lines."""
    if "\n" in text:
        raise ValueError("an insertion must not break the line")
    return SpanEdit(at, at, text)


def wrapping(start: int, end: int, before: str, after: str) -> tuple[SpanEdit, SpanEdit]:
    """Edits that put text around a span, on its lines. Raises ValueError for a line break."""
    return insertion(start, before), insertion(end, after)
