"""A fixture in a case, checked both ways: it holds nothing that Kratos never sends, and what the template reads."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cases.contexts import Edits
from jsonnet_ctx.cases.refuse import wrong
from jsonnet_ctx.context.change import has
from jsonnet_ctx.context.fixture import Fixture, check_fixture
from jsonnet_ctx.ctx_path import Path, format_path, parse_path
from jsonnet_ctx.kratos.effect_rows import Client
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.problem import SyntaxProblem


def require_sent(fixture: Fixture, hook: HookPoint, kratos: str, entry: Entry) -> None:
    """Raise FileError where a fixture holds what Kratos never sends at the hook point."""
    unsent = check_fixture(fixture, shape_of(hook, kratos=kratos))
    if unsent:
        hint = f"did you mean {unsent[0].nearest[0]}?" if unsent[0].nearest else None
        where = f"{fixture.location.path} holds ctx.{format_path(unsent[0].path)}"
        raise wrong(entry, f"{where}, which kratos {kratos} never sends at {hook.id}", hint=hint)


def require_read(
    fixture: Fixture, template: Template, hook: HookPoint, kratos: str, edits: Edits, entry: Entry
) -> tuple[str, ...]:
    """Raise FileError where the template reads what Kratos always sends at the hook point and the fixture lacks.

    What may be missing is a remark each, where the template reads it without a guard. What the case
    itself gives or leaves out is its own business.
    """
    shape = shape_of(hook, kratos=kratos)
    edited = [parse_path(path) for path in (*edits.given, *edits.without)]
    remarks = []
    for path, is_guarded in _lacking(fixture, template):
        field = shape.field(path)
        if field is None or any(_meet(path, other) for other in edited):
            continue
        said = f"{fixture.location.path} lacks ctx.{format_path(path)}, which {template.name} reads"
        if field.presence == "always" and len(field.path) == len(path):
            hint = "record the ctx again, or give it in the case"
            raise wrong(entry, f"{said} and kratos {kratos} always sends at {hook.id}", hint=hint)
        if not is_guarded:
            remarks.append(said)
    return tuple(remarks)


def client_of(ctx: dict[str, Any]) -> Client:
    """The client that a recorded ctx is of, as far as its flow tells (a single-page app says browser)."""
    flow = ctx.get("flow")
    return "browser" if isinstance(flow, dict) and flow.get("type") == "browser" else "api"


def _lacking(fixture: Fixture, template: Template) -> Iterator[tuple[Path, bool]]:
    """What a template reads for certain and a fixture lacks, outermost only, and whether a guard looks before."""
    from jsonnet_ctx.syntax.reads import ctx_reads  # cases without a fixture have no use for the reader

    try:
        reads = [read for read in ctx_reads(template.text) if read.certain and "*" not in read.path and read.path]
    except SyntaxProblem:
        return  # the engine says what is wrong with it
    missing = [read for read in reads if not has(fixture.ctx, read.path)]
    for path in dict.fromkeys(read.path for read in missing):
        if any(path[: len(read.path)] == read.path for read in missing if read.path != path):
            continue
        here = [read for read in missing if read.path == path]
        yield path, any(read.guards or read.kind in ("exists", "get", "type-test") for read in here)


def _meet(one: Path, two: Path) -> bool:
    """Whether one of two paths lies in the other."""
    return all(a == b for a, b in zip(one, two, strict=False))
