"""Byte offsets as lines and columns, and back, counted as the engine counts them."""


def byte_text(text: str) -> str:
    """``text`` with one character for each of its UTF-8 bytes, so that indexes are byte offsets.

    Raises UnicodeEncodeError where ``text`` holds a lone surrogate.
    """
    return text if text.isascii() else text.encode().decode("latin-1")


def plain_text(byte_characters: str) -> str:
    """The text whose :func:`byte_text` this is; a cut through a character shows as U+FFFD."""
    return byte_characters if byte_characters.isascii() else byte_characters.encode("latin-1").decode(errors="replace")


def line_column(text: str, offset: int) -> tuple[int, int]:
    """The line and column (both from 1, columns in bytes) of a byte offset; past the end is the end."""
    before = _bytes(text)[: max(offset, 0)]
    return before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1


def offset_of(text: str, line: int, column: int) -> int:
    """The byte offset of a line and column; a place outside the text becomes the nearest one inside."""
    raw = _bytes(text)
    start = 0
    for _ in range(line - 1):
        newline = raw.find(b"\n", start)
        if newline < 0:
            return len(raw)
        start = newline + 1
    newline = raw.find(b"\n", start)
    end = len(raw) if newline < 0 else newline
    return max(start, min(start + column - 1, end))


def line_text(text: str, line: int) -> str:
    """The text of a line (from 1) without its line break; empty past the end."""
    lines = text.split("\n")
    return lines[line - 1].removesuffix("\r") if 0 < line <= len(lines) else ""


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
