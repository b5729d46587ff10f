"""Values of an ``each`` row in the text of its case: ``{locale}``."""

import difflib
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from jsonnet_ctx.cases.refuse import wrong
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.records import Frozen

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_PLACEHOLDER = re.compile(rf"\{{({_NAME})\}}")


class Row(Frozen):
    """One row of ``each``: its values, and the ``names`` that any row of the case has."""

    entry: Entry
    values: Mapping[str, Any]
    names: Collection[str]


def require_names(row: Entry) -> None:
    """Raise FileError at a key of a row that no placeholder can name."""
    for key, child in row.fields():
        if re.fullmatch(_NAME, key) is None:
            hint = "a name has letters, digits, _ and - and begins with a letter"
            raise wrong(child, f"each: {key!r} is no name for a placeholder", hint=hint)


def has_placeholder(text: str, names: Collection[str]) -> bool:
    """Whether a text holds a placeholder of one of these names."""
    return any(match[1] in names for match in _PLACEHOLDER.finditer(text))


def filled(entry: Entry, row: Row) -> Any:
    """The value of ``entry`` with the row's values in it.

    A string that is exactly ``"{n}"`` takes the row's value with its type, inside longer text it
    is written out; keys of objects are texts too. Braces around other words stay. Raises FileError
    for a word that comes close to a name of the row, and for one that only other rows have.
    """
    value = entry.value
    if isinstance(value, str):
        return _filled_text(entry, value, row)
    if isinstance(value, list):
        return [filled(item, row) for item in entry.items()]
    if isinstance(value, dict):
        return {_written(_filled_text(child, key, row)): filled(child, row) for key, child in entry.fields()}
    return value


def _filled_text(entry: Entry, text: str, row: Row) -> Any:
    values = row.values
    for match in _PLACEHOLDER.finditer(text):
        if match[1] in values:
            continue
        if match[1] in row.names:
            hint = f"line {entry.location.line} takes it; other rows have it"
            raise wrong(row.entry, f"the row of each has no value for the placeholder {match[0]}", hint=hint)
        if near := difflib.get_close_matches(match[1], values, n=1, cutoff=0.6):
            hint = f"did you mean {{{near[0]}}}?"
            raise wrong(entry, f"each has no value for the placeholder {match[0]}", hint=hint)
    whole = _PLACEHOLDER.fullmatch(text)
    if whole and whole[1] in values:
        return values[whole[1]]
    return _PLACEHOLDER.sub(lambda match: _written(values[match[1]]) if match[1] in values else match[0], text)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
