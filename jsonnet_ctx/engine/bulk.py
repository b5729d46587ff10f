"""The fast path: many contexts streamed through one engine call, with the results of the exact path."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.go_text import doubtful, print_json
from jsonnet_ctx.engine.link import FrameLink
from jsonnet_ctx.engine.outcome import Outcome, Usage
from jsonnet_ctx.engine.session import Sent, Session
from jsonnet_ctx.engine.verdict import Terms, rendered, stopped
from jsonnet_ctx.engine.worker import FRAMES_TOGETHER

CHUNK = 200
"""Contexts in one request: the gain is flat from 10 on, and a kill costs what has not come back."""

PLAIN_CALL = "local wrap(c) = c;"


class Program(NamedTuple):
    """What runs over every context: the template's text, and how a ctx is handed to it.

    ``key`` makes every name that the wrapper adds one that no template can guess; ``wrap`` is
    Jsonnet that binds ``wrap(c)``, the ctx to hand over for the parsed ctx ``c``.
    """

    text: str
    key: str
    wrap: str = PLAIN_CALL

    @property
    def source(self) -> str:
        """The wrapper. Native callbacks give it one context after the other and take each result,

        so results leave one by one and an error costs one more call, from the next item on. A
        template that is no function ignores ctx, as in Kratos (row tpl.plain-object).
        """
        key = self.key
        return (
            f"local t = import '{key}', take = std.native('take{key}'), give = std.native('give{key}'),"
            f" read = std.native('read{key}');{self.wrap}"
            "local call(i) = if std.isFunction(t) then t(ctx=wrap(std.parseJson(take(i)))) else t;"
            "function(first, last) std.foldl(function(done, i)"
            " done && give(i, std.manifestJsonMinified(call(i))), std.range(first, last), true)"
        )


class BulkResult(NamedTuple):
    """One item's result: ``outcome``, or None where only the exact path can tell.

    ``reads`` and ``tests`` are ctx paths in the order of their last use (empty without tracing).
    """

    outcome: Outcome | None
    reads: tuple[Path, ...] = ()
    tests: tuple[Path, ...] = ()


def new_key() -> str:
    """A fresh key for a :class:`Program`."""
    return os.urandom(8).hex()


def begin_bulk(session: Session, terms: Terms, program: Program, items: Sequence[tuple[str, int]]) -> Sent | None:
    """Let the worker begin with the first items; :func:`run_bulk` takes what it has ``sent``.

    None where there is nothing to do, or the engine cannot. Raises EngineError.
    """
    chunk = items[:CHUNK]
    try:
        return session.send(_request(terms, program, chunk), len(chunk)) if chunk else None
    except ChildStopped:  # it ended before it had everything: it is asked anew when somebody wants the outcomes
        return None


def run_bulk(
    session: Session, terms: Terms, program: Program, items: Sequence[tuple[str, int]], sent: Sent | None = None
) -> list[BulkResult]:
    """Evaluate ``program`` over ``items``: ctx texts with their message sizes. One result each, in order.

    An item that hangs is the first without an answer. A worker that dies takes answers along
    that it had not sent yet, so the next items go out one at a time until one dies alone, which
    gets a second try where somebody killed the worker.
    """
    results: list[BulkResult] = []
    alone = 0
    tried_again = -1
    while len(results) < len(items):
        chunk = items[len(results) : len(results) + (1 if alone else CHUNK)]
        alone = max(alone - 1, 0)
        try:
            results.extend(_chunk(session, terms, program, chunk, sent))
        except _Stopped as stop:
            results.extend(stop.before)
            if stop.stop.timed_out:
                usage = Usage(session.limits.seconds, items[len(results)][1])
                results.append(BulkResult(stopped(terms, stop.stop, usage)))
            elif len(chunk) == 1 and stop.stop.was_killed and tried_again < len(results):
                tried_again = len(results)
                alone = 1
            elif len(chunk) == 1:
                results.append(BulkResult(None))
                alone = 0
            else:
                alone = FRAMES_TOGETHER
        sent = None
    return results


class _Stopped(Exception):
    """The worker stopped in the middle of a chunk, after the answers in ``before``."""

    def __init__(self, stop: ChildStopped, before: list[BulkResult]) -> None:
        super().__init__(stop)
        self.stop = stop
        self.before = before


def _request(terms: Terms, program: Program, chunk: Sequence[tuple[str, int]]) -> tuple[Any, ...]:
    return ("bulk", terms.filename, program.text, [text for text, _size in chunk], program.key, program.source)


def _chunk(
    session: Session, terms: Terms, program: Program, chunk: Sequence[tuple[str, int]], sent: Sent | None
) -> list[BulkResult]:
    results: list[BulkResult] = []
    try:
        if sent is not None:
            session.receive()
            results.extend(_results(terms, sent.answers, chunk))
            if sent.stop is not None:
                raise sent.stop
            if sent.done:
                return results
            results.clear()  # the worker was ended before it could answer
        with session.link() as link:
            if not isinstance(link, FrameLink):
                return [BulkResult(None)] * len(chunk)
            link.send(_request(terms, program, chunk))
            for result in _results(terms, link.answers(len(chunk), seconds=session.limits.seconds), chunk):
                results.append(result)
    except ChildStopped as stop:
        raise _Stopped(stop, results) from stop
    return results


def _results(terms: Terms, answers: Iterable[Any], chunk: Sequence[tuple[str, int]]) -> Iterator[BulkResult]:
    asserts = "assert" in terms.template.text
    begun = perf_counter()
    for (text, nodes, tests), (_ctx, size) in zip(answers, chunk, strict=False):
        now = perf_counter()
        outcome = _outcome(terms, text, Usage(now - begun, size), asserts=asserts)
        yield BulkResult(outcome, *_paths(nodes, tests))
        begun = now


def _outcome(terms: Terms, minified: str | None, usage: Usage, *, asserts: bool) -> Outcome | None:
    """The outcome of a minified result, None where the exact path has to tell.

    Minifying skips the asserts of an object without visible fields.
    """
    if minified is None or doubtful(minified) or (asserts and "{}" in minified):
        return None
    try:
        payload: Any = json.loads(minified)
        text = print_json(payload)
    except RecursionError:  # as Jsonnet prints it, something so deep is most likely over the limit
        return None
    return rendered(terms, text, Usage(usage.seconds, usage.input_bytes, len(text.encode())), payload)


def _paths(
    nodes: Sequence[tuple[int, str | float]], tests: Sequence[tuple[int, str]]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Paths of what was read, from (number of the container, key); number 0 is ctx itself."""
    known: list[Path] = [()]
    known.extend(_below(known, nodes))
    return tuple(known[1:]), tuple((*known[parent], key) for parent, key in tests)


def _below(known: list[Path], nodes: Sequence[tuple[int, str | float]]) -> Iterator[Path]:
    for parent, key in nodes:
        yield (*known[parent], key if isinstance(key, str) else int(key))
