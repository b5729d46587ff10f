"""Values of an ``each`` row in the text of its case: ``{locale}``."""

import difflib
import json
import re
from collections.abc import Mapping
from typing import Any

from jsonnet_ctx.cases.refuse import wrong
from jsonnet_ctx.project.entry import Entry

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)\}")


def has_placeholder(text: str, names: Mapping[str, Any]) -> bool:
    """Whether a text holds a placeholder of one of these names."""
    return any(match[1] in names for match in _PLACEHOLDER.finditer(text))


def filled(entry: Entry, row: Mapping[str, Any]) -> Any:
    """The value of ``entry`` with the row's values in it.

    A string that is exactly ``"{n}"`` takes the row's value with its type, inside longer text it
    is written out; keys of objects are texts too. Braces around other words stay, but a word that
    comes close to a name of the row raises FileError.
    """
    value = entry.value
    if isinstance(value, str):
        return _filled_text(entry, value, row)
    if isinstance(value, list):
        return [filled(item, row) for item in entry.items()]
    if isinstance(value, dict):
        return {_written(_filled_text(child, key, row)): filled(child, row) for key, child in entry.fields()}
    return value


def _filled_text(entry: Entry, text: str, row: Mapping[str, Any]) -> Any:
    for match in _PLACEHOLDER.finditer(text):
        if match[1] not in row and (near := difflib.get_close_matches(match[1], row, n=1, cutoff=0.6)):
            hint = f"did you mean {{{near[0]}}}?"
            raise wrong(entry, f"each has no value for the placeholder {match[0]}", hint=hint)
    whole = _PLACEHOLDER.fullmatch(text)
    if whole and whole[1] in row:
        return row[whole[1]]
    return _PLACEHOLDER.sub(lambda match: _written(row[match[1]]) if match[1] in row else match[0], text)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
