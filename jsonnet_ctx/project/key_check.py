"""Checks of untrusted objects against the rows that say which keys Kratos's config schema takes."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.problem import Problem

_TYPES: dict[str, tuple[type, str]] = {
    "string": (str, "a string"),
    "boolean": (bool, "a boolean"),
    "object": (dict, "an object"),
    "array": (list, "a list"),
}

_REFUSED = "kratos refuses to start with this config"


def refused(slug: str, message: str, entry: Entry, *, address: str = "", hint: str | None = None) -> Problem:
    """A problem that keeps every version of Kratos from starting."""
    return Problem(
        slug,
        message,
        entry.location,
        Severity.ERROR,
        VERSIONS,
        hint=hint,
        effect=_REFUSED,
        address=address or entry.address,
        refused_at_start=True,
    )


def wrong_type(entry: Entry, expected: str, what: str, *, address: str = "") -> Problem | None:
    """A problem where the value is not of the JSON type ``expected``; ``what`` names the value."""
    kind, name = _TYPES[expected]
    if isinstance(entry.value, kind):
        return None
    hint = None
    if expected == "boolean" and entry.value in ("yes", "no", "on", "off", "true", "false"):
        hint = "write true or false without quotes"
    return refused("wrong-shape", f"{what} must be {name}, not {entry.type_name}", entry, address=address, hint=hint)


def check_keys(entry: Entry, rows: Mapping[str, Any], what: str, *, address: str) -> Iterator[Problem]:
    """Yield unknown keys, missing required ones, wrong types and values outside an enum.

    ``rows`` maps a key to ``{"type": …, "required": …, "enum": […]}``.
    """
    for key, child in entry.fields():
        row = rows.get(key)
        if row is None:
            message = f"{what} has the unknown key {key!r}"
            yield refused("unknown-key", message, child, address=address, hint=nearest_hint(key, rows))
            continue
        problem = wrong_type(child, row["type"], f"{what}.{key}", address=address)
        if problem is not None:
            yield problem
        elif "enum" in row and child.value not in row["enum"]:
            choices = " or ".join(row["enum"])
            message = f"{what}.{key} must be {choices}, not {child.value!r}"
            yield refused("wrong-shape", message, child, address=address)
    for key, row in rows.items():
        if row.get("required") and key not in entry.mapping:
            yield refused("missing-key", f"{what} has no {key}", entry, address=address, hint=f"add {key}")


def nearest_hint(name: str, known: Iterable[str]) -> str | None:
    """``did you mean …?`` with the nearest known name, None where none comes close."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else None
