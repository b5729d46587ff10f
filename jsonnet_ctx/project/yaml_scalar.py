"""Plain values of YAML scalars, as Kratos's YAML reader sees them."""

import math
import re
from typing import Any

CORE = "tag:yaml.org,2002:"
"""What the tags of YAML's own types begin with."""

_INT = re.compile(r"[-+]?(?:0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*)")
# Numbers of YAML 1.2 that the YAML 1.1 resolver takes for strings: 1e3, 0o17.
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", re.IGNORECASE
)
# Python reads no more than some thousand digits.
_MOST_DIGITS = 1100
_TOO_LARGE = 10**400
_NUMBER_12 = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|0o[0-7]+")


def scalar_value(text: str, tag: str, *, is_plain: bool) -> Any:
    """Return the value of a scalar with this resolved tag; ``is_plain`` says that it has no quotes.

    As go-yaml 3 does, Kratos's reader: ``true`` and ``false`` are booleans, ``yes``, ``no``, ``on``
    and ``off`` strings; no sexagesimal numbers; dates stay text; but octal ``017``, ``1_000`` and
    ``0b1`` of YAML 1.1 are still numbers. Raises ValueError for a number that JSON cannot hold.
    """
    kind = tag.removeprefix(CORE)
    if kind == "str":
        if not is_plain or not _NUMBER_12.fullmatch(text):
            return text
        kind = "int" if text.startswith("0o") else "float"
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and _INT.fullmatch(text):
        return _integer(text.replace("_", ""))
    if kind == "float" and _FLOAT.fullmatch(text):
        number = float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        if not math.isfinite(number):
            raise ValueError(f"{text} is a number that JSON cannot hold")
        return number
    return text


def _integer(text: str) -> int:
    digits = text.lstrip("+-").lower()
    sign = -1 if text.startswith("-") else 1
    is_octal = len(digits) > 1 and digits.startswith("0") and digits.strip("01234567") == ""
    base = 0 if digits.startswith(("0x", "0b", "0o")) else 8 if is_octal else 10
    number = sign * int(digits, base) if len(digits) <= _MOST_DIGITS else _TOO_LARGE
    try:
        float(number)
    except OverflowError:
        raise ValueError(f"a number of {len(digits)} digits is one that JSON cannot hold") from None
    return number
