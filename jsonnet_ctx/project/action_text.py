"""The ways in which people write an action for ``ory patch``: as JSON text with a pointer to its place."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.json_document import key_offsets, parse_json
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.records import Frozen

_ARGUMENT = re.compile(r"""(?P<pointer>/(?:services/|selfservice/)[^\s='"]*)\s*=\s*(?P<quote>['"]?)\s*(?=[\[{"])""")
_WRITES = frozenset({"add", "replace", "test"})


class Patch(Frozen):
    """A value with its JSON pointer (None where the text names none).

    ``offsets`` maps paths inside the value to character offsets of the text.
    """

    pointer: str | None
    value: Any
    offsets: dict[Path, int]


def read_patches(text: str, name: str) -> tuple[Patch, ...]:
    """Return what the text adds.

    Understood are an action object, a JSON Patch list (``[{"op": "add", "path": …, "value": …}]``)
    and arguments of ``ory patch … --add /selfservice/…/hooks/0='{…}'``, also a whole command
    line with several of them. Raises FileError with line and column.
    """
    arguments = list(_ARGUMENT.finditer(text))
    if arguments and not text.lstrip().startswith(("{", "[")):
        return tuple(_from_argument(text, match, name) for match in arguments)
    value, _ = parse_json(text, name)
    offsets = key_offsets(text)
    if isinstance(value, list):
        return tuple(_from_operations(value, offsets, name, LineIndex(text)))
    if not isinstance(value, dict):
        hint = 'an action is {"hook": "web_hook", "config": {…}}'
        raise FileError("is not an action", Location(name, 1, 1), hint=hint)
    return (Patch(None, value, offsets),)


def _from_argument(text: str, match: re.Match[str], name: str) -> Patch:
    """``POINTER=JSON``: the JSON value ends where it ends, quotes and further arguments follow."""
    start = match.end()
    body = text[start:]
    if match["quote"] == '"':
        # Inside double quotes of a shell the JSON's own quotes are escaped.
        body = re.sub(r'\\(["\\$`])', r"\1", body)
    try:
        value, end = json.JSONDecoder().raw_decode(body)
    except json.JSONDecodeError as error:
        place = LineIndex(text).place_of(min(start + error.pos, len(text)))
        said = error.msg[:1].lower() + error.msg[1:]
        raise FileError(f"the value of {match['pointer']} is not JSON: {said}", Location(name, *place)) from error
    except RecursionError as error:
        raise FileError("is nested too deeply", Location(name)) from error
    inner = key_offsets(body[:end])
    return Patch(match["pointer"], value, {path: start + offset for path, offset in inner.items()})


def _from_operations(operations: list[Any], offsets: dict[Path, int], name: str, lines: LineIndex) -> Iterator[Patch]:
    for index, operation in enumerate(operations):
        where = Location(name, *lines.place_of(offsets.get((index,), 0)))
        if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
            hint = 'a JSON patch is [{"op": "add", "path": "/selfservice/…", "value": {…}}]'
            raise FileError("is neither an action nor a JSON patch", where, hint=hint)
        if operation.get("op") in _WRITES and "value" in operation:
            below = (index, "value")
            inner = {path[2:]: offset for path, offset in offsets.items() if path[:2] == below}
            yield Patch(operation["path"], operation["value"], inner)
