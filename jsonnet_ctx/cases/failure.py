"""What a failed case says: each demand with the template line that made the value, the ctx it read, how to run it."""

import shlex
from collections.abc import Iterator

from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.makers import Makers
from jsonnet_ctx.cases.run import Verdict
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.engine.pool import shared_engine

MOST_MISMATCHES = 20
MOST_READS = 4


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
    makers = Makers(case.template)
    for mismatch in verdict.mismatches[:MOST_MISMATCHES]:
        yield f"  {mismatch.what}: expected {mismatch.expected} got {mismatch.actual}"
        if mismatch.payload_path is not None and isinstance(verdict.outcome, Rendered):
            yield from (f"    {line}" for line in makers.lines(mismatch.payload_path))
        if mismatch.note:
            yield f"    {mismatch.note}"
    if len(verdict.mismatches) > MOST_MISMATCHES:
        yield f"  … and {len(verdict.mismatches) - MOST_MISMATCHES} more"
    reads = _reads(case)
    if reads:
        yield f"  reads: {', '.join(reads)}"
    yield f"  run: {command(case)}"


def _reads(case: Case) -> list[str]:
    (trace,) = shared_engine(case.kratos, case.engine).trace(
        case.template, [case.ctx], content_type=case.content_type, blame=False
    )
    reads = sorted(format_path(path) for path in trace.reads | trace.tests if path)
    leaves = [path for path in reads if not any(other.startswith((f"{path}.", f"{path}[")) for other in reads)]
    more = [f"and {len(leaves) - MOST_READS} more"] if len(leaves) > MOST_READS else []
    return [f"ctx.{path}" for path in leaves[:MOST_READS]] + more
