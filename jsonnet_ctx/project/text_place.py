"""From offsets in text to lines and byte columns."""

from bisect import bisect_right


class LineIndex:
    """The beginnings of the lines of one text."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at != -1:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and column (bytes, both from 1) of a character offset."""
        line = bisect_right(self._starts, offset)
        return line, self._bytes(self._starts[line - 1], offset) + 1

    def place_at(self, line: int, column: int) -> tuple[int, int]:
        """Line and byte column, both from 1, of a line and character column that count from 0."""
        start = self._starts[min(line, len(self._starts) - 1)]
        return line + 1, self._bytes(start, start + column) + 1

    def _bytes(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode("utf-8", "surrogatepass"))
