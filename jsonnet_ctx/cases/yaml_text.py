"""Values as YAML that every reader takes for the same values: plain words where that is safe, else JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*")
# Words that some reader of YAML takes for something else.
_TAKEN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_WIDTH = 100


def scalar(value: Any) -> str:
    """One value on one line, objects and lists in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {scalar(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(scalar, value)) + "]"
    if isinstance(value, str) and _SAFE.fullmatch(value) and value.lower() not in _TAKEN:
        return value
    return json.dumps(value, ensure_ascii=not isinstance(value, str) or not value.isprintable())


def block(value: dict[str, Any], indent: int) -> Iterator[str]:
    """The lines of an object, a key a line; what does not fit on its line is set in below it."""
    for key, item in value.items():
        line = f"{' ' * indent}{scalar(key)}: {scalar(item)}"
        if isinstance(item, dict) and item and len(line) > _WIDTH:
            yield f"{' ' * indent}{scalar(key)}:"
            yield from block(item, indent + 2)
        else:
            yield line
