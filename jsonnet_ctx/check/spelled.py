"""Fields that a template spells out: the text alone says which ctx path is missing at a place."""

from typing import Any

from jsonnet_ctx.context.edit import has, value_at
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import Read, ctx_reads

Place = tuple[int, int]


def spelled_reads(text: str) -> dict[Place, tuple[Path, ...]]:
    """The ctx paths that are read for sure, by line and column; several where a function is called with several."""
    try:
        reads = [read for read in ctx_reads(text) if _is_plain(read)]
    except SyntaxProblem:
        return {}
    found: dict[Place, tuple[Path, ...]] = {}
    for read in reads:
        found[read.line, read.column] = (*found.get((read.line, read.column), ()), read.path)
    return found


def spelled_path(reads: dict[Place, tuple[Path, ...]], error: TemplateError, ctx: dict[str, Any]) -> Path | None:
    """The one path read where ``error`` arises that lacks the missing field of its message in ``ctx``."""
    if error.kind != "missing-field" or error.line is None or error.column is None:
        return None
    name = error.message.partition(": ")[2]
    paths = {path for path in reads.get((error.line, error.column), ()) if path[-1] == name}
    missing = [path for path in paths if isinstance(value_at(ctx, path[:-1]), dict) and not has(ctx, path)]
    return missing[0] if len(missing) == len(paths) == 1 else None


def _is_plain(read: Read) -> bool:
    return read.kind == "field" and read.certain and bool(read.path) and "*" not in read.path
