"""What an evaluation reads, and what it only asks for."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from evaluation import captured, template, untimed

from benchmarks.templates import LIGHT, REALISTIC
from benchmarks.templates import context as registration
from jsonnet_ctx.ctx_path import Path, format_path, parse_path
from jsonnet_ctx.engine.pool import shared_engine

CTX = {
    "flow": {"id": "f", "type": "api", "transient_payload": {"a.b": 1, "list": [{"x": 1}, {"x": 2}]}},
    "identity": {"id": "i", "traits": {"email": "a@b", "tags": ["p", "q"]}, "metadata_public": None},
}


def _traced(text: str, ctx: Any = None) -> tuple[set[str], set[str]]:
    (trace,) = shared_engine().trace(template(text), [CTX if ctx is None else ctx])
    return {format_path(path) for path in trace.reads}, {format_path(path) for path in trace.tests}


@pytest.mark.parametrize(
    ("text", "reads", "tests"),
    [
        ("function(ctx) 1", [], []),
        ("function(ctx) ctx.flow.id", ["flow", "flow.id"], []),
        (
            "local f(c) = c.traits.email; function(ctx) f(ctx.identity)",
            ["identity", "identity.traits", "identity.traits.email"],
            [],
        ),
        ("function(ctx) { a:: ctx.flow.id, b: ctx.flow.type }", ["flow", "flow.type"], []),
        (
            "function(ctx) ctx.identity.traits.tags[1]",
            ["identity", "identity.traits", "identity.traits.tags", "identity.traits.tags[1]"],
            [],
        ),
        (
            "function(ctx) ctx.flow.transient_payload['a.b']",
            ["flow", "flow.transient_payload", 'flow.transient_payload["a.b"]'],
            [],
        ),
        ("function(ctx) 'session' in ctx", [], ["session"]),
        ("function(ctx) ['x' in ctx.flow, 'y' in ctx]", ["flow"], ["flow.x", "y"]),
        ("function(ctx) std.objectHas(ctx.identity, 'nope')", ["identity"], ["identity.nope"]),
        ("function(ctx) std.objectHasAll(ctx, 'flow')", [], ["flow"]),
        ("function(ctx) std.get(ctx.flow, 'id', 'd')", ["flow", "flow.id"], ["flow.id"]),
        (
            "function(ctx) std.get(ctx.flow, 'nope', ctx.identity.id)",
            ["flow", "identity", "identity.id"],
            ["flow.nope"],
        ),
        ("function(ctx) std.get(o=ctx.flow, f='nope', default=1)", ["flow"], ["flow.nope"]),
        ("local get = std.get; function(ctx) get(ctx.flow, 'nope')", ["flow"], ["flow.nope"]),
        ("local s = std; function(ctx) s.objectHas(ctx.flow, 'nope')", ["flow"], ["flow.nope"]),
        ("function(ctx) std.map(function(k) k in ctx, ['a', 'b'])", [], ["a", "b"]),
        ("function(ctx) { local in_it = 'id' in ctx.flow in { [''+true]: 1 }, a: 1 }", [], []),
        (
            "function(ctx) std.length(ctx.identity.traits.tags)",
            ["identity", "identity.traits", "identity.traits.tags"],
            [],
        ),
        ("{ a: 1 }", [], []),
        ("function(ctx) ctx.nope", [], []),
        ("function(ctx) {", [], []),
    ],
)
def test_reads_and_questions(text: str, reads: list[str], tests: list[str]) -> None:
    assert _traced(text) == (set(reads), set(tests))


def test_a_whole_object_that_is_sent_is_read_with_all_it_holds() -> None:
    reads, _tests = _traced("function(ctx) ctx.identity")
    assert reads == {
        "identity",
        "identity.id",
        "identity.metadata_public",
        "identity.traits",
        "identity.traits.email",
        "identity.traits.tags",
        "identity.traits.tags[0]",
        "identity.traits.tags[1]",
    }


def test_a_failure_tells_what_was_read_before_it() -> None:
    reads, _tests = _traced("function(ctx) ctx.flow.id + ctx.identity.metadata_public.plan")
    assert reads == {"flow", "flow.id", "identity", "identity.metadata_public"}


def test_each_context_has_reads_of_its_own() -> None:
    text = "function(ctx) if ctx.a then ctx.b else ctx.c"
    traces = shared_engine().trace(
        template(text), [{"a": True, "b": 1, "c": 2}, {"a": False, "b": 1, "c": 2}, {"a": True}]
    )
    assert [trace.reads for trace in traces] == [{("a",), ("b",)}, {("a",), ("c",)}, {("a",)}]


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _without(ctx: Any, path: Path) -> Any:
    result = copy.deepcopy(ctx)
    holder = result
    for part in path[:-1]:
        holder = holder[part]
    del holder[path[-1]]
    return result


@pytest.mark.parametrize("text", [LIGHT, REALISTIC])
def test_nothing_that_matters_goes_unread(text: str) -> None:
    """Every path whose deletion changes the outcome was read or asked for."""
    ctx = registration(7)
    engine, asked = shared_engine(), template(text)
    (trace,) = engine.trace(asked, [ctx])
    paths = list(_paths(ctx))
    outcomes = engine.evaluate_many(asked, [_without(ctx, path) for path in paths])
    matters = {path for path, after in zip(paths, outcomes, strict=True) if untimed(after) != untimed(trace.outcome)}
    assert matters
    assert matters <= trace.reads | trace.tests


def test_every_path_of_a_captured_ctx_is_read_when_all_is_sent() -> None:
    contexts = captured(40)
    for ctx, trace in zip(contexts, shared_engine().trace(template("function(ctx) ctx"), contexts), strict=True):
        assert trace.reads == set(_paths(ctx))


def test_paths_are_those_that_people_write() -> None:
    reads, _tests = _traced("function(ctx) ctx.flow.transient_payload.list[1].x")
    assert parse_path("flow.transient_payload.list[1].x") in {parse_path(path) for path in reads}
