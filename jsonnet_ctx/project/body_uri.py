"""Body URIs as Kratos's config schema and fetcher read them."""

import re
from urllib.parse import SplitResult, urlsplit

SCHEMES = ("http", "https", "file", "base64")
"""The schemes that Kratos fetches (context_shapes.json template_uri_schemes); letter case counts."""

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_HOST = re.compile(r"[ {}|\\^`%]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INLINE = re.compile(r"^\s*(?:function\s*\(|local\s|\{|//|/\*|#|std\.)|\n")


def scheme_of(uri: str) -> str | None:
    """Return what stands before ``://``, as written; None for a bare path."""
    match = _SCHEME.match(uri)
    return match["scheme"] if match else None


def refusal_of(uri: str) -> str | None:
    """Say why Kratos's config schema refuses this body as a URI, None where it does not.

    The schema checks Go's URL syntax for the four schemes alone; anything else counts as a bare
    path (behaviours.json rows body.base64-newlines, body.bare-string-jsonnet).
    """
    if scheme_of(uri) not in SCHEMES:
        return None
    control = _CONTROL.search(uri)
    if control is not None:
        what = "a line end" if control[0] in "\r\n" else f"the control character U+{ord(control[0]):04X}"
        return f"{what} at character {control.start()}"
    rest = uri.split("://", 1)[1]
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    bad = _BAD_HOST.search(host)
    if bad is not None:
        return f"{bad[0]!r} at character {uri.index(host) + bad.start()}"
    if _BAD_ESCAPE.search(rest):
        return "a % that is no escape"
    return None


def looks_inline(body: str) -> bool:
    """Whether a body without a scheme looks like Jsonnet text rather than a path."""
    return _INLINE.search(body) is not None


def storage_digest(uri: str) -> str | None:
    """Return the SHA-512 in hex that names a body in Ory Network's storage, None for other URLs.

    Ory Network replaces a base64 body with a URL whose file name is the body's SHA-512.
    """
    try:
        split: SplitResult = urlsplit(uri)
    except ValueError:
        return None
    match = re.search(r"(?<![0-9a-f])[0-9a-f]{128}(?![0-9a-f])", split.path)
    return match[0] if match else None
