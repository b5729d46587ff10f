"""Guards hold wherever they are said to hold: tried out in the engine on templates that fail."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from go_jsonnet_process import GoJsonnet
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.syntax.guard import NOTHING, Guard, both, either, negated, path_cases
from jsonnet_ctx.syntax.position import offset_of
from jsonnet_ctx.syntax.reads import ctx_reads

CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"a": None},
    {"a": {}},
    {"a": {"b": "x"}},
    {"a": {"b": None}, "c": []},
    {"a": {"b": {"d": 1}}, "c": ["x"]},
    {"a": "text", "c": "x"},
    {"a": {"b": "x"}, "c": ["x", "y"]},
)
CONDITIONS = (
    "'a' in ctx",
    "std.objectHas(ctx, 'a')",
    "std.objectHas(ctx.a, 'b')",
    "has(ctx, 'c')",
    "ctx.a != null",
    "ctx.a == null",
    "std.get(ctx, 'a') != null",
    "std.get(ctx.a, 'b', '') == 'x'",
    "ctx.a.b == 'x'",
    "std.isObject(ctx.a)",
    "std.type(ctx.a) == 'object'",
    "std.isObject(std.get(ctx, 'a', {}))",
    "std.length(ctx.c) > 0",
    "std.length(ctx.c) == 1",
    "std.length(ctx.c) != 2",
    "ctx.c != []",
    "std.member(['x', 'y'], ctx.c)",
    "std.all([std.objectHas(ctx, k) for k in ['a', 'c']])",
    "held",
    "true",
)
VALUES = (
    "ctx.a",
    "ctx.a.b",
    "ctx.a.b.d",
    "ctx.c",
    "ctx.c[0]",
    "ctx.c[1]",
    "late",
    "dig(ctx, ['a', 'b'])",
    "get(ctx, 'a').b",
)
CONDITION_PATTERNS = (
    "!({0})",
    "({0}) && ({1})",
    "({0}) || ({1})",
    "if {0} then {1} else {2}",
    "local h = {0}; h && {1}",
)
VALUE_PATTERNS = (
    "if {0} then {v} else {w}",
    "if {0} then {v}",
    "assert {0}; {v}",
    "local h = {0}; if h then {v} else {w}",
    "{{ [if {0} then 'k']: {v}, l: {w} }}",
    "[{v} for k in ['a', 'b'] if {0}]",
    "[ctx[k] for k in ['a', 'c'] if std.objectHas(ctx, k) && {0}]",
    "{{ assert {0} : 'no', v: {v} }}",
    "(function(x, c) if c then x else {w})({v}, {0})",
    "std.filter(function(x) {0}, [{v}])",
)
HEAD = """\
local has(o, k) = k in o && o[k] != null;
local get(o, k, d={}) = if has(o, k) then o[k] else d;
local dig(o, ks) = if std.length(ks) == 0 then o else if std.objectHas(o, ks[0]) then dig(o[ks[0]], ks[1:]);
function(ctx) local late = ctx.a.b, held = 'a' in ctx && 'b' in ctx.a; """


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(CONDITIONS))
    pattern = draw(st.sampled_from(CONDITION_PATTERNS))
    return "(" + pattern.format(*(draw(conditions(depth - 1)) for _ in range(3))) + ")"


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(st.sampled_from(VALUES))
    pattern = draw(st.sampled_from(VALUE_PATTERNS))
    return f"({pattern})".format(draw(conditions()), v=draw(values(depth - 1)), w=draw(values(depth - 1)))


MISSING = object()


def lookup(ctx: Any, path: Path) -> Any:
    for segment in path:
        try:
            ctx = ctx[segment]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return ctx


def holds(guard: Guard, ctx: dict[str, Any]) -> bool:
    found = lookup(ctx, guard.path)
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", type(None): "null"}
    truth = {
        "exists": found is not MISSING,
        "not-null": found is not MISSING and found is not None,
        "type": names.get(type(found)) == guard.value,
        "nonempty": found is not MISSING and bool(found),
        "compare": found == guard.value,
    }
    return truth[guard.kind] is guard.positive


@pytest.fixture(scope="module")
def engine() -> Iterator[GoJsonnet]:
    with GoJsonnet() as child:
        yield child


PLACE = re.compile(r"\tt\.jsonnet:(\d+):(\d+)-(\d+)\t")


@settings(max_examples=80)
@given(body=values())
def test_the_guards_of_a_read_hold_where_it_fails(engine: GoJsonnet, body: str) -> None:
    text = HEAD + body
    reads = ctx_reads(text)
    for ctx in CONTEXTS:
        rendered, said = engine.evaluate(text, ctx)
        place = PLACE.search(said)
        if rendered or place is None:
            continue
        span = (offset_of(text, int(place[1]), int(place[2])), offset_of(text, int(place[1]), int(place[3])))
        here = [read for read in reads if read.span == span and read.kind in ("field", "index")]
        if len({read.path for read in here}) == 1:
            assert all(holds(guard, ctx) for guard in here[0].guards), (ctx, said, here)


def test_what_is_known_follows_the_logic() -> None:
    exists, full = path_cases("exists", ("a",)), path_cases("nonempty", ("b",))
    assert both(exists, full) == (exists[0] | full[0], NOTHING)  # type: ignore[operator]  # neither is None
    assert either(exists, full) == (NOTHING, exists[1] | full[1])  # type: ignore[operator]  # neither is None
    assert negated(exists) == (exists[1], exists[0])
    assert both(exists, (NOTHING, None)) == exists
    assert either(exists, (None, NOTHING)) == exists
