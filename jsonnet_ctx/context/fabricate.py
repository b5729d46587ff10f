"""Made-up ids, tokens and times: the same seed and name always give the same value."""

import base64
import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from functools import lru_cache

NIL_UUID = "00000000-0000-0000-0000-000000000000"
"""The id of what Kratos has not stored yet."""

ZERO_TIME = "0001-01-01T00:00:00Z"
"""The time of what has not happened yet."""

_EPOCH = datetime(2026, 1, 12, 8, 30, tzinfo=UTC)


_made_once = lru_cache(maxsize=4096)
"""The contexts of one hook point have most of their ids and times in common."""


@_made_once
def number_of(seed: int, name: str, below: int) -> int:
    """Return a whole number from 0 to ``below`` - 1."""
    return int.from_bytes(_digest(seed, name)[:8], "big") % below


@_made_once
def uuid_of(seed: int, name: str) -> str:
    """Return a version 4 UUID."""
    return str(uuid.UUID(bytes=_digest(seed, name)[:16], version=4))


@_made_once
def hex_of(seed: int, name: str, length: int = 32) -> str:
    """Return ``length`` lower-case hex digits."""
    text = ""
    while len(text) < length:
        text += _digest(seed, f"{name}/{len(text)}").hex()
    return text[:length]


def base64_of(seed: int, name: str, size: int = 32) -> str:
    """Return ``size`` bytes in padded standard base64, as Kratos writes CSRF tokens."""
    return base64.b64encode(bytes.fromhex(hex_of(seed, name, size * 2))).decode()


@_made_once
def time_of(seed: int, name: str, seconds: float, *, digits: int = 9) -> str:
    """Return an RFC3339Nano time in UTC, ``seconds`` after the seed's moment.

    ``digits`` of the fraction are made up from the name: 9 for a time of the running process,
    6 for one that the database stored. Go drops zeros at the end, so does this.
    """
    start = _EPOCH + timedelta(seconds=number_of(seed, "moment", 200 * 86400))
    moment = start + timedelta(seconds=seconds)
    fraction = f"{number_of(seed, name, 10**digits):0{digits}}".rstrip("0")
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if fraction else "") + "Z"


def _digest(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\0{name}".encode()).digest()
