"""JSON as Go's encoding/json writes it: the ctx that Kratos hands over, and the size of its message."""

import json
import re
from functools import lru_cache
from typing import Any

from jsonnet_ctx.errors import UsageError

_CONTROL = bytes({*range(0x20)} - {*b"\b\t\n\f\r"})
_SURROGATE = re.compile("[\ud800-\udfff]")

_FRAME = len(
    '{"Filename":"","Snippet":"","TLACodes":[{"Key":"ctx","Value":""}],"TLAVars":null,"ExtCodes":null,"ExtVars":null}'
)


def encode_ctx(ctx: Any) -> str:
    """Write a ctx as Kratos does (no HTML escaping, a newline at the end).

    Lone surrogates become U+FFFD, as in Go, which has no other way to hold them. Raises
    UsageError for a value that JSON cannot hold (NaN, infinity, a set, too deep, a cycle).
    """
    try:
        text = json.dumps(ctx, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the ctx cannot be written as JSON: {error}", hint="a ctx holds plain JSON values") from error
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text + "\n"


def quoted_size(text: str) -> int:
    """Bytes of ``text`` inside the quotes of a JSON string as ``json.Marshal`` writes it.

    ``<``, ``>`` and ``&`` are six bytes each (behaviours.json row limit.ctx-escaped-30k-lt), so
    are U+2028 and U+2029; a quote or backslash is two.
    """
    data = text.encode("utf-8", "replace")
    size = len(data) + sum(data.count(short) for short in (b'"', b"\\", b"\n", b"\r", b"\t", b"\b", b"\f"))
    size += 5 * (data.count(b"<") + data.count(b">") + data.count(b"&"))
    if not data.isascii():
        size += 3 * (data.count(b"\xe2\x80\xa8") + data.count(b"\xe2\x80\xa9"))
    return size + 5 * (len(data) - len(data.translate(None, _CONTROL)))


def message_size(filename: str, snippet: str, ctx_text: str) -> int:
    """Bytes of the message that Kratos sends to its evaluator, without the NUL that ends it."""
    return _template_size(filename, snippet) + quoted_size(ctx_text)


@lru_cache(maxsize=64)
def _template_size(filename: str, snippet: str) -> int:
    """Bytes of the message without the ctx; one template is sent with many."""
    return _FRAME + quoted_size(filename) + quoted_size(snippet)


def kratos_message(filename: str, snippet: str, ctx_text: str) -> bytes:
    """The message itself, for an evaluator that speaks Kratos's protocol."""
    message = {
        "Filename": filename,
        "Snippet": snippet,
        "TLACodes": [{"Key": "ctx", "Value": ctx_text}],
        "TLAVars": None,
        "ExtCodes": None,
        "ExtVars": None,
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\0"
