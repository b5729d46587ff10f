"""Plain values of YAML scalars, as Kratos's YAML reader sees them."""

import math
import re
from typing import Any

CORE = "tag:yaml.org,2002:"
"""What the tags of YAML's own types begin with."""

_INT = re.compile(r"[-+]?(?:0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*)")
# Numbers of YAML 1.2 that the YAML 1.1 resolver takes for strings: 1e3, 0o17.
_NUMBER_12 = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|0o[0-7]+")


def scalar_value(text: str, tag: str, *, is_plain: bool) -> Any:
    """Return the value of a scalar with this resolved tag; ``is_plain`` says that it has no quotes.

    YAML 1.2: ``true`` and ``false`` are booleans, ``yes``, ``no``, ``on`` and ``off`` strings;
    no sexagesimal numbers; dates stay text. Whatever JSON cannot hold stays text too.
    """
    kind = tag.removeprefix(CORE)
    if kind == "str" and is_plain and _NUMBER_12.fullmatch(text):
        kind = "int" if text.startswith("0o") else "float"
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and _INT.fullmatch(text):
        return _integer(text.replace("_", ""))
    if kind == "float" and ":" not in text and not text.lower().lstrip("+-").startswith((".inf", ".nan")):
        number = float(text.replace("_", ""))
        return number if math.isfinite(number) else text
    return text


def _integer(text: str) -> int | str:
    digits = text.lstrip("+-").lower()
    sign = -1 if text.startswith("-") else 1
    if len(digits) > 400:
        return text
    if digits.startswith(("0x", "0b", "0o")):
        return sign * int(digits, 0)
    is_octal = len(digits) > 1 and digits.startswith("0") and digits.strip("01234567") == ""
    return sign * int(digits, 8 if is_octal else 10)
