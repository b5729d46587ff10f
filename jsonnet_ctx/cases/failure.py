"""What a failed case says: each demand with the template line that made the value, the ctx it read, how to run it."""

import shlex
from collections.abc import Iterator

from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.run import Verdict
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.syntax.facts import output_fields
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.record import OutputField

MOST_MISMATCHES = 20
MOST_READS = 12


def failure_text(verdict: Verdict) -> str:
    """The whole text of a failed case."""
    return "\n".join(_lines(verdict))


def command(case: Case) -> str:
    """What runs just this case."""
    return f"jsonnet-ctx test {shlex.quote(case.address)}"


def _lines(verdict: Verdict) -> Iterator[str]:
    case = verdict.case
    yield f"{case.location}: {case.name}"
    yield f"  at {case.hook.id} (kratos {case.kratos}, {case.client} client)"
    fields = _fields(case)
    for mismatch in verdict.mismatches[:MOST_MISMATCHES]:
        yield f"  {mismatch.what}: expected {mismatch.expected} got {mismatch.actual}"
        if mismatch.payload_path is not None and isinstance(verdict.outcome, Rendered):
            yield from _made_at(mismatch.payload_path, fields, case)
        if mismatch.note:
            yield f"    {mismatch.note}"
    if len(verdict.mismatches) > MOST_MISMATCHES:
        yield f"  … and {len(verdict.mismatches) - MOST_MISMATCHES} more"
    reads = _reads(case)
    if reads:
        yield f"  reads: {', '.join(reads)}"
    yield f"  run: {command(case)}"


def _made_at(path: Path, fields: tuple[OutputField, ...], case: Case) -> Iterator[str]:
    """Which line of the template makes the value at a payload path, and of which ctx paths."""
    made = _makers(path, fields)
    if not made:
        return
    lines = dict.fromkeys(line_column(case.template.text, field.span[0])[0] for field in made)
    sources = dict.fromkeys(format_path(source) for field in made for source in field.sources)
    of = f" from {', '.join(f'ctx.{source}' for source in sources)}" if sources else ""
    yield f"    {case.template.name}:{' or '.join(map(str, lines))}{of}"


def _makers(path: Path, fields: tuple[OutputField, ...]) -> list[OutputField]:
    """The fields that make the value at a path: those of the path itself, else the deepest around or first below it."""
    around = [field for field in fields if _is_prefix(field.path, path)]
    if around:
        depth = max(len(field.path) for field in around)
        return [field for field in around if len(field.path) == depth]
    for depth in range(len(path), -1, -1):
        below = [field for field in fields if _is_prefix(path[:depth], field.path)]
        if below:
            first = min(below, key=lambda field: field.span)
            return (
                below
                if depth == len(path) and len(below) == 1
                else [OutputField(path, (), False, first.span, first.guards)]
            )
    return []


def _is_prefix(start: Path, path: Path) -> bool:
    return len(start) <= len(path) and all(
        "*" in (one, two) or one == two for one, two in zip(start, path, strict=False)
    )


def _fields(case: Case) -> tuple[OutputField, ...]:
    try:
        return output_fields(parse(case.template.text))
    except SyntaxProblem:
        return ()  # the engine says what is wrong with it


def _reads(case: Case) -> list[str]:
    (trace,) = shared_engine(case.kratos, case.engine).trace(
        case.template, [case.ctx], content_type=case.content_type, blame=False
    )
    reads = sorted(format_path(path) for path in trace.reads | trace.tests if path)
    leaves = [path for path in reads if not any(other.startswith((f"{path}.", f"{path}[")) for other in reads)]
    return [f"ctx.{path}" for path in leaves[:MOST_READS]] + (["…"] if len(leaves) > MOST_READS else [])
