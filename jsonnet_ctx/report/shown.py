"""Make text of users and engines safe to show: control characters escaped, columns that line up."""

import unicodedata

# Category Cc and friends move the cursor or colour the terminal; the bidirectional controls
# reorder what a reader sees. Joiners (also Cf) stay, since names and emoji need them.
_UNSHOWN = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_BIDI = {*"\u061c\u200e\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
_TAB = "    "


def escape(text: str) -> str:
    """``text`` on one line, with every character that a terminal would act on written as an escape."""
    return "".join(_escape_character(character) for character in text)


def lines(text: str) -> list[str]:
    """The lines of ``text``, each escaped; a blank text is one empty line."""
    return [escape(line.replace("\t", _TAB)) for line in text.rstrip("\n").split("\n")]


def width(text: str) -> int:
    """How many terminal columns ``text`` takes once escaped."""
    return sum(_character_width(character) for character in text)


def source_columns(source: str, start: int, end: int) -> tuple[str, int, int]:
    """A line of source as shown, and the columns that bytes ``start`` to ``end`` take in it.

    The engine counts columns in UTF-8 bytes; a reader counts characters, wide ones twice.
    """
    data = source.encode(errors="surrogatepass")
    before = _shown(data[:start])
    marked = _shown(data[start:end])
    rest = _shown(data[end:])
    return before + marked + rest, width(before), width(before) + max(width(marked), 1)


def _shown(data: bytes) -> str:
    return escape(data.decode(errors="replace").replace("\t", _TAB))


def _escape_character(character: str) -> str:
    if character in _BIDI or unicodedata.category(character) in _UNSHOWN:
        code = ord(character)
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character) or (
            f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
        )
    return character


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
