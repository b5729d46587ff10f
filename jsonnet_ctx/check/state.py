"""What the search of one target has found and spent so far."""

import time
from collections.abc import Sequence
from typing import Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.broken import Broken, BrokenKey
from jsonnet_ctx.check.fault import Fault, FaultKey
from jsonnet_ctx.check.literals import Literals
from jsonnet_ctx.check.spelled import Place, spelled_path, spelled_reads
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import value_at
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.engine import Engine, Trace
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Rendered, TemplateError
from jsonnet_ctx.finding import Edit, Location
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen, Plain, field, replace

MAX_EVALUATIONS = 4000
DELIBERATE = frozenset({"explicit", "assert"})
Sign = tuple[str, Location | None, str]
"""What an error looks like: kind, place and message."""


class Learned(Plain):
    """What the searches of one template have learned, so that it is found out once.

    ``blames`` maps an error's sign to the ctx path at fault, ``mends`` to an edit that got past it;
    ``dead_ends`` are signs that no edit got past,
    ``hopeless`` is an error that no ctx changes; ``fuzzed`` says that hypothesis has had its turn;
    ``spelled`` are the reads that the text spells out, once somebody asked.
    """

    blames: dict[Sign, Path | None] = field(default_factory=dict)
    mends: dict[Sign, Edit] = field(default_factory=dict)
    dead_ends: set[Sign] = field(default_factory=set)
    hopeless: TemplateError | None = None
    fuzzed: bool = False
    spelled: dict[Place, tuple[Path, ...]] | None = None


class Effort(Frozen):
    """What a search may cost: edit scripts drawn by hypothesis, their seed, and when it has to end.

    ``deadline`` is a time of ``time.perf_counter``, in seconds; None is no limit.
    """

    examples: int = 0
    seed: int = 0
    deadline: float | None = None


def sign_of(error: TemplateError) -> Sign:
    """The sign of an error."""
    return (error.kind, error.location, error.message)


class SearchState(Plain):
    """The findings and the cost of a search, as it goes on.

    ``broken`` are the ways in which payloads break the contract;
    ``rendered`` keeps what came out of the base contexts, for the rules on output; ``refusals``
    counts evaluations that the author's own ``error`` or ``assert`` ended; ``raised`` are the
    places and messages of these, and of cancels; ``handled`` holds
    signatures of steps whose edits have been tried; ``template`` is the target's, or that with
    fields masked; ``content_type`` is the target's, or JSON where Kratos refuses that.
    """

    target: Target
    bases: tuple[Base, ...]
    engine: Engine
    template: Template
    literals: Literals
    learned: Learned = field(default_factory=Learned)
    faults: dict[FaultKey, Fault] = field(default_factory=dict)
    broken: dict[BrokenKey, Broken] = field(default_factory=dict)
    rendered: list[tuple[Base, Rendered]] = field(default_factory=list)
    refusals: int = 0
    raised: set[tuple[Location, str]] = field(default_factory=set)
    evaluations: int = 0
    handled: set[frozenset[Any]] = field(default_factory=set)
    deadline: float | None = None
    content_type: str = ""

    def __post_init__(self) -> None:
        self.content_type = self.content_type or self.target.content_type

    def trace(self, contexts: Sequence[dict[str, Any]]) -> list[Trace]:
        """Evaluate with read tracing, and count; a failure is the exact path's, without a path to blame."""
        self.evaluations += len(contexts)
        traces = self.engine.trace(self.template, contexts, content_type=self.content_type, blame=False)
        for outcome in (trace.outcome for trace in traces):
            if isinstance(outcome, Cancelled | Failed) and not is_accident(outcome) and outcome.error.location:
                self.raised.add((outcome.error.location, outcome.error.message))
        return traces

    def blamed(self, error: TemplateError, ctx: dict[str, Any]) -> TemplateError:
        """The error of ``ctx`` with the ctx path to blame; the same sign is looked into once."""
        sign = sign_of(error)
        if sign not in self.learned.blames and (spelled := self._spelled(error, ctx)) is not None:
            self.learned.blames[sign] = spelled
        if sign not in self.learned.blames:
            self.evaluations += 1
            outcome = self.engine.evaluate(self.template, ctx, content_type=self.content_type)
            path = outcome.error.ctx_path if isinstance(outcome, Failed) else None
            self.learned.blames[sign] = path if path is None or _is_place(ctx, path) else None
        return replace(error, ctx_path=self.learned.blames[sign])

    def _spelled(self, error: TemplateError, ctx: dict[str, Any]) -> Path | None:
        if self.learned.spelled is None:
            self.learned.spelled = spelled_reads(self.target.template.text)
        return spelled_path(self.learned.spelled, error, ctx)

    @property
    def is_over(self) -> bool:
        """Whether the search has used up its evaluations or its time."""
        late = self.deadline is not None and time.perf_counter() > self.deadline
        return late or self.evaluations >= MAX_EVALUATIONS

    def keep(self, fault: Fault) -> None:
        """Keep a fault, or the simpler example of one that is known."""
        if fault.error.kind in DELIBERATE:
            self.refusals += 1
            return
        known = self.faults.get(fault.key)
        if known is None or fault.rank < known.rank:
            self.faults[fault.key] = fault

    def keep_broken(self, broken: Broken) -> None:
        """Keep how a payload breaks its contract, or the simpler example of one that is known."""
        known = self.broken.get(broken.key)
        if known is None or broken.rank < known.rank:
            self.broken[broken.key] = broken


def _is_place(ctx: dict[str, Any], path: Path) -> bool:
    """Whether a path can be one of ctx: an item stands in a list or a text."""
    return not isinstance(path[-1], int) or isinstance(value_at(ctx, path[:-1]), list | str)


def is_accident(outcome: object) -> bool:
    """Whether an outcome is a failure that the author did not write on purpose."""
    return isinstance(outcome, Failed) and outcome.error.kind not in DELIBERATE
