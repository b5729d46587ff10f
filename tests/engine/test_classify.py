"""Kinds of errors, for both engines that have a binding."""

from typing import Any

import pytest
from evaluation import error_of, template

from jsonnet_ctx.engine.classify import kind_of_death
from jsonnet_ctx.engine.pool import shared_engine

CTX: dict[str, Any] = {"a": None, "b": [1], "s": "x", "n": 1, "o": {}}

CASES = {
    "function(ctx) {": "syntax",
    "function(ctx) { a: nowhere }": "syntax",
    "'a\\q'": "syntax",
    "": "syntax",
    "{ a: ctx.id }": "entry-point",
    "local ctx = std.extVar('ctx'); ctx": "entry-point",
    "function(c) 1": "entry-point",
    "function() 1": "entry-point",
    "function(ctx, x) 1": "entry-point",
    "function(ctx) ctx.nope": "missing-field",
    "function(ctx) ctx['no pe']": "missing-field",
    "function(ctx) { a: 1 }.b": "missing-field",
    "function(ctx) ctx.a.b": "null-index",
    "function(ctx) ctx.a[0]": "null-index",
    "function(ctx) null.x": "null-index",
    "function(ctx) ctx.b[1]": "index-out-of-range",
    "function(ctx) ctx.s[7]": "index-out-of-range",
    "function(ctx) ctx.n.x": "type",
    "function(ctx) 1 + ctx.o": "type",
    "function(ctx) ctx.s()": "type",
    "function(ctx) if ctx.s then 1": "type",
    "function(ctx) std.length(ctx.n)": "type",
    "function(ctx) function(x) x": "type",
    "function(ctx) { f(x): x }": "type",
    "function(ctx) local f(x) = x; f()": "type",
    "function(ctx) 1 / 0": "type",
    "function(ctx) std.parseInt('x')": "type",
    "function(ctx) std.assertEqual(1, 2)": "type",
    "function(ctx) error 'x'": "explicit",
    "function(ctx) error 'Field does not exist: x'": "explicit",
    "function(ctx) { a: [error 'x'] }": "explicit",
    "function(ctx) assert false; 1": "assert",
    "function(ctx) assert false : 'max stack frames exceeded'; 1": "assert",
    "function(ctx) { assert false }": "assert",
    "function(ctx) { a: { assert ctx.n == 2 : 'm' } }": "assert",
    "function(ctx) assert ctx.nope; 1": "missing-field",
    "function(ctx) import 'x'": "import",
    "function(ctx) std.foo(1)": "std-missing",
    "function(ctx) local f(x) = 1 + f(x); f(1)": "stack",
}


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("engine", ["go-jsonnet", "jsonnet"])
def test_an_error_has_a_kind(text: str, engine: str) -> None:
    assert error_of(shared_engine(name=engine).evaluate(template(text), CTX)).kind == CASES[text]


@pytest.mark.parametrize(
    ("words", "kind", "told"),
    [
        (
            "runtime: out of memory: cannot allocate 80-byte block (28 in use)\nfatal error: out of memory\n",
            "memory",
            "runtime: out of memory: cannot allocate 80-byte block (28 in use)",
        ),
        (
            "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n",
            "stack",
            "runtime: goroutine stack exceeds 1000000000-byte limit",
        ),
        ("Traceback (most recent call last):\n  File …\nMemoryError\n", "memory", "MemoryError"),
        ("TRACE: x:1 hello\nsomething else\n", "worker-died", "something else"),
        ("", "worker-died", "no words on stderr"),
    ],
)
def test_a_death_has_a_kind(words: str, kind: str, told: str) -> None:
    assert kind_of_death(words) == (kind, told)
