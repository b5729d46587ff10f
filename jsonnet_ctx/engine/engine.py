"""Evaluate templates over contexts exactly as Kratos does: one engine, one worker process."""

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from types import TracebackType
from typing import Any

from jsonnet_ctx.engine.exact import evaluate_exact
from jsonnet_ctx.engine.go_json import encode_ctx
from jsonnet_ctx.engine.launch import DEFAULT_ENGINE, check_name
from jsonnet_ctx.engine.layout import layout_of
from jsonnet_ctx.engine.many import ManyContexts
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.session import Session
from jsonnet_ctx.engine.std_mask import ASK_MEMBERS, StdMask, std_mask
from jsonnet_ctx.engine.tracing import Trace
from jsonnet_ctx.engine.verdict import JSON, Terms
from jsonnet_ctx.engine.worker import BINDINGS
from jsonnet_ctx.kratos.limits import limits_of
from jsonnet_ctx.kratos.std_members import std_members
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Template

__all__ = ["Engine", "Trace"]


class Engine:
    """One engine as one Kratos version uses it. Threads may share it; they take turns."""

    def __init__(self, kratos: str = LATEST, name: str = DEFAULT_ENGINE) -> None:
        """Choose version and engine; the worker starts with the first evaluation.

        Raises UnknownName for a version or engine that is none.
        """
        self.limits = limits_of(kratos)
        self.kratos = self.limits.kratos
        self.name = check_name(name)
        self._session = Session(self.name, self.limits)

    def begin(self) -> None:
        """Start the worker, which boots while the caller goes on; the first evaluation waits for it.

        Raises EngineError where the engine is missing.
        """
        self._session.begin()

    @property
    def label(self) -> str:
        """Name and version of what evaluates (``go-jsonnet 0.21.0``); starts the worker.

        Raises EngineError where the engine is missing.
        """
        return f"{self.name.partition('=')[0]} {self._session.version.removeprefix('v')}".strip()

    def evaluate(self, template: Template, ctx: Any, *, content_type: str | None = JSON) -> Outcome:
        """Evaluate once, with ctx as code of the top-level argument ``ctx``, under Kratos's limits.

        ``content_type`` is the request's (``application/json`` where the config has none). Raises
        UsageError for a ctx that JSON cannot hold, EngineError where the engine is missing.
        """
        terms, text = self._terms(template, content_type), encode_ctx(ctx)
        outcome = evaluate_exact(self._session, terms, text, self._mask)
        if self.name != DEFAULT_ENGINE:
            return outcome
        return ManyContexts(self._session, terms, self._mask).blamed([text], [outcome])[0]

    def evaluate_many(
        self, template: Template, contexts: Iterable[Any], *, content_type: str | None = JSON
    ) -> list[Outcome]:
        """Evaluate over many contexts, one outcome each in their order, equal to :meth:`evaluate`'s.

        They are streamed through the engine; those that fail are evaluated again on their own.
        Raises what :meth:`evaluate` raises.
        """
        terms, texts = self._terms(template, content_type), [encode_ctx(ctx) for ctx in contexts]
        if self.name != DEFAULT_ENGINE:
            return [evaluate_exact(self._session, terms, text, self._mask) for text in texts]
        return ManyContexts(self._session, terms, self._mask).evaluate(texts)

    def begin_many(
        self, template: Template, contexts: Iterable[Any], *, content_type: str | None = JSON
    ) -> Callable[[], list[Outcome]]:
        """Begin :meth:`evaluate_many`, and return what waits for its outcomes.

        Whatever else the engine is asked waits for them too. Raises what :meth:`evaluate` raises.
        """
        terms, texts = self._terms(template, content_type), [encode_ctx(ctx) for ctx in contexts]
        if self.name != DEFAULT_ENGINE:
            return lambda: [evaluate_exact(self._session, terms, text, self._mask) for text in texts]
        return ManyContexts(self._session, terms, self._mask).begin(texts)

    def trace(
        self, template: Template, contexts: Iterable[Any], *, content_type: str | None = JSON, blame: bool = True
    ) -> list[Trace]:
        """Evaluate over many contexts and tell what each evaluation read; the outcomes are the same.

        Without ``blame`` a failure does not say which ctx path is to blame, which costs evaluations.

        An engine other than go-jsonnet evaluates without tracing. Raises what :meth:`evaluate` raises.
        """
        given = list(contexts)
        terms, texts = self._terms(template, content_type), [encode_ctx(ctx) for ctx in given]
        if self.name != DEFAULT_ENGINE:
            return [Trace(evaluate_exact(self._session, terms, text, self._mask)) for text in texts]
        return ManyContexts(self._session, terms, self._mask).trace(texts, layout_of(given, template.text), blame=blame)

    def _terms(self, template: Template, content_type: str | None) -> Terms:
        return Terms(template, JSON if content_type is None else content_type, self.limits, self._mask.known)

    @cached_property
    def _mask(self) -> StdMask:
        """What hides the std members that the version lacks; a real Kratos has only its own."""
        target = std_members(self.kratos)
        if self.name not in BINDINGS:
            return StdMask(known=target)
        answer = self._session.evaluate("std", ASK_MEMBERS, "null")
        return std_mask(frozenset(json.loads(answer.text)), target)

    def close(self) -> None:
        """End the worker. A closed engine starts another when it is used again."""
        self._session.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
