"""JSON as go-jsonnet prints a result, from values whose exact print is beyond doubt.

Bulk evaluation takes results as minified JSON, which keeps every value but not every byte of
the print. Values where even that may differ (integers that a double cannot hold, negative
zero) are :func:`doubtful`: they are evaluated on their own instead.
"""

import json
import re
from typing import Any

_LONG_NUMBER = re.compile(r"\d{16}")
_MINUS_ZERO = re.compile(r"-0(?:$|[,}\]])")
_CONTROL = re.compile("[\x7f-\x9f]")


def doubtful(minified: str) -> bool:
    """Whether the print of a minified result cannot be told from it for sure (or a string in it looks so)."""
    return _MINUS_ZERO.search(minified) is not None or any(
        minified[match.start() - 1] != "." for match in _LONG_NUMBER.finditer(minified)
    )


def print_json(value: Any) -> str:
    """Print ``value`` byte for byte as Kratos sends it (behaviours.json rows json.layout, json.numbers, json.strings).

    Three spaces a level, ``{ }`` and ``[ ]`` for nothing, ``%.17g`` for fractions, a newline at the end.
    """
    parts: list[str] = []
    _print(value, "\n", parts)
    parts.append("\n")
    return "".join(parts)


def _print(value: Any, newline: str, parts: list[str]) -> None:
    kind = type(value)
    if kind is str:
        parts.append(_string(value))
    elif kind is dict:
        if not value:
            parts.append("{ }")
            return
        deeper = newline + "   "
        mark = "{"
        for key, item in value.items():
            parts.append(f"{mark}{deeper}{_string(key)}: ")
            _print(item, deeper, parts)
            mark = ","
        parts.append(newline + "}")
    elif kind is list:
        if not value:
            parts.append("[ ]")
            return
        deeper = newline + "   "
        mark = "["
        for item in value:
            parts.append(mark + deeper)
            _print(item, deeper, parts)
            mark = ","
        parts.append(newline + "]")
    else:
        parts.append(_scalar(value))


def _string(text: str) -> str:
    quoted = json.encoder.encode_basestring(text)
    if quoted.isascii() and "\x7f" not in quoted:
        return quoted
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _scalar(value: float | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f"{value:.0f}" if value.is_integer() else f"{value:.17g}"
