"""What a case file must not say: errors with their place and the nearest word."""

import difflib
from collections.abc import Collection, Iterable
from typing import Any

from jsonnet_ctx.errors import FileError, JsonnetCtxError
from jsonnet_ctx.project.entry import Entry

_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "an object"),
    "list": ((list,), "a list"),
    "string": ((str,), "a string"),
    "boolean": ((bool,), "true or false"),
    "number": ((int, float), "a number"),
    "whole number": ((int,), "a whole number"),
}


def wrong(entry: Entry, message: str, *, hint: str | None = None) -> FileError:
    """An error at the place of ``entry``."""
    return FileError(message, entry.location, hint=hint)


def placed(entry: Entry, error: JsonnetCtxError) -> FileError:
    """An error of a look-up as an error at the place that asked for it; the place in another file stays in the text."""
    return FileError(str(error), entry.location, hint=error.hint)


def require(entry: Entry, kind: str, what: str) -> Any:
    """The value of ``entry``. Raises FileError where it is not of this kind (``object``, ``string``, …)."""
    types, name = _KINDS[kind]
    value = entry.value
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        given = entry.type_name if kind != "whole number" or not isinstance(value, float) else f"{value:g}"
        raise wrong(entry, f"{what} must be {name}, not {given}", hint=_quote_hint(kind, value))
    return value


def require_words(entry: Entry, known: Collection[str], what: str) -> None:
    """Raise FileError with the nearest word at the first key of an object that is not a known word."""
    require(entry, "object", what)
    for key in entry.mapping:
        if key not in known:
            require_word(entry.get(key) or entry, key, known, f"word of {what}")


def require_word(entry: Entry, word: str, known: Iterable[str], what: str) -> None:
    """Raise FileError with the nearest word where ``word`` is none of the known ones."""
    choices = list(known)
    if word in choices:
        return
    near = difflib.get_close_matches(word.replace("_", "-"), choices, n=1, cutoff=0.5)
    near = near or difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(choices)}"
    raise wrong(entry, f"unknown {what}: {word!r}", hint=hint)


def strings(entry: Entry, what: str) -> list[Entry]:
    """The entries of a string or a list of strings. Raises FileError for anything else and for an empty list."""
    if isinstance(entry.value, str):
        return [entry]
    if not isinstance(entry.value, list) or not entry.value:
        hint = _quote_hint("string", entry.value)
        raise wrong(entry, f"{what} must be a string or a list of strings, not {_shown(entry)}", hint=hint)
    found = list(entry.items())
    for item in found:
        require(item, "string", f"an item of {what}")
    return found


def _shown(entry: Entry) -> str:
    return "an empty list" if entry.value == [] else entry.type_name


def _quote_hint(kind: str, value: Any) -> str | None:
    if kind == "string" and isinstance(value, bool | int | float):
        return "put it in quotes"
    return None
