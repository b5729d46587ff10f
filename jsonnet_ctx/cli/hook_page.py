"""The page that ``explain`` shows for a hook point: how it is reached and what its ctx holds."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cli.columns import aligned
from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_config_path, hook_note
from jsonnet_ctx.kratos.provider_id import provider_id_sources
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import Field, Shape, shape_of

_WIDTH = 110
_EXAMPLE = 44
_DETAILS: Path = ("flow", "ui")


def hook_page(hook: HookPoint, kratos: str, identity_schema: dict[str, Any] | None, *, verbose: bool) -> str:
    """The page of one hook point in one Kratos version, as text that ends in a newline.

    ``identity_schema`` gives the traits by name; ``verbose`` spells out the form below flow.ui.
    """
    shape = shape_of(hook, kratos=kratos, identity_schema=identity_schema)
    example = kratos_ctx(hook, kratos=kratos, identity_schema=identity_schema)
    parts = [
        [f"{hook.id} (kratos {kratos})", *_wrapped(hook_note(hook)), f"  config: {hook_config_path(hook)}"],
        ["reached by", *_ways(hook, kratos)],
        _provider_id(hook, kratos),
        ["ctx", *_field_lines(shape, example, verbose=verbose)],
        ["never there", *_never(shape)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if len(part) > 1) + "\n"


def _field_lines(shape: Shape, example: dict[str, Any], *, verbose: bool) -> Iterator[str]:
    """A line for each field, and below it what is easily got wrong about it."""
    shown = [field for field in shape.fields if verbose or not _is_detail(field.path)]
    header = ("field", "there", "type", "set by", "since", "example")
    table = aligned([header, *(_row(field, example) for field in shown)])
    yield f"  {table[0]}"
    for line, field in zip(table[1:], shown, strict=True):
        yield f"  {line}"
        yield from _wrapped(field.note, indent="      ")
    if len(shown) < len(shape.fields):
        yield f"  ({len(shape.fields) - len(shown)} more fields below flow.ui: add -v)"


def _row(field: Field, example: dict[str, Any]) -> tuple[str, ...]:
    types = [*field.types, "null"] if field.nullable and not field.is_open else list(field.types)
    return (
        pattern_text(field.path),
        field.presence,
        " or ".join(types),
        field.set_by,
        field.since or "-",
        _short(example, field.path),
    )


def pattern_text(path: Path) -> str:
    """A path with stars as people write it: ``identity.traits.*``."""
    return format_path(path).replace('["*"]', ".*")


def _is_detail(path: Path) -> bool:
    return len(path) > len(_DETAILS) and path[: len(_DETAILS)] == _DETAILS


def _short(example: dict[str, Any], path: Path) -> str:
    """The example's value at a path (of several items the first), short; empty where it has none."""
    value: Any = example
    for segment in path:
        if segment == "*" and isinstance(value, dict | list) and value:
            value = next(iter(value.values())) if isinstance(value, dict) else value[0]
        elif isinstance(value, dict) and segment in value:
            value = value[segment]
        else:
            return ""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _EXAMPLE else f"{text[: _EXAMPLE - 1]}…"


def _never(shape: Shape) -> Iterator[str]:
    for field in shape.never:
        if field.note:
            yield from _wrapped(f"{pattern_text(field.path)}: {field.note}", indent="  ")


def _ways(hook: HookPoint, kratos: str) -> Iterator[str]:
    ways = scenarios(hook, kratos)
    rows = [(way.name, way.client, f"transient_payload: {way.transient_payload}") for way in ways]
    for line, way in zip(aligned(rows), ways, strict=True):
        yield f"  {line}"
        yield from _wrapped(way.note, indent="      ")


def _provider_id(hook: HookPoint, kratos: str) -> list[str]:
    """Where the id of the OIDC provider can be read, best first; where ctx has no field for it, that."""
    sources = provider_id_sources(hook, kratos)
    has_field = any(source.path.startswith("session.") for source in sources)
    said = "best first" if has_field else "ctx has no field for it; what can hold it, best first"
    title = f"where is the OIDC provider id? {said}"
    lines = []
    for source in sources:
        said = source.reliable if isinstance(source.reliable, str) else "reliable"
        lines += _wrapped(f"{source.path}: {said}", indent="  ")
    return [title, *lines]


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
