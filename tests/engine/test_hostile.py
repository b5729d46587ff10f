"""Templates that want everything there is: an outcome each, and the next evaluation is right."""

import pytest
from evaluation import error_of, rendered, template

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Kind

OUT_OF_BOUNDS: frozenset[Kind] = frozenset(("timeout", "memory", "stack"))
"""Which bound ends a template without end depends on the machine."""

HOSTILE: dict[str, tuple[str, frozenset[Kind]]] = {
    "endless recursion": ("local f(n) = 1 + f(n + 1); function(ctx) f(0)", frozenset(("stack",))),
    "endless recursion in data": ("local f(n) = [f(n + 1)]; function(ctx) f(0)", frozenset(("stack",))),
    "endless tail recursion": ("local f(n) = f(n + 1) tailstrict; function(ctx) f(0)", OUT_OF_BOUNDS),
    "a huge range": ("function(ctx) std.range(1, 1e9)", frozenset(("memory",))),
    "a string doubled": (
        "local f(n, a) = if n == 0 then a else f(n - 1, a + a) tailstrict; function(ctx) f(60, 'xx')",
        OUT_OF_BOUNDS,
    ),
    "a list doubled": ("function(ctx) std.foldl(function(a, b) a + a, std.range(1, 60), [1, 2])", OUT_OF_BOUNDS),
    "brackets": (f"function(ctx) {'[' * 20_000}{']' * 20_000}", OUT_OF_BOUNDS),
    "output over the limit": ("function(ctx) std.repeat('x', 70000)", frozenset(("output-too-large",))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_an_outcome(name: str) -> None:
    text, kinds = HOSTILE[name]
    with Engine() as engine:
        assert error_of(engine.evaluate(template(text), {"a": 1})).kind in kinds
        assert rendered(engine.evaluate(template("function(ctx) ctx"), {"a": 1})).payload == {"a": 1}


def test_a_hang_says_what_kratos_says() -> None:
    text, _kinds = HOSTILE["a string doubled"]
    with Engine("v1.3.1") as engine:  # no memory limit: time runs out first
        error = error_of(engine.evaluate(template(text), {}))
    assert error.message == "the evaluation takes longer than 1 s"
    assert error.raw == "jsonnetsecure: eval: context deadline exceeded"


def test_one_hostile_ctx_among_many_is_told_apart() -> None:
    text = "function(ctx) if ctx.n == 3 then std.range(1, 1e9) else if ctx.n == 5 then ctx.nope else ctx.n"
    contexts = [{"n": number} for number in range(8)]
    with Engine() as engine:
        outcomes = engine.evaluate_many(template(text), contexts)
        traces = engine.trace(template(text), contexts)
    assert error_of(outcomes[3]).kind == error_of(traces[3].outcome).kind == "memory"
    assert error_of(outcomes[5]).path == error_of(traces[5].outcome).path == "nope"
    assert [rendered(outcomes[number]).payload for number in (0, 1, 2, 4, 6, 7)] == [0, 1, 2, 4, 6, 7]
    assert traces[2].reads == {("n",)}


def test_a_flood_of_traces_does_no_harm() -> None:
    text = "function(ctx) std.foldl(function(a, b) std.trace(ctx.s, a), std.range(1, 200), 1)"
    with Engine() as engine:
        for _ in range(2):
            assert rendered(engine.evaluate(template(text), {"s": "y" * 20_000})).payload == 1
        assert error_of(engine.evaluate(template("function(ctx) std.range(1, 1e9)"), {})).kind == "memory"
