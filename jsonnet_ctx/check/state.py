"""What the search of one target has found and spent so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.fault import Fault, FaultKey
from jsonnet_ctx.check.literals import Literals
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.engine.engine import Engine, Trace
from jsonnet_ctx.engine.outcome import Failed, Rendered

DELIBERATE = frozenset({"explicit", "assert"})


@dataclass(slots=True)
class SearchState:
    """The findings and the cost of a search, as it goes on.

    ``rendered`` keeps what came out of the base contexts, for the rules on output; ``refusals``
    counts evaluations that the author's own ``error`` or ``assert`` ended; ``handled`` holds
    signatures of steps whose edits have been tried.
    """

    target: Target
    engine: Engine
    literals: Literals
    faults: dict[FaultKey, Fault] = field(default_factory=dict)
    rendered: list[tuple[Base, Rendered]] = field(default_factory=list)
    refusals: int = 0
    evaluations: int = 0
    handled: set[frozenset[Any]] = field(default_factory=set)

    def trace(self, contexts: Sequence[dict[str, Any]]) -> list[Trace]:
        """Evaluate with read tracing, and count."""
        self.evaluations += len(contexts)
        return self.engine.trace(self.target.template, contexts, content_type=self.target.content_type)

    def keep(self, fault: Fault) -> None:
        """Keep a fault, or the simpler example of one that is known."""
        if fault.error.kind in DELIBERATE:
            self.refusals += 1
            return
        known = self.faults.get(fault.key)
        if known is None or fault.rank < known.rank:
            self.faults[fault.key] = fault


def is_accident(outcome: object) -> bool:
    """Whether an outcome is a failure that the author did not write on purpose."""
    return isinstance(outcome, Failed) and outcome.error.kind not in DELIBERATE
