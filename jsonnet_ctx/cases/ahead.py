"""Outcomes ahead of time: the cases of a run evaluated together, before they are judged one by one.

The fast path takes a fraction of the time of one evaluation after the other. What comes of it is
only good enough to pass a case: before anything is said against one, the exact path evaluates it.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import UsageError

FIRST = 10
TOGETHER = 50
"""Cases that are evaluated together: a run that stops at the first failure has not done much in vain."""


class Begun(NamedTuple):
    """Cases that the engine is at while those before them are judged; ``outcomes`` waits for them."""

    cases: Sequence[Case]
    outcomes: Callable[[], list[Outcome]]


class Ahead:
    """The cases of one file that a run is going to ask for, in that order."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._waiting: dict[object, dict[int, Case]] = {}
        self._known: dict[int, Outcome] = {}
        self._begun: dict[int, Begun] = {}
        for case in cases:
            if not case.expect.timed:
                self._waiting.setdefault(_alike(case), {})[id(case)] = case

    def outcome(self, case: Case) -> Outcome | None:
        """What the fast path makes of a case; None where the case has to be evaluated alone.

        Each outcome is given once. Raises EngineError where the engine is missing.
        """
        waiting = self._waiting.get(_alike(case), {})
        if id(case) in waiting:
            self._begin([case, *islice((other for other in waiting.values() if other is not case), FIRST - 1)])
        if id(case) in self._begun:
            self._take(self._begun[id(case)])
            self._begin(list(islice(waiting.values(), TOGETHER)))
        return self._known.pop(id(case), None)

    def _begin(self, together: Sequence[Case]) -> None:
        """Let the engine begin with cases that wait; one alone is evaluated when its turn comes."""
        for one in together:
            del self._waiting[_alike(one)][id(one)]
        if len(together) < 2:
            return
        case = together[0]
        engine = shared_engine(case.kratos, case.engine)
        try:
            contexts = [one.ctx for one in together]
            outcomes = engine.begin_many(case.template, contexts, content_type=case.content_type)
        except UsageError:  # one of them cannot be written as JSON, and says so when its turn comes
            return
        self._begun |= {id(one): Begun(together, outcomes) for one in together}

    def _take(self, begun: Begun) -> None:
        for one, outcome in zip(begun.cases, begun.outcomes(), strict=True):
            del self._begun[id(one)]
            self._known[id(one)] = outcome


def _alike(case: Case) -> object:
    """What cases share that can be evaluated together."""
    return (case.kratos, case.engine, case.template, case.content_type)
