"""Run a case: evaluate, compare with what it expects, and with its snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass

from jsonnet_ctx.cases import snapshot
from jsonnet_ctx.cases.case import Case, Ran
from jsonnet_ctx.cases.mismatch import Mismatch
from jsonnet_ctx.cases.same import shown
from jsonnet_ctx.engine.outcome import Outcome, Rendered
from jsonnet_ctx.engine.pool import shared_engine


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case; it passed where there is no mismatch."""

    case: Case
    outcome: Outcome
    mismatches: tuple[Mismatch, ...]


def run_case(case: Case, *, update_snapshots: bool = False, ahead: Outcome | None = None) -> Verdict:
    """Evaluate once on the exact path and compare. Raises EngineError where the engine is missing.

    With ``update_snapshots`` the payload of a case that holds otherwise becomes its snapshot.
    ``ahead`` is the outcome where it is known (:mod:`jsonnet_ctx.cases.ahead`).
    """
    engine = shared_engine(case.kratos, case.engine)
    outcome = ahead or engine.evaluate(case.template, case.ctx, content_type=case.content_type)
    found = tuple(_mismatches(Ran(case, outcome)))
    if case.snapshot is not None and isinstance(outcome, Rendered):
        stale = tuple(snapshot.compare(case.snapshot, outcome.payload))
        if not update_snapshots:
            found += stale
        elif stale and not found:
            snapshot.write(case.snapshot, outcome.payload)
    return Verdict(case, outcome, found)


def outcome_words(outcome: Outcome) -> str:
    """An outcome in a few words, with the place and the ctx path of an error."""
    if isinstance(outcome, Rendered):
        return f"the payload {shown(outcome.payload)}"
    error = outcome.error
    place = f" at {error.location}" if error.location else ""
    path = f" (ctx.{error.path})" if error.path else ""
    kind = "" if type(outcome).__name__ == "Cancelled" else f" {error.kind}"
    return f"{type(outcome).__name__.lower()}{kind}{place}: {error.message}{path}"


def _mismatches(ran: Ran) -> Iterator[Mismatch]:
    expected = ran.case.expect.outcome
    actual = type(ran.outcome).__name__.lower()
    if expected not in ("any", actual):
        wanted = "a payload" if expected == "rendered" else expected
        yield Mismatch("outcome", wanted, outcome_words(ran.outcome))
        return
    for check in ran.case.expect.checks:
        yield from check(ran)
