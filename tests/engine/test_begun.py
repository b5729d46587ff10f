"""Evaluations that have begun while the caller does something else: the outcomes are right whatever happens."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from evaluation import error_of, rendered, template

from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.link import FrameLink
from jsonnet_ctx.engine.outcome import Outcome, Rendered
from jsonnet_ctx.errors import UsageError

MIXED = "function(ctx) if ctx.n == 3 then std.range(1, 1e9) else if ctx.n == 5 then ctx.nope else ctx.n"
CONTEXTS = [{"n": number} for number in range(8)]


def said(outcome: Outcome) -> Any:
    """The payload, or the kind of error and the path to blame."""
    if isinstance(outcome, Rendered):
        return outcome.payload
    return outcome.error.kind, outcome.error.path


def _nothing(_engine: Engine) -> None:
    pass


def _close(engine: Engine) -> None:
    engine.close()


def _evaluate(engine: Engine) -> None:
    assert rendered(engine.evaluate(template("function(ctx) ctx.a"), {"a": "between"})).payload == "between"


def _hang(engine: Engine) -> None:
    text = "local f(n, a) = if n == 0 then a else f(n - 1, a + a) tailstrict; function(ctx) f(60, 'xx')"
    assert error_of(engine.evaluate(template(text), {})).kind in ("timeout", "memory", "stack")


def _begin_other(engine: Engine) -> None:
    outcomes = engine.begin_many(template("function(ctx) ctx.n + 1"), CONTEXTS)
    assert [rendered(outcome).payload for outcome in outcomes()] == list(range(1, 9))


def _kill(engine: Engine) -> None:
    link = engine._session._link
    assert link is not None
    os.kill(link.child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


@pytest.mark.parametrize("meanwhile", [_nothing, _close, _evaluate, _hang, _begin_other, _kill])
def test_what_was_begun_comes_out_as_if_it_had_been_asked_for_at_once(meanwhile: Callable[[Engine], Any]) -> None:
    with Engine() as engine:
        outcomes = engine.begin_many(template(MIXED), CONTEXTS)
        meanwhile(engine)
        assert list(map(said, outcomes())) == [0, 1, 2, ("memory", None), 4, ("missing-field", "nope"), 6, 7]
        assert rendered(engine.evaluate(template("function(ctx) ctx"), {"a": 1})).payload == {"a": 1}


def test_more_than_one_request_holds_can_be_begun() -> None:
    with Engine() as engine:
        outcomes = engine.begin_many(template("function(ctx) ctx.n"), [{"n": number} for number in range(450)])
        assert [rendered(outcome).payload for outcome in outcomes()] == list(range(450))


def test_a_worker_that_ends_while_it_is_asked_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> None:
        raise ChildStopped(timed_out=False, status=1)

    with Engine() as engine:
        assert rendered(engine.evaluate(template("function(ctx) 1"), {})).payload == 1
        with monkeypatch.context() as patch:
            patch.setattr(FrameLink, "send", end)
            outcomes = engine.begin_many(template("function(ctx) ctx.n"), CONTEXTS)
        assert [rendered(outcome).payload for outcome in outcomes()] == list(range(8))


def test_nothing_can_be_begun() -> None:
    with Engine() as engine:
        assert engine.begin_many(template(MIXED), [])() == []


def test_what_is_begun_and_never_asked_for_holds_nobody_up() -> None:
    with Engine() as engine:
        engine.begin_many(template("function(ctx) std.range(1, 1e9)"), CONTEXTS)


def test_a_ctx_that_json_cannot_hold_is_refused_at_once() -> None:
    with Engine() as engine, pytest.raises(UsageError):
        engine.begin_many(template(MIXED), [{"n": {1, 2}}])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_leaves_its_parent_what_was_begun() -> None:
    with Engine() as engine:
        outcomes = engine.begin_many(template("function(ctx) ctx.n"), CONTEXTS)
        child = os.fork()
        if child == 0:
            right = [rendered(outcome).payload for outcome in outcomes()] == list(range(8))
            os._exit(0 if right else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert [rendered(outcome).payload for outcome in outcomes()] == list(range(8))
