"""Members of std that the target version lacks are missing, and nothing else changes."""

import pytest
from evaluation import error_of, evaluate, rendered, template, untimed

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.std_mask import std_mask
from jsonnet_ctx.finding import Location

TEMPLATES = [
    "local ctx = std.extVar('ctx'); { a: ctx.flow.id }",
    "function(ctx) std.length(1)",
    "function(ctx) { assert false : 'x' }",
    "function(ctx) std.map(function(x) x.y, ctx.b)",
    "function(ctx) ctx.a + 1",
    "function(ctx) std.thisFile",
    "function(c) 1",
    "function(ctx, x) 1",
    "function(ctx) std.get(ctx.a, 'x')",
    "function(ctx) std.foo(1)",
    "function(ctx)\n  ctx.q",
    "function(ctx) [\n  x.y for x in [1]\n]",
    "function(ctx) { a: 1",
    "function(ctx) { a: x }",
    "'a\\q'",
    "function(ctx) '%s %s' % ctx.s",
    "function(ctx) { [k]: 1 for k in ['a'] } + { b: [1, 2, 3][1:2], c: 5 % 3, e: 'a' in ctx, f: [1] == [1] }",
    "function(ctx) { local std = { trim(x):: x }, a: std.trim('b') }",
    "function(ctx) { local s = std_of_nobody, a: 1 }",
    "\ufefffunction(ctx) 1",
    "",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_hiding_members_moves_nothing(text: str) -> None:
    marked = f"{text}  // std, as a whole, so that it is hidden at all"
    ctx = {"a": None, "b": [1], "s": "x"}
    assert untimed(evaluate(marked, ctx, kratos="v1.3.1")) == untimed(evaluate(marked, ctx, kratos="v26.2.0"))


def test_a_newer_member_is_missing_where_it_is_evaluated() -> None:
    error = error_of(evaluate("function(ctx) { a: 1, b: std.trim(' x') }", kratos="v1.3.1"))
    assert (error.kind, error.message) == ("std-missing", "Field does not exist: trim")
    assert error.location == Location("hook.jsonnet", 1, 26)
    assert error.payload_path == ("b",)
    assert rendered(evaluate("function(ctx) std.trim(' x')", kratos="v25.4.0")).payload == "x"


def test_a_newer_member_that_nobody_evaluates_does_nothing() -> None:
    assert rendered(evaluate("function(ctx) { a: 1, b:: std.trim(' x') }", kratos="v1.3.1")).payload == {"a": 1}


@pytest.mark.parametrize(
    "text",
    ["local s = std; function(ctx) s.trim('x')", "function(ctx) std['trim']('x')", "function(ctx) std.trim('x')"],
)
def test_std_is_recognised_under_other_names(text: str) -> None:
    assert error_of(evaluate(text, kratos="v1.3.1")).kind == "std-missing"


def test_a_template_may_ask_whether_a_member_is_there() -> None:
    text = "function(ctx) if std.objectHasAll(std, 'trim') then std.trim(' x') else 'as it is'"
    assert rendered(evaluate(text, kratos="v1.3.1")).payload == "as it is"
    assert rendered(evaluate(text, kratos="v26.2.0")).payload == "x"


def test_is_null_is_in_no_kratos() -> None:
    assert error_of(evaluate("function(ctx) std.isNull(1)")).kind == "std-missing"


def test_a_field_of_ctx_with_the_name_of_a_member_is_a_field() -> None:
    error = error_of(evaluate("function(ctx) ctx.trim", kratos="v1.3.1"))
    assert (error.kind, error.path) == ("missing-field", "trim")


def test_many_contexts_see_the_same_std() -> None:
    texts = ["function(ctx) std.trim(ctx)", "function(ctx) std.objectHasAll(std, 'trim')"]
    with Engine("v1.3.1") as engine:
        for text in texts:
            exact = evaluate(text, "x", kratos="v1.3.1")
            outcomes = engine.evaluate_many(template(text), ["x"] * 3)
            assert [untimed(outcome) for outcome in outcomes] == [untimed(exact)] * 3


def test_nothing_is_hidden_from_an_engine_that_has_just_the_members() -> None:
    assert std_mask({"length", "$internal"}, {"length"}).prefix_for("std.length") == ""
