"""Fixture files: a ctx that somebody recorded, with the hook point and version it comes from."""

import pathlib
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from jsonnet_ctx.context.change import has
from jsonnet_ctx.ctx_path import Path, format_path, parse_ctx_path
from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import HookPoint, parse_hook_point, select_hook_points
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.versions import parse_version
from jsonnet_ctx.project.document import Document, parse_documents
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.project.json_document import second_keys
from jsonnet_ctx.project.text_place import LineIndex
from jsonnet_ctx.records import Frozen

FORMAT = 1
_KEYS = ("format", "hook", "kratos", "redacted", "ctx")
_SUFFIXES = (".yaml", ".yml")


class Fixture(Frozen):
    """A recorded ctx. ``hook`` and ``kratos`` are None where neither the file nor the caller says them."""

    hook: HookPoint | None
    kratos: str | None
    ctx: dict[str, Any]
    redacted: tuple[str, ...]
    location: Location


class Unsent(Frozen):
    """A path of a fixture that Kratos never sends there, with the real paths that come close."""

    path: Path
    nearest: tuple[str, ...]


def load_fixture(path: str | pathlib.Path, hook: str | None = None) -> Fixture:
    """Read a fixture file (design: ``{"format": 1, "hook", "kratos", "redacted", "ctx"}``), a capture or a bare ctx.

    JSON, or YAML by suffix, of at most 10 MiB. ``hook`` is the id or prefix that the caller asks
    for: it names the hook point of a bare ctx (of several the last: after the identity is
    stored) and has to cover that of a fixture. Raises FileError with the place in the file for a
    file that cannot be read or is no fixture, UnknownName for a ``hook`` that is none.
    """
    return read_fixture(_read(path), hook)


def read_fixture(document: Document, hook: str | None = None) -> Fixture:
    """The fixture that a document holds, as :func:`load_fixture` reads a file."""
    if not isinstance(document.value, dict):
        raise FileError("a fixture is an object", document.location_of(()), hint="wrap the ctx: {…}")
    asked = select_hook_points(hook) if hook is not None else ()
    if "ctx" not in document.value and "format" not in document.value:
        return Fixture(asked[-1] if asked else None, None, document.value, (), document.location_of(()))
    version_key = "kratos" if "format" in document.value else "kratos_version"
    if "format" in document.value:
        _require_format(document)
    return Fixture(
        _hook(document, asked),
        _version(document, version_key),
        _ctx(document),
        _redacted(document),
        document.location_of(()),
    )


def check_fixture(fixture: Fixture, shape: Shape) -> tuple[Unsent, ...]:
    """Return the keys and items of a fixture that Kratos never sends at the shape's hook point, outermost only."""
    return tuple(_unsent(shape, (), fixture.ctx))


def _unsent(shape: Shape, path: Path, value: Any) -> Iterator[Unsent]:
    children: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        children = iter(value.items())
    elif isinstance(value, list):
        children = iter(enumerate(value))
    for key, item in children:
        below = (*path, key)
        field = shape.field(below)
        if field is None:
            yield Unsent(below, shape.nearest(below))
        elif not field.is_open:
            yield from _unsent(shape, below, item)


def _read(path: str | pathlib.Path) -> Document:
    source = pathlib.Path(path)
    suffix = source.suffix.lower() if source.suffix.lower() in _SUFFIXES else ".json"
    text = read_text(source, name=str(path))
    first, *others = parse_documents(text, str(path), suffix=suffix)
    if suffix == ".json":
        _require_keys_once(text, str(path))
    if others:
        raise FileError("holds several YAML documents", others[0].location_of(()), hint="give each a file of its own")
    return first


def _require_keys_once(text: str, name: str) -> None:
    """Raise FileError for a key that JSON gives twice: of what is checked here nothing is to be lost."""
    lines = LineIndex(text)
    for key, first, second in second_keys(text):
        hint = f"it is first given in line {lines.place_of(first)[0]}"
        raise FileError(f"duplicate key {key!r}", Location(name, *lines.place_of(second)), hint=hint)


def _require_format(document: Document) -> None:
    if document.value["format"] != FORMAT or isinstance(document.value["format"], bool):
        raise FileError(
            f"unknown fixture format: {document.value['format']!r}", document.location_of(("format",)), hint="format 1"
        )
    for key in document.value:
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, n=1) or _KEYS
            raise FileError(
                f"unknown fixture key: {key!r}", document.location_of((key,)), hint=f"did you mean {' or '.join(near)}?"
            )


def _hook(document: Document, asked: tuple[HookPoint, ...]) -> HookPoint | None:
    name = document.value.get("hook")
    where = document.location_of(("hook",))
    if name is None:
        return asked[-1] if asked else None
    if not isinstance(name, str):
        raise FileError(f"a hook point is a string, not {name!r}", where)
    try:
        hook = parse_hook_point(name)
    except UnknownName as problem:
        raise FileError(problem.message, where, hint=problem.hint) from problem
    if asked and hook not in asked:
        known = " or ".join(one.id for one in asked)
        raise FileError(f"the fixture is of {hook}, asked for is {known}", where)
    return hook


def _version(document: Document, key: str) -> str | None:
    name = document.value.get(key)
    if name is None:
        return None
    if not isinstance(name, str):
        raise FileError(f"a kratos version is a string, not {name!r}", document.location_of((key,)))
    try:
        return parse_version(name)
    except UnknownName as problem:
        raise FileError(problem.message, document.location_of((key,)), hint=problem.hint) from problem


def _ctx(document: Document) -> dict[str, Any]:
    ctx = document.value.get("ctx")
    if not isinstance(ctx, dict):
        raise FileError("a fixture needs a ctx object", document.location_of(("ctx",)))
    return ctx


def _redacted(document: Document) -> tuple[str, ...]:
    paths = document.value.get("redacted", [])
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise FileError("redacted is a list of ctx paths", document.location_of(("redacted",)))
    for number, text in enumerate(paths):
        where = document.location_of(("redacted", number))
        try:
            path = parse_ctx_path(text)
        except ValueError as problem:
            raise FileError(str(problem), where, hint="write identity.traits.email") from None
        if not has(_ctx(document), path):
            raise FileError(f"redacted names {format_path(path)}, which the ctx does not hold", where)
    return tuple(paths)
