"""JSON text as plain values, with the place of every key and list item."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def parse_json(text: str, name: str) -> tuple[Any, Callable[[KeyPath], tuple[int, int] | None]]:
    """Return the value and a function from a path to its (line, column).

    Strict JSON, as Go reads it: no NaN, no comments; of two equal keys the last one counts.
    Raises FileError with line and column.
    """
    lines = LineIndex(text)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = lines.place_of(error.pos)
        raise FileError(f"is not JSON: {_lower(error.msg)}", Location(name, *place), hint=_hint(text, error)) from error
    except RecursionError as error:
        raise FileError("is nested too deeply", Location(name)) from error
    except ValueError as error:
        raise FileError(f"is not JSON: {error}", Location(name)) from error
    offsets = key_offsets(text)

    def find(path: KeyPath) -> tuple[int, int] | None:
        offset = offsets.get(path)
        return None if offset is None else lines.place_of(offset)

    return value, find


def second_keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Each key of valid JSON text that its object has already, with both character offsets."""
    again: list[tuple[KeyPath, int, int]] = []
    key_offsets(text, again)
    return ((str(path[-1]), first, second) for path, first, second in again)


def key_offsets(text: str, again: list[tuple[KeyPath, int, int]] | None = None) -> dict[KeyPath, int]:
    """Return the character offset of every key and list item of valid JSON text.

    ``again`` gets the keys that are given twice, with both offsets.
    """
    offsets: dict[KeyPath, int] = {}
    path: list[str | int] = []
    # One entry an open container: its next index, or None for an object that awaits a key.
    open_lists: list[bool] = []
    awaits_key = False
    offsets[()] = len(text) - len(text.lstrip())
    for token in _TOKEN.finditer(text):
        mark = token[0][0]
        if awaits_key and mark == '"':
            path.append(json.loads(token[0], strict=False))
            if again is not None and tuple(path) in offsets:
                again.append((tuple(path), offsets[tuple(path)], token.start()))
            offsets[tuple(path)] = token.start()
            awaits_key = False
            continue
        if mark == ":":
            continue
        if mark == ",":
            last = path.pop()
            awaits_key = not open_lists[-1]
            if isinstance(last, int) and open_lists[-1]:
                path.append(last + 1)
            continue
        if mark in "]}":
            _close(path, open_lists, awaits_key)
            awaits_key = False
            continue
        # A value begins here: in a list this is the item's own place.
        if open_lists and open_lists[-1]:
            offsets[tuple(path)] = token.start()
        if mark in "[{":
            open_lists.append(mark == "[")
            awaits_key = mark == "{"
            if mark == "[":
                path.append(0)
    return offsets


def _close(path: list[str | int], open_lists: list[bool], awaits_key: bool) -> None:
    """Leave a container: drop the key or index of its last entry (an empty object has none)."""
    open_lists.pop()
    if not awaits_key:
        path.pop()


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _hint(text: str, error: json.JSONDecodeError) -> str | None:
    rest = text[error.pos : error.pos + 2]
    if rest in {"//", "/*"} or rest.startswith("#"):
        return "JSON has no comments"
    if rest.startswith("'"):
        return "JSON strings are written with double quotes"
    # Python 3.13 points at the comma itself, earlier ones at the bracket behind it.
    if rest.startswith(",") or (text[: error.pos].rstrip().endswith(",") and rest[:1] in {"}", "]"}):
        return "remove the comma before the closing bracket"
    return None
