"""Go's reading of a JSON answer: the value, or Go's own words for what is wrong with it."""

import json
import re
from typing import Any

from jsonnet_ctx.errors import UsageError

_MAX_DEPTH = 10_000
_BLANK = b" \t\r\n"
_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING_PART = re.compile(rb'(?:[^"\\\x00-\x1f]+|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*')
_DIGITS = re.compile(rb"[0-9]*")
_HEX = re.compile(rb"[0-9a-fA-F]{0,4}")
_LITERALS = {b"t": b"true", b"f": b"false", b"n": b"null"}
_AFTER = {"{": "after object key:value pair", "[": "after array element"}
_NAMED = {0x27: r"\'", 0x22: '"', 0x5C: r"\\", 7: r"\a", 8: r"\b", 9: r"\t", 10: r"\n", 11: r"\v", 12: r"\f", 13: r"\r"}


class GoJsonError(Exception):
    """Text that Go's encoding/json refuses; the message is Go's, word for word."""


class _End(Exception):
    """The text ends in the middle of a value."""


def read_json(data: bytes, *, stream: bool = False) -> Any:
    """Return the value as Go's ``json.Unmarshal`` reads it; ``stream`` reads like ``json.Decoder``.

    A decoder stops after the first value and calls an early end ``EOF`` or ``unexpected EOF``
    (behaviours.json rows resp.200.empty-body.reg.parse, resp.200.not-json.reg.parse,
    resp.400.notjson.reg.parse, resp.huge.reg.parse). Raises GoJsonError with Go's words,
    UsageError for a value that nests too deep to be read here.
    """
    start = _skip(data, 0)
    try:
        end = _value(data, start)
    except _End:
        raise GoJsonError(_early_end(data, stream)) from None
    after = _skip(data, end)
    if not stream and after < len(data):
        raise _refused(data, after, "after top-level value")
    try:
        # Go replaces bytes that are not UTF-8.
        return json.loads(data[start:end].decode(errors="replace"), parse_int=_whole)
    except RecursionError:
        raise UsageError("the receiver's answer nests too deep to be read") from None


def _early_end(data: bytes, stream: bool) -> str:
    if stream:
        return "unexpected EOF" if data.strip(_BLANK) else "EOF"
    try:
        # Go's scanner ends a text with a space, which stands wrong inside a number or a literal.
        _value(data + b" ", _skip(data, 0))
    except GoJsonError as error:
        return str(error)
    except _End:
        pass
    return "unexpected end of JSON input"


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 4000 else float(digits)


def _value(data: bytes, at: int) -> int:
    """Return the end of the value that begins at ``at``; the open brackets are a stack, not recursion."""
    stack: list[str] = []
    while True:
        at = _skip(data, at)
        opener = data[at : at + 1]
        if opener in (b"{", b"["):
            stack.append(opener.decode())
            if len(stack) > _MAX_DEPTH:
                raise GoJsonError("exceeded max depth")
            at = _skip(data, at + 1)
            if data[at : at + 1] != (b"}" if opener == b"{" else b"]"):
                at = _key(data, at) if opener == b"{" else at
                continue
            stack.pop()
            at += 1
        else:
            at = _scalar(data, at)
        at = _close(data, at, stack)
        if not stack:
            return at
        at = _key(data, _skip(data, at + 1)) if stack[-1] == "{" else at + 1


def _close(data: bytes, at: int, stack: list[str]) -> int:
    """Pass the closing brackets after a value; stop at a comma, or at the end of the outermost value."""
    while stack:
        at = _skip(data, at)
        char = _byte(data, at)
        if char == b",":
            return at
        if char != (b"}" if stack[-1] == "{" else b"]"):
            raise _refused(data, at, _AFTER[stack[-1]])
        stack.pop()
        at += 1
    return at


def _key(data: bytes, at: int) -> int:
    if _byte(data, at) != b'"':
        raise _refused(data, at, "looking for beginning of object key string")
    at = _skip(data, _string(data, at))
    if _byte(data, at) != b":":
        raise _refused(data, at, "after object key")
    return at + 1


def _scalar(data: bytes, at: int) -> int:
    char = _byte(data, at)
    if char == b'"':
        return _string(data, at)
    if char in _LITERALS:
        return _literal(data, at, _LITERALS[char])
    if char == b"-" or char.isdigit():
        return _number(data, at)
    raise _refused(data, at, "looking for beginning of value")


def _literal(data: bytes, at: int, word: bytes) -> int:
    for n in range(1, len(word)):
        if _byte(data, at + n) != word[n : n + 1]:
            raise _refused(data, at + n, f"in literal {word.decode()} (expecting '{chr(word[n])}')")
    return at + len(word)


def _number(data: bytes, at: int) -> int:
    at += data[at : at + 1] == b"-"
    first = _byte(data, at)
    end = _digits(data, at, "in numeric literal")
    at = at + 1 if first == b"0" else end
    if data[at : at + 1] == b".":
        at = _digits(data, at + 1, "after decimal point in numeric literal")
    if data[at : at + 1] in (b"e", b"E"):
        at += 1 + (data[at + 1 : at + 2] in (b"+", b"-"))
        at = _digits(data, at, "in exponent of numeric literal")
    return at


def _digits(data: bytes, at: int, where: str) -> int:
    if not _byte(data, at).isdigit():
        raise _refused(data, at, where)
    return _end(_DIGITS, data, at)


def _string(data: bytes, at: int) -> int:
    at = _end(_STRING_PART, data, at + 1)
    char = _byte(data, at)
    if char == b'"':
        return at + 1
    if char != b"\\":
        raise _refused(data, at, "in string literal")
    if _byte(data, at + 1) != b"u":
        raise _refused(data, at + 1, "in string escape code")
    wrong = _end(_HEX, data, at + 2)
    _byte(data, wrong)
    raise _refused(data, wrong, "in \\u hexadecimal character escape")


def _skip(data: bytes, at: int) -> int:
    return _end(_SPACE, data, at)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at


def _byte(data: bytes, at: int) -> bytes:
    if at >= len(data):
        raise _End
    return data[at : at + 1]


def _refused(data: bytes, at: int, where: str) -> GoJsonError:
    return GoJsonError(f"invalid character {_quoted(data[at])} {where}")


def _quoted(byte: int) -> str:
    """Quote a byte as Go's scanner does: it takes every byte for a character of its own."""
    if byte in _NAMED:
        return f"'{_NAMED[byte]}'"
    if chr(byte).isprintable():
        return f"'{chr(byte)}'"
    return f"'\\x{byte:02x}'" if byte < 0x80 else f"'\\u{byte:04x}'"
