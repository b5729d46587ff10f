"""The error text with which Kratos fails a hook whose template could not be read or did not render."""

import string

from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.effect_rows import failure_text
from jsonnet_ctx.project.template import Unreadable

_ALPHABET = frozenset(string.ascii_letters + string.digits + "+/")


def failure_words(failure: Failed | Unreadable) -> str:
    """Return the error text as Kratos logs it and shows it to the client.

    A template error keeps the engine's text (``error.raw``). Raises UsageError for a body of which
    nobody can tell from the files what it would do, or with which Kratos would not start.
    """
    if isinstance(failure, Failed):
        error = failure.error
        return error.raw or failure_text(error.kind) or error.message
    text = failure_text(failure.kind)
    if failure.refused_at_start:
        raise UsageError(f"kratos does not start with this body: {failure.message}", hint=failure.hint)
    if text is None:
        raise UsageError(f"what this body does cannot be told from the files: {failure.message}", hint=failure.hint)
    path = failure.uri.removeprefix("file://")
    return text.format(path=path, uri=failure.uri, byte=wrong_base64_byte(failure.uri.removeprefix("base64://")))


def wrong_base64_byte(text: str) -> int | None:
    """Return where Go's standard base64 decoder stops, counted in bytes from 0; None where it does not.

    Rows body.bad-base64, body.base64-unpadded, body.base64-url-alphabet.
    """
    filled = 0
    chars = text.encode().decode("latin-1")
    for at, char in enumerate(chars):
        if char in "\r\n":
            continue
        if char == "=":
            return _padding(chars, at, filled)
        if char not in _ALPHABET:
            return at
        filled = (filled + 1) % 4
    return len(chars) - filled if filled else None


def _padding(chars: str, at: int, filled: int) -> int | None:
    if filled < 2:
        return at
    rest = [(n, char) for n, char in enumerate(chars) if n > at and char not in "\r\n"]
    if filled == 2:
        if not rest:
            return len(chars)
        if rest[0][1] != "=":
            return rest[0][0]
        rest = rest[1:]
    return rest[0][0] if rest else None
