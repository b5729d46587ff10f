"""From offsets in text to lines and byte columns."""

import re
from bisect import bisect_right
from itertools import accumulate

# What YAML and TOML readers count as the end of a line; editors count line feeds alone.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ODD_BREAK = re.compile("[\r\x85\u2028\u2029]")


class LineIndex:
    """The beginnings of the lines of one text."""

    __slots__ = ("_reader_starts", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._starts.pop()
        odd = _ODD_BREAK.search(text) is not None
        self._reader_starts = [0, *(match.end() for match in _BREAK.finditer(text))] if odd else self._starts

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and column (bytes, both from 1) of a character offset."""
        line = bisect_right(self._starts, offset)
        before = self._text[self._starts[line - 1] : offset]
        return line, len(before.encode("utf-8", "surrogatepass")) + 1

    def place_at(self, line: int, column: int) -> tuple[int, int]:
        """The same for a reader's line and character column, both from 0."""
        start = self._reader_starts[min(line, len(self._reader_starts) - 1)]
        return self.place_of(start + column)
