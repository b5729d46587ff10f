"""Go's rules for header names, header values and cookies, as its HTTP client applies them."""

import string

_TOKEN = frozenset(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")

WRITTEN_BY_GO = frozenset({"Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer"})
"""Names that Go's client writes itself, whatever the config says."""


def canonical(name: str) -> str:
    """Return the name in canonical case (``x-lower-case`` is ``X-Lower-Case``, row hdr.custom).

    A name with a byte that no header name may have stays as it is, as in Go's
    ``textproto.CanonicalMIMEHeaderKey``.
    """
    if not valid_name(name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def valid_name(name: str) -> bool:
    """Tell whether Go sends a header of this name: a non-empty token of RFC 7230."""
    return bool(name) and all(char in _TOKEN for char in name)


def valid_value(value: str) -> bool:
    """Tell whether Go sends a header with this value: no control characters but the tab."""
    return all(char == "\t" or (ord(char) >= 0x20 and ord(char) != 0x7F) for char in value)


def cookie(name: str, value: str) -> str:
    """Return ``name=value`` as Go's ``AddCookie`` writes it: quoted where it holds a space or comma.

    Bytes that a cookie value may not have are dropped (behaviours.md section 8).
    """
    clean = "".join(chr(byte) for byte in value.encode() if 0x20 <= byte < 0x7F and chr(byte) not in '";\\')
    quoted = f'"{clean}"' if " " in clean or "," in clean else clean
    return f"{name.replace(chr(10), '-').replace(chr(13), '-')}={quoted}"
