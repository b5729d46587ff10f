"""Go's ``url.Values.Encode`` for the form bodies that Kratos sends."""

from collections.abc import Mapping
from urllib.parse import quote_plus


def encode_form(payload: object) -> bytes:
    """Encode a form payload as Kratos does: sorted keys, null as empty, ``None`` and ``{}`` as no bytes.

    ``payload`` is what the template rendered under a form Content-Type: an object of strings and
    nulls, or null (behaviours.json rows ct.form.null, ct.form.null-value, ct.form.empty-object,
    ct.form-header-lowercase-name). Raises TypeError for anything else: the engine reports such a
    payload as ``form-shape`` before a request is made.
    """
    if payload is None:
        return b""
    if not isinstance(payload, Mapping):
        raise TypeError(f"not a form payload: {type(payload).__name__}")
    pairs = sorted((_utf8(key), _utf8(_text(value))) for key, value in payload.items())
    return "&".join(f"{_escape(key)}={_escape(value)}" for key, value in pairs).encode()


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"not a form value: {type(value).__name__}")
    return value


def _utf8(text: str) -> bytes:
    # Go reads an unpaired surrogate as U+FFFD.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _escape(raw: bytes) -> str:
    # quote_plus keeps A-Z a-z 0-9 _ . - ~ and writes a space as +: Go's QueryEscape keeps the same.
    return quote_plus(raw, safe="")
