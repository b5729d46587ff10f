"""Find the ctx path to blame for an error, by what happens when the ctx is another.

Reading the template would not tell: a value goes through locals, parameters, defaults and
loops. So the evaluation is traced, each path that it read and that fits the error's words is
given a value that would cure it, and the one whose cure takes the error away is to blame.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.candidates import BLAMABLE, Candidate, candidates
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, TemplateError
from jsonnet_ctx.records import replace

MOST_TRIES = 12
"""Evaluations that finding one path may cost."""

Evaluate = Callable[[str], Outcome]
"""Evaluates a ctx text on the exact path."""


def can_blame(outcome: Outcome) -> bool:
    """Whether a ctx path may be to blame for this outcome."""
    return isinstance(outcome, Failed) and outcome.error.kind in BLAMABLE


class Blame:
    """Finds paths for the failures of one template; what was found once is not tried again."""

    def __init__(self, evaluate: Evaluate, encode: Callable[[Any], str]) -> None:
        self._evaluate = evaluate
        self._encode = encode
        self._known: dict[tuple[str, tuple[Path, ...], tuple[Path, ...]], Path | None] = {}

    def __call__(self, outcome: Outcome, ctx_text: str, reads: Sequence[Path], tests: Sequence[Path]) -> Outcome:
        """Give ``outcome`` with the path to blame, where it is a failure and one is.

        ``reads`` and ``tests`` are what the evaluation read and asked for, in order.
        """
        if not isinstance(outcome, Failed) or outcome.error.kind not in BLAMABLE:
            return outcome
        found = list(candidates(outcome.error, json.loads(ctx_text), reads, tests))[:MOST_TRIES]
        key = (outcome.error.raw, tuple(reads), tuple(candidate.path for candidate in found))
        if key not in self._known:
            self._known[key] = self._find(outcome.error, json.loads(ctx_text), found)
        return Failed(replace(outcome.error, ctx_path=self._known[key]), outcome.usage)

    def _find(self, error: TemplateError, ctx: Any, found: Sequence[Candidate]) -> Path | None:
        """The path whose cure works; for a type error only one that is alone in that.

        A cure after which the template renders, or fails at the same place in other words, beats
        one after which it fails elsewhere: that may be an accident of the cure.
        """
        sure: list[Path] = []
        unsure: list[Path] = []
        for candidate in found:
            after = self._evaluate(self._encode(candidate.cured(ctx)))
            other = after.error if isinstance(after, Failed | Cancelled) else None
            if other is not None and other.raw == error.raw:
                continue
            (sure if other is None or other.location == error.location else unsure).append(candidate.path)
            if sure and error.kind != "type":
                break
        alike = list(dict.fromkeys(sure or unsure))
        if error.kind == "type" and len(alike) != 1:
            return None
        return next(iter(alike), None)
