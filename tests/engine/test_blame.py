"""Which ctx path is to blame for a failure, whatever way the template came to the value."""

from typing import Any

import pytest
from evaluation import error_of, template

from jsonnet_ctx.engine.pool import shared_engine

CTX: dict[str, Any] = {
    "flow": {
        "id": "f",
        "transient_payload": {"a": None, "n": None, "s": "str", "l": [{"x": 1}, {"y": 1}], "num": 1, "flag": True},
    },
    "identity": {"id": "i", "traits": {"email": "a@b"}, "metadata_public": None},
}

PAYLOAD = "flow.transient_payload"

CASES = {
    # read directly, through locals, parameters, loops and std
    "ctx.flow.transient_payload.oidc_provider": f"{PAYLOAD}.oidc_provider",
    "{ a: tp.s, b: ctx.identity.id, c: tp.oidc_provider }": f"{PAYLOAD}.oidc_provider",
    "local f(o) = o.name; [f({ name: 1 }), f(ctx.identity.traits)]": "identity.traits.name",
    "std.foldl(function(o, k) o[k], ['flow', 'transient_payload', 'zip'], ctx)": f"{PAYLOAD}.zip",
    "[item.x for item in tp.l]": f"{PAYLOAD}.l[1].x",
    "std.foldl(function(sum, item) sum + item.q, tp.l, 0)": f"{PAYLOAD}.l[0].q",
    "(ctx.identity.traits { x: 1 }).y": "identity.traits.y",
    "ctx.identity.traits { x: super.y }": "identity.traits.y",
    "ctx.session.id": "session",
    "local key = 'a b'; tp[key]": f'{PAYLOAD}["a b"]',
    # null
    "ctx.identity.metadata_public.plan": "identity.metadata_public",
    "[tp.n == null, tp.a.b]": f"{PAYLOAD}.a",
    "local a = tp.a, n = tp.n; [a, n, a.b]": f"{PAYLOAD}.a",
    "std.get(ctx.identity.traits, 'name').first": "identity.traits.name",
    "if tp.n == null then tp.a.b else 1": f"{PAYLOAD}.a",
    # lists
    "tp.l[2]": f"{PAYLOAD}.l[2]",
    "std.get(ctx.identity, 'addresses', [])[0].value": "identity.addresses[0]",
    # types
    "tp.num + tp.a": f"{PAYLOAD}.a",
    "std.length(tp.num)": f"{PAYLOAD}.num",
    "std.asciiUpper(tp.a)": f"{PAYLOAD}.a",
    "std.split(tp.a, 'x')": f"{PAYLOAD}.a",
    "std.join(',', [tp.s, tp.num])": f"{PAYLOAD}.num",
    "'%d' % tp.s": f"{PAYLOAD}.s",
    "if tp.s then 1": f"{PAYLOAD}.s",
    "tp.s.x": f"{PAYLOAD}.s",
    "tp.l.x": f"{PAYLOAD}.l",
    "[k in tp.a for k in ['x']]": f"{PAYLOAD}.a",
    "std.objectFields(tp.a)": f"{PAYLOAD}.a",
    "[x for x in tp.flag]": f"{PAYLOAD}.flag",
    # nothing of ctx is to blame
    "{ a: 1 }.b": None,
    "[][0]": None,
    "1 + {}": None,
    "[tp.s, 'x'[5]]": None,
    "std.split(tp.s, '@')[7]": None,
}


@pytest.mark.parametrize("text", CASES)
def test_the_path_to_blame_is_found(text: str) -> None:
    wired = template(f"function(ctx) local tp = ctx.flow.transient_payload; {text}")
    engine = shared_engine()
    assert error_of(engine.evaluate(wired, CTX)).path == CASES[text]
    assert error_of(engine.trace(wired, [CTX])[0].outcome).path == CASES[text]


def test_only_failures_of_reading_blame_a_path() -> None:
    for text in ("function(ctx) error ctx.flow.id", "function(ctx) assert ctx.flow.id == 1; 1", "{ a: ctx.id }"):
        assert error_of(shared_engine().evaluate(template(text), CTX)).path is None


def test_each_of_many_contexts_has_its_own_path_to_blame() -> None:
    text = "local f(o, k) = o[k]; function(ctx) f(ctx[ctx.which], ctx.key)"
    contexts = [
        {"which": "a", "key": "x", "a": {}, "b": {}},
        {"which": "b", "key": "x", "a": {}, "b": {}},
        {"which": "b", "key": "x", "a": {}, "b": {"x": 1}},
        {"which": "b", "key": "y", "a": {}, "b": {"x": 1}},
        {"which": "c", "key": "y"},
    ]
    outcomes = shared_engine().evaluate_many(template(text), contexts)
    assert [error_of(outcomes[number]).path for number in (0, 1, 3, 4)] == ["a.x", "b.x", "b.y", "c"]


def test_an_older_version_blames_too() -> None:
    error = error_of(shared_engine("v1.3.1").evaluate(template("function(ctx) std.length(std) + ctx.nope"), CTX))
    assert (error.kind, error.path) == ("missing-field", "nope")
