"""Run a case: evaluate, compare with what it expects, and with its snapshot."""

from collections.abc import Iterator

from jsonnet_ctx.cases import snapshot
from jsonnet_ctx.cases.case import Case, Ran
from jsonnet_ctx.cases.expect_request import unwired
from jsonnet_ctx.cases.mismatch import Mismatch, error_words
from jsonnet_ctx.cases.same import shown
from jsonnet_ctx.engine.outcome import Outcome, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.records import Frozen, replace


class Verdict(Frozen):
    """What came of a case; it passed where there is no mismatch."""

    case: Case
    outcome: Outcome
    mismatches: tuple[Mismatch, ...]


def run_case(
    case: Case, *, update_snapshots: bool = False, with_snapshot: bool = True, ahead: Outcome | None = None
) -> Verdict:
    """Evaluate on the exact path and compare. Raises EngineError where the engine is missing.

    Where several actions send the template, what the case expects has to hold for each of them.
    With ``update_snapshots`` the payload of a case that holds otherwise becomes its snapshot;
    ``with_snapshot`` false leaves the snapshot out of it. ``ahead`` is the outcome of a case that one
    action sends, where it is known (:mod:`jsonnet_ctx.cases.ahead`).
    """
    runs = [Ran(one, _evaluated(one)) for one in (replace(case, webhook=webhook) for _, webhook in case.actions)]
    runs = runs or [Ran(case, ahead or _evaluated(case))]
    outcome = runs[0].outcome
    found = tuple(dict.fromkeys(_all_mismatches(case, runs)))
    if with_snapshot and case.snapshot is not None and isinstance(outcome, Rendered):
        stale = tuple(snapshot.compare(case.snapshot, outcome.payload, lambda: snapshot.review_command(case.address)))
        if not update_snapshots:
            found += stale
        elif stale and not found:
            snapshot.write(case.snapshot, outcome.payload)
    return Verdict(case, outcome, found)


def _evaluated(case: Case) -> Outcome:
    return shared_engine(case.kratos, case.engine).evaluate(case.template, case.ctx, content_type=case.content_type)


def _all_mismatches(case: Case, runs: list[Ran]) -> Iterator[Mismatch]:
    """What does not hold for each action, with the address of the action where it is about that."""
    addresses = [address for address, _ in case.actions] or [""]
    for address, ran in zip(addresses, runs, strict=True):
        for mismatch in _mismatches(ran):
            if address and mismatch.what.startswith(("request", "effect", "outcome")):
                where = f"of {address}; template: {address} judges it alone"
                yield replace(mismatch, note="\n    ".join(filter(None, (mismatch.note, where))))
            else:
                yield mismatch


def outcome_words(outcome: Outcome) -> str:
    """An outcome in a few words, with the place and the ctx path of an error."""
    if isinstance(outcome, Rendered):
        return f"the payload {shown(outcome.payload)}"
    error = outcome.error
    name = type(outcome).__name__.lower()
    kind = "" if name == "cancelled" else f" {error.kind}"
    at = " at " if error.location else ": "
    return f"{name}{kind}{at}{error_words(error)}"


def _mismatches(ran: Ran) -> Iterator[Mismatch]:
    expected = ran.case.expect.outcome
    actual = type(ran.outcome).__name__.lower()
    if expected not in ("any", actual):
        wanted = "a payload" if expected == "rendered" else expected
        yield Mismatch("outcome", wanted, outcome_words(ran.outcome))
        return
    found = [mismatch for check in ran.case.expect.checks for mismatch in check(ran)]
    if ran.case.unwired and ran.case.answers and not any(one.what in ("request", "effect") for one in found):
        yield unwired("response", "an action that reads it", ran)
    yield from found
