"""Many contexts, one template: the fast path for those that render, the exact path for the rest."""

from collections.abc import Callable, Sequence

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.blame import Blame, can_blame
from jsonnet_ctx.engine.bulk import BulkResult, Program, begin_bulk, new_key, run_bulk
from jsonnet_ctx.engine.exact import evaluate_exact
from jsonnet_ctx.engine.go_json import encode_ctx, message_size, quoted_size
from jsonnet_ctx.engine.layout import Keys
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.session import Sent, Session
from jsonnet_ctx.engine.std_mask import StdMask
from jsonnet_ctx.engine.tracing import Trace, sees_hidden_fields, traced_program, with_layout
from jsonnet_ctx.engine.verdict import Terms, refused


class ManyContexts:
    """One template under one version, over as many contexts as there are."""

    def __init__(self, session: Session, terms: Terms, mask: StdMask) -> None:
        self._session = session
        self._terms = terms
        self._mask = mask
        self._blame = Blame(self._exact, encode_ctx)

    def evaluate(self, texts: Sequence[str]) -> list[Outcome]:
        """One outcome for each ctx text, equal to that of the exact path."""
        return self._outcomes(texts, self._bulk(self._program(), texts))

    def begin(self, texts: Sequence[str]) -> Callable[[], list[Outcome]]:
        """What :meth:`evaluate` gives, when it is asked for; the worker begins at once."""
        program = self._program()
        refusals, passed = self._judged(texts)
        sent = begin_bulk(self._session, self._terms, program, passed)
        return lambda: self._outcomes(texts, self._results(program, refusals, passed, sent))

    def _program(self) -> Program:
        text = self._terms.template.text
        return Program(self._mask.prefix_for(text) + text, new_key())

    def _outcomes(self, texts: Sequence[str], results: Sequence[BulkResult]) -> list[Outcome]:
        outcomes = [result.outcome or self._exact(ctx) for ctx, result in zip(texts, results, strict=True)]
        return self.blamed(texts, outcomes)

    def trace(self, texts: Sequence[str], layout: Sequence[Keys], *, blame: bool = True) -> list[Trace]:
        """The same outcomes, with what each evaluation read; ``layout`` is that of the contexts."""
        program = traced_program(self._terms.template.text, self._mask)
        if program is None:
            return [Trace(outcome) for outcome in self.evaluate(texts)]
        program = with_layout(program, layout)
        judged = self._blame if blame else _as_it_is
        results = self._bulk(program, texts)
        if sees_hidden_fields(self._terms.template.text):
            results = [result._replace(outcome=None) for result in results]
        return [
            Trace(
                judged(result.outcome or self._exact(ctx), ctx, result.reads, result.tests),
                frozenset(result.reads),
                frozenset(result.tests),
            )
            for ctx, result in zip(texts, results, strict=True)
        ]

    def blamed(self, texts: Sequence[str], outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes, each failure with the ctx path to blame where there is one: they are run again, traced."""
        result = list(outcomes)
        places = [place for place, outcome in enumerate(outcomes) if can_blame(outcome)]
        program = traced_program(self._terms.template.text, self._mask) if places else None
        if program is not None:
            traces = self._bulk(program, [texts[place] for place in places])
            for place, trace in zip(places, traces, strict=True):
                result[place] = self._blame(outcomes[place], texts[place], trace.reads, trace.tests)
        return result

    def _exact(self, ctx_text: str) -> Outcome:
        return evaluate_exact(self._session, self._terms, ctx_text, self._mask)

    def _bulk(self, program: Program, texts: Sequence[str]) -> list[BulkResult]:
        return self._results(program, *self._judged(texts))

    def _results(
        self,
        program: Program,
        refusals: Sequence[Outcome | None],
        passed: Sequence[tuple[str, int]],
        sent: Sent | None = None,
    ) -> list[BulkResult]:
        """Run what Kratos would evaluate at all; what it refuses by size has its verdict already."""
        evaluated = iter(run_bulk(self._session, self._terms, program, passed, sent))
        return [BulkResult(refusal) if refusal else next(evaluated) for refusal in refusals]

    def _judged(self, texts: Sequence[str]) -> tuple[list[Outcome | None], list[tuple[str, int]]]:
        """What Kratos refuses by size, and the texts with the size of their message that it does not."""
        frame = message_size(self._terms.filename, self._terms.template.text, "")
        items = [(text, frame + quoted_size(text)) for text in texts]
        refusals: list[Outcome | None] = [refused(self._terms, size) for _text, size in items]
        return refusals, [item for item, refusal in zip(items, refusals, strict=True) if refusal is None]


def _as_it_is(outcome: Outcome, _ctx_text: str, _reads: Sequence[Path], _tests: Sequence[Path]) -> Outcome:
    """Leave out the search for a path to blame."""
    return outcome
