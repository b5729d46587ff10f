"""Which ctx paths may be to blame for an error, and an edit of each that would take the error away."""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import Kind, TemplateError
from jsonnet_ctx.records import Frozen

MOST_ITEMS = 1000
"""A list that would have to be longer is no candidate."""

_OUT_OF_BOUNDS = re.compile(r"Index (\d+)\S* out of bounds, not within \[0, (\d+)\)")
_WRONG_TYPE = re.compile(r"Unexpected type (?P<got>\w+)(?:, expected (?P<wanted>\w+))?$|, got (?P<other>\w+)$")
_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_SAMPLES: Mapping[str, Any] = {"string": "x", "number": 1, "boolean": True, "array": [], "object": {}}
_ABSENT = object()


class Candidate(Frozen):
    """``path`` is to blame if the value ``cure`` at ``place`` takes the error away."""

    path: Path
    place: Path
    cure: Any

    def cured(self, ctx: Any) -> Any:
        """A copy of ``ctx`` with the cure at ``place``, and at the same place in every item of a list on the way.

        Else the next item of the list would fail with the same words.
        """
        result = copy.deepcopy(ctx)
        _set(result, self.place, self.cure)
        return result


def candidates(error: TemplateError, ctx: Any, reads: Sequence[Path], tests: Sequence[Path]) -> Iterator[Candidate]:
    """The candidates for ``error``, what was read last first; a path that is absent counts as null."""
    seen = ((path, value_at(ctx, path)) for path in (*reversed(reads), (), *reversed(tests)))
    return _BY_KIND[error.kind](error.message, [(path, value) for path, value in seen])


def value_at(ctx: Any, path: Path) -> Any:
    """The value at ``path``; a value of its own where there is none."""
    for part in path:
        held = isinstance(ctx, list) and isinstance(part, int) and part < len(ctx)
        if not held and not (isinstance(ctx, dict) and part in ctx):
            return _ABSENT
        ctx = ctx[part]
    return ctx


Seen = list[tuple[Path, Any]]


def _missing_field(message: str, seen: Seen) -> Iterator[Candidate]:
    name = message.partition(": ")[2]
    for path, value in seen:
        if isinstance(value, dict) and name not in value:
            yield Candidate((*path, name), (*path, name), None)


def _null_index(_message: str, seen: Seen) -> Iterator[Candidate]:
    for path, value in seen:
        if path and (value is None or value is _ABSENT):
            yield Candidate(path, path, {})


def _out_of_range(message: str, seen: Seen) -> Iterator[Candidate]:
    match = _OUT_OF_BOUNDS.match(message)
    if match is None or int(match[1]) > MOST_ITEMS:
        return
    index, length = int(match[1]), int(match[2])
    for path, value in seen:
        if isinstance(value, list) and len(value) == length:
            yield Candidate((*path, index), path, value + (value[-1:] or [{}]) * (index + 1 - length))
        elif isinstance(value, str) and len(value) == length:
            yield Candidate(path, path, value + "x" * (index + 1 - length))
        elif path and value is _ABSENT and length == 0:
            yield Candidate((*path, index), path, [{}] * (index + 1))


def _wrong_type(message: str, seen: Seen) -> Iterator[Candidate]:
    match = _WRONG_TYPE.search(message)
    if match is None:
        return
    got, wanted = match["got"] or match["other"], match["wanted"]
    cures = [_SAMPLES[wanted]] if wanted in _SAMPLES else [_SAMPLES[name] for name in ("string", "array", "object")]
    indexed = (got, wanted) == ("string", "number")  # also what a field of a list or string says
    for path, value in seen:
        kind = "null" if value is _ABSENT else _TYPES[type(value)]
        if path and (kind == got or (indexed and kind == "array")):
            for cure in cures:
                if cure != value:
                    yield Candidate(path, path, {} if indexed and kind == "array" else cure)


_BY_KIND = {
    "missing-field": _missing_field,
    "null-index": _null_index,
    "index-out-of-range": _out_of_range,
    "type": _wrong_type,
}

BLAMABLE: frozenset[Kind] = frozenset(("missing-field", "null-index", "index-out-of-range", "type"))
"""Kinds of error for which a ctx path can be to blame."""


def _set(value: Any, place: Path, new: Any) -> None:
    """Set in place, at every item where ``place`` has an index before its end; absent objects are made."""
    part, rest = place[0], place[1:]
    if isinstance(part, int) and isinstance(value, list):
        if not rest:
            value[part : part + 1] = [new]  # at the end where there is no such item, as in a shorter list
            return
        for item in value:
            _set(item, rest, new)
    elif isinstance(part, str) and isinstance(value, dict):
        if not rest:
            value[part] = new
            return
        _set(value.setdefault(part, {}), rest, new)
