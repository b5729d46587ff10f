"""TOML text as plain values, with the place of every key and list item."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.project.toml_places import key_offsets

_AT = re.compile(r"^(?P<said>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


def parse_toml(text: str, name: str) -> tuple[Any, Callable[[KeyPath], tuple[int, int] | None]]:
    """Return the value and a function from a path to its (line, column).

    Dates and times become their text. Raises FileError with line and column.
    """
    lines = LineIndex(text)
    try:
        value = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _file_error(str(error), text, name, lines) from error
    except RecursionError as error:
        raise FileError("is nested too deeply", Location(name)) from error
    # tomllib counts lines after joining CRLF to LF; offsets here are into the text as it is.
    offsets = key_offsets(text)

    def find(path: KeyPath) -> tuple[int, int] | None:
        offset = offsets.get(path)
        return None if offset is None else lines.place_of(offset)

    return value, find


def _file_error(said: str, text: str, name: str, lines: LineIndex) -> FileError:
    match = _AT.match(said)
    if match is None:
        return FileError(f"is not TOML: {said}", Location(name))
    message = match["said"][:1].lower() + match["said"][1:]
    if match["line"] is None:
        return FileError(f"is not TOML: {message}", Location(name, *lines.place_of(len(text))))
    place = lines.place_at(int(match["line"]) - 1, int(match["column"]) - 1)
    return FileError(f"is not TOML: {message}", Location(name, *place))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return value
