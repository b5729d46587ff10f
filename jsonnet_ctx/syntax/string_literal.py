"""What a string literal stands for."""

import re

from jsonnet_ctx.syntax.position import plain_text
from jsonnet_ctx.syntax.problem import SyntaxProblem

_ESCAPE = re.compile(r"\\(?:(u)([0-9a-fA-F]{4})|(.))?", re.DOTALL)
_LOW_HALF = re.compile(r"\\u([0-9a-fA-F]{4})")
_PLAIN = {'"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def string_value(token: str, start: int) -> tuple[str, str]:
    """The value and the quote (``'``, ``"``, ``@'``, ``@"``, ``|||``) of a string token in byte characters.

    Raises SyntaxProblem for an escape that the engine refuses, at ``start``.
    """
    if token[0] == "|":
        return plain_text(_block_value(token)), "|||"
    if token[0] == "@":
        quote = token[1]
        return plain_text(token[2:-1].replace(quote * 2, quote)), "@" + quote
    inner = plain_text(token[1:-1])
    return (_unescaped(inner, start) if "\\" in inner else inner), token[0]


def _block_value(token: str) -> str:
    header, _, rest = token.partition("\n")
    lines = rest.split("\n")[:-1]
    first = next(line for line in lines if line)
    indent = len(first) - len(first.lstrip(" \t"))
    value = "".join(line[indent:] + "\n" for line in lines)
    return value[:-1] if header.startswith("|||-") else value


def _unescaped(inner: str, start: int) -> str:
    parts: list[str] = []
    at = 0
    while (match := _ESCAPE.search(inner, at)) is not None:
        parts.append(inner[at : match.start()])
        at = match.end()
        if match[1] is None:
            if match[3] not in _PLAIN:
                raise SyntaxProblem(f"unknown escape in a string: \\{match[3] or ''}", start)
            parts.append(_PLAIN[match[3]])
            continue
        code = int(match[2], 16)
        if 0xD800 <= code < 0xE000:
            low = _LOW_HALF.match(inner, at)
            if low is None:
                raise SyntaxProblem("half of a surrogate pair in a string", start)
            at = low.end()
            code = _joined(code, int(low[1], 16))
        parts.append(chr(code))
    parts.append(inner[at:])
    return "".join(parts)


def _joined(high: int, low: int) -> int:
    """The character of a surrogate pair; U+FFFD for two halves that make none, as the engine has it."""
    if high < 0xDC00 <= low < 0xE000:
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    return 0xFFFD
