"""From the catalog's rows to the fields of a ctx at one hook point and version."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import reaches, within
from jsonnet_ctx.records import replace


def fields_at(hook: HookPoint, kratos: str) -> Iterator[Field]:
    """Yield every field that the catalog knows for this hook point, parents first.

    ``presence`` is ``never`` for what this hook or version never has and ``scenario`` where
    the way the hook point is reached decides. Traits are one open field.
    """
    yield from _part("ctx", (), hook, kratos)


def _part(part: str, base: Path, hook: HookPoint, kratos: str) -> Iterator[Field]:
    name = f"flow.{hook.flow}" if part == "flow" else part
    for row in catalog("fields"):
        if row["part"] != name:
            continue
        field = _placed(_field(row, (*base, row["key"]), kratos), hook, kratos)
        yield field
        if field.presence != "never":
            yield from _below(row, field, hook, kratos)


def _below(row: dict[str, Any], field: Field, hook: HookPoint, kratos: str) -> Iterator[Field]:
    item = (*field.path, "*")
    if "holds" in row:
        yield from _part(row["holds"], field.path, hook, kratos)
    elif "values" in row:
        yield from _part(row["values"], field.path, hook, kratos)
    elif row.get("items") == "text":
        yield Field(item, ("string",), set_by=field.set_by, evidence=field.evidence)
    elif "items" in row:
        yield Field(item, ("object",), set_by=field.set_by, evidence=field.evidence)
        yield from _part(row["items"], item, hook, kratos)
    elif row.get("open"):
        yield Field(item, ("any",), "optional", nullable=True, set_by=field.set_by, evidence=field.evidence)


def _field(row: dict[str, Any], path: Path, kratos: str) -> Field:
    field = Field(
        path,
        tuple(row["types"]),
        row["presence"],
        nullable=row.get("nullable", False),
        set_by=row.get("set_by", "server"),
        since=row.get("since"),
        until=row.get("until"),
        note=row.get("note", ""),
        evidence=row["evidence"],
        enum=tuple(row.get("enum", ())),
        format=row.get("format"),
    )
    if not within(kratos, field.since, field.until):
        why = f"In Kratos since {field.since}" if not reaches(kratos, field.since) else f"In Kratos until {field.until}"
        return replace(field, presence="never", note=why)
    return field


def _placed(field: Field, hook: HookPoint, kratos: str) -> Field:
    """Overlay what the catalog's places say about this field at this hook point."""
    dotted = ".".join(str(segment) for segment in field.path)
    for row in catalog("places"):
        if row["path"] != dotted or not any(_fits(hook.id, pattern) for pattern in row["hooks"]):
            continue
        if not within(kratos, row.get("since"), row.get("until")):
            field = replace(field, note=f"At this hook point since {row['since']}")
            continue
        field = replace(
            field,
            presence=row.get("presence", field.presence),
            nullable=row.get("nullable", field.nullable),
            enum=tuple(row.get("enum", field.enum)),
            since=row.get("since", field.since),
            note=row.get("note", field.note),
            evidence=row["evidence"],
        )
    return field


def _fits(hook: str, pattern: str) -> bool:
    """Whether a hook point's id is the pattern, or has its beginning and end around its one ``*``."""
    begin, star, end = pattern.partition("*")
    return hook == pattern if not star else hook.startswith(begin) and hook.removeprefix(begin).endswith(end)
