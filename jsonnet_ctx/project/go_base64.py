"""Base64 exactly as strict as Go's ``base64.StdEncoding``, which Kratos uses."""

import base64
import re

_WHOLE = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


class IllegalBase64(ValueError):
    """Go refuses this text; ``offset`` is the input byte that Go names."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"illegal base64 data at input byte {offset}")
        self.offset = offset


def decode_base64(text: str) -> bytes:
    """Decode as Go does: standard alphabet, padding required, line ends skipped.

    Raises IllegalBase64 with the byte offset of Go's message (behaviours.json rows
    body.bad-base64, body.base64-unpadded, body.base64-url-alphabet). Line ends never get
    this far in a config: such a body is refused at start (row body.base64-newlines).
    """
    if "\n" not in text and "\r" not in text:
        if _WHOLE.fullmatch(text) is None:
            raise IllegalBase64(_first_fault(text))
        return base64.b64decode(text)
    dense = text.replace("\n", "").replace("\r", "")
    if _WHOLE.fullmatch(dense) is None:
        raise IllegalBase64(_first_fault(text))
    return base64.b64decode(dense)


def _first_fault(text: str) -> int:
    """Follow Go's decodeQuantum over the input bytes to the offset that it reports."""
    data = text.encode("utf-8", "surrogatepass").decode("latin-1")
    taken = 0  # characters of the current group of four
    for at, char in enumerate(data):
        if char in "\r\n":
            continue
        if char in _ALPHABET:
            taken = (taken + 1) % 4
            continue
        if char != "=" or taken < 2:
            return at
        return _fault_after_padding(data, at + 1, missing=taken == 2)
    # The input ended inside a group: Go points at the group's beginning.
    return len(data) - taken


def _fault_after_padding(data: str, at: int, *, missing: bool) -> int:
    """The first ``=`` was fine; a second one may be due, and nothing may follow."""
    at = _skip_line_ends(data, at)
    if missing:
        if at == len(data):
            return at
        if data[at] != "=":
            return at - 1
        at = _skip_line_ends(data, at + 1)
    return at


def _skip_line_ends(data: str, at: int) -> int:
    while at < len(data) and data[at] in "\r\n":
        at += 1
    return at
