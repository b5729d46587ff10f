"""Many contexts at once: the same outcomes as one by one, in every case."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from evaluation import captured, error_of, rendered, template, untimed

from benchmarks.templates import LIGHT, REALISTIC
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.pool import shared_engine

TEMPLATES = {
    "light": LIGHT,
    "realistic": REALISTIC,
    "everything": "function(ctx) ctx",
    "one text": "function(ctx) std.toString(ctx)",
    "numbers": "function(ctx) [1 / 3, 0.1, -0.0, 1e22, 1e-7, 123456789012345678, std.length(ctx)]",
    "nothing": "function(ctx) { a: {}, b: [], c: null }",
    "careless": "function(ctx) { p: ctx.flow.transient_payload.oidc_provider, m: ctx.identity.metadata_public.plan }",
    "no function": "{ a: 1 }",
    "a bare string": "'text'",
    "cancel": "function(ctx) if 'identity' in ctx then error 'cancel' else { a: 1 }",
    "wrong entry": "function(context) context",
    "broken": "function(ctx) {",
    "uses ctx outside": "{ a: ctx.id }",
    "a hidden function": "function(ctx) { f(x):: x, n: self.f(std.length(ctx)) }",
    "a shown function": "function(ctx) { f(x): x }",
    "an assert in nothing": "function(ctx) { assert !('identity' in ctx) : 'has one' }",
    "an assert in a hidden object": "function(ctx) { a:: { assert false }, b: 1 }",
    "import": "function(ctx) if std.length(ctx) > 5 then import 'x' else 1",
    "thisFile": "function(ctx) [std.thisFile, std.native('take')]",
    "hidden fields": "function(ctx) [std.objectFieldsAll(ctx), std.objectValuesAll({ a: ctx.flow }) == [ctx.flow]]",
    "existence": "function(ctx) [k in ctx for k in ['flow', 'nope']] + [!('x' in ctx), std.get(ctx, 'y', 7)]",
    "std handed around": "local s = std; function(ctx) [s.objectHas(ctx, 'flow'), s.get(ctx, 'z', 1), s.length(ctx)]",
    "a std of its own": "local std = { get(o, f):: f, objectHas(o, f):: 'no' }; function(ctx) std.get(ctx, 'flow')",
    "a std as a parameter": "function(ctx, std={ get(o, f):: f }) [std.get(ctx, 'flow'), 'flow' in ctx]",
    "deep": "local f(n) = if n == 0 then 0 else 1 + f(n - 1); function(ctx) f(480)",
    "inheritance": "function(ctx) ctx.flow { id: super.id + '!', [if 'x' in self then 'y']: 1 }",
    "comparison": "function(ctx) [ctx == ctx, ctx.flow == {}, std.prune({ a: ctx.flow, b: {} }) != {}]",
    "merge": "function(ctx) std.mergePatch(ctx.flow, { id: null }) + { n: std.length(ctx.flow) }",
    "unicode": "function(ctx) '\\u007f\\u2028é😀' + std.toString(std.objectFields(ctx))",
}


def _untimed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [untimed(outcome) for outcome in outcomes]


@pytest.mark.parametrize("name", TEMPLATES)
def test_many_tracing_and_one_by_one_agree(name: str) -> None:
    """Over contexts that running servers sent."""
    engine, text = shared_engine(), template(TEMPLATES[name])
    exact = _untimed([engine.evaluate(text, ctx) for ctx in captured()])
    assert _untimed(engine.evaluate_many(text, captured())) == exact
    assert _untimed([trace.outcome for trace in engine.trace(text, captured())]) == exact


@pytest.mark.parametrize("name", ["careless", "realistic", "a hidden function"])
def test_a_form_is_judged_the_same_way(name: str) -> None:
    engine, text = shared_engine(), template(TEMPLATES[name])
    form = "application/x-www-form-urlencoded"
    exact = _untimed([engine.evaluate(text, ctx, content_type=form) for ctx in captured(40)])
    assert _untimed(engine.evaluate_many(text, captured(40), content_type=form)) == exact


def test_no_context_is_no_outcome() -> None:
    assert shared_engine().evaluate_many(template(LIGHT), []) == []
    assert shared_engine().trace(template(LIGHT), []) == []


def test_more_contexts_than_one_request_holds() -> None:
    contexts = [{"n": number} if number % 7 else {} for number in range(450)]
    outcomes = shared_engine().evaluate_many(template("function(ctx) ctx.n"), contexts)
    for number, outcome in enumerate(outcomes):
        if number % 7:
            assert rendered(outcome).payload == number
        else:
            assert error_of(outcome).path == "n"


def test_a_template_that_fails_before_it_reads_ctx_fails_for_each() -> None:
    outcomes = shared_engine().evaluate_many(template("function(ctx) error 'no'"), [{}, {}, {}])
    assert [error_of(outcome).message for outcome in outcomes] == ["no"] * 3


def test_contexts_over_the_limit_are_refused_and_the_others_are_not() -> None:
    contexts: list[Any] = [{"x": "a"}, {"x": "a" * 70_000}, {"x": "b"}, {"x": "<" * 15_000}]
    engine, text = shared_engine(), template("function(ctx) std.length(ctx.x)")
    outcomes = engine.evaluate_many(text, contexts)
    assert [rendered(outcomes[number]).payload for number in (0, 2)] == [1, 1]
    assert [error_of(outcomes[number]).kind for number in (1, 3)] == ["input-too-large"] * 2


def test_output_over_the_limit_is_refused_among_many() -> None:
    engine, text = shared_engine(), template("function(ctx) std.repeat('x', ctx)")
    outcomes = engine.evaluate_many(text, [65_532, 65_533])
    assert rendered(outcomes[0]).usage.output_bytes == 65_535
    assert error_of(outcomes[1]).kind == "output-too-large"


def test_contexts_may_be_any_iterable() -> None:
    with Engine() as engine:
        outcomes = engine.evaluate_many(template("function(ctx) ctx"), (number for number in range(3)))
    assert [rendered(outcome).payload for outcome in outcomes] == [0, 1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_one_evaluation_reads_is_known_although_somebody_kills_its_worker() -> None:
    slow = "function(ctx) { a: std.foldl(function(a, b) a + b, std.range(1, 200000), 0), b: ctx.flow.id }"
    with Engine() as engine:
        engine.begin()
        link = engine._session._link
        assert link is not None
        threading.Timer(0.2, os.kill, (link.child.pid, signal.SIGKILL)).start()
        (trace,) = engine.trace(template(slow), [{"flow": {"id": "x"}}])
        assert rendered(trace.outcome).payload == {"a": 20000100000, "b": "x"}
        assert ("flow", "id") in trace.reads
