"""Which ctx paths a template reads, where, and under which guards."""

import copy
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest
from go_jsonnet_process import GoJsonnet
from hypothesis import given
from hypothesis import strategies as st
from jsonnet_programs import programs, token_heaps

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.syntax.parser import SyntaxProblem
from jsonnet_ctx.syntax.reads import ctx_reads

TEMPLATES = sorted((FilePath(__file__).parents[2] / "fixtures" / "jsonnet" / "templates").glob("*.jsonnet"))

CTX: dict[str, Any] = {
    "identity": {
        "id": "7f3a",
        "traits": {"email": "ann@example.org", "name": {"first": "Ann", "last": "Lee"}, "tags": ["a", "long"]},
        "metadata_public": {"plan": "gold"},
        "verifiable_addresses": [{"value": "ann@example.org", "via": "email", "verified": True}],
    },
    "flow": {"type": "api", "transient_payload": {"plan": "free", "provider": "google", "campaign": "c1"}},
    "request_headers": {"User-Agent": ["curl"]},
    "request_url": "https://example.org",
    "session": {"id": "s1"},
}


@pytest.fixture(scope="module")
def engine() -> Iterator[GoJsonnet]:
    with GoJsonnet() as child:
        yield child


def lines(text: str) -> list[str]:
    """The reads of a template, one a line: what is written there, kind, path and guards."""
    found = []
    for read in ctx_reads(text):
        written = text.encode()[slice(*read.span)].decode()
        guards = [
            ("" if guard.positive else "not ")
            + f"{guard.kind} {format_path(guard.path) or 'ctx'}"
            + ("" if guard.value is None else f"={guard.value}")
            for guard in read.guards
        ]
        path = format_path(read.path) or "ctx"
        found.append(f"{written} | {read.kind} {path} | {', '.join(guards)}{'' if read.certain else ' | unsure'}")
    return found


def field_reads(text: str) -> set[str]:
    return {
        format_path(read.path) for read in ctx_reads(text) if read.certain and read.kind in ("field", "index", "get")
    }


def paths_in(value: Any, path: Path = ()) -> Iterator[Path]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from paths_in(item, (*path, key))


def without(ctx: Any, path: Path) -> Any:
    changed = copy.deepcopy(ctx)
    parent = changed
    for segment in path[:-1]:
        parent = parent[segment]
    del parent[path[-1]]
    return changed


def covers(read: Path, path: Path) -> bool:
    """Whether a read of one path says that another one matters: it, a part of it, or what it is a part of."""
    return all(segment in ("*", other) for segment, other in zip(read, path, strict=False))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_what_changes_the_outcome_when_deleted_is_read(engine: GoJsonnet, template: FilePath) -> None:
    text = template.read_text()
    rendered = engine.evaluate(text, CTX)
    assert rendered[0], rendered[1]
    reads = {read.path for read in ctx_reads(text)}
    for path in paths_in(CTX):
        if engine.evaluate(text, without(CTX, path)) != rendered:
            assert any(covers(read, path) and len(read) >= min(len(path), 2) for read in reads), path


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        (
            "function(ctx) local i = ctx.identity, t = i.traits; t['a.b']",
            {"identity", "identity.traits", 'identity.traits["a.b"]'},
        ),
        ("function(ctx) { local i = ctx.identity, a: self.b, b:: i.id }", {"identity", "identity.id"}),
        ("function(ctx, id=ctx.identity.id) { id: id }", {"identity", "identity.id"}),
        ("local f(o, k='id') = o[k]; function(ctx) f(ctx.identity)", {"identity", "identity.id"}),
        ("local f(o, k='id') = o[k]; function(ctx) f(k='state', o=ctx.identity)", {"identity", "identity.state"}),
        ("function(ctx) [a.value for a in ctx.l if a.via == 'x']", {"l", 'l["*"].value', 'l["*"].via'}),
        ("function(ctx) [ctx.o[k] for k in ['a', 'b']]", {"o", "o.a", "o.b"}),
        ("function(ctx) { [k]: ctx.o[k] for k in std.objectFields(ctx.o) }", {"o", 'o["*"]'}),
        ("function(ctx) std.get(std.get(ctx, 'a', {}), 'b', 1)", {"a", "a.b"}),
        ("function(ctx) std.get(o=ctx, f='a', default=ctx.b)", {"a", "b"}),
        ("function(ctx) std.foldl(function(o, k) o[k], ['a', 'b'], ctx)", {"a", "a.b"}),
        ("function(ctx) std.foldr(function(k, o) o[k], ['b', 'a'], ctx)", {"a", "a.b"}),
        ("function(ctx) (if true then ctx else {}).a", {"a"}),
        ("function(ctx) local o = { 'x-y': ctx.a }; o['x' + '-y'].b", {"a", "a.b"}),
        ("function(ctx) ({ a: ctx.a } + { b: super.a.b, c: 'a' in super }).b", {"a", "a.b"}),
        ("function(ctx) { a: ctx.a } { a+: { c: ctx.c } }", {"a", "c"}),
        ("function(ctx) (ctx.identity + { x: 1 }).id", {"identity"}),
        ("function(ctx) std.mergePatch(ctx.a, { b: ctx.c })", {"a", "c"}),
        ("local lib = { f(o):: o.a, g:: function(o) lib.f(o).b }; function(ctx) lib.g(ctx)", {"a", "a.b"}),
        ("local f = std.objectHas; function(ctx) if f(ctx, 'a') then ctx.a", {"a"}),
        ("local c = std.extVar('ctx'); { a: c.a }", {"a"}),
        ("function(context) context.a", {"a"}),
        ("function(ctx) local ctx2 = ctx, ctx = { a: 1 }; ctx.a", set()),
        ("function(ctx) local x = x.y; x", set()),
        ("function(ctx) local f(n) = f(n + 1) + ctx.a; f(0)", {"a"}),
        ("function(ctx) std.mapWithIndex(function(i, x) x.id + i, ctx.l)", {"l", 'l["*"].id'}),
        ("function(ctx) [x.id for x in std.objectValues(ctx.o)]", {"o", 'o["*"].id'}),
        ("function(ctx) [x.id for x in ctx.l[1:]]", {"l", 'l["*"].id'}),
        ("function(ctx) std.reverse([ctx.a, ctx.b])[0]", {"b"}),
    ],
)
def test_a_path_is_followed_through(text: str, reads: set[str]) -> None:
    assert field_reads(text) == reads


GUARDED = [
    (
        "function(ctx) if 'x' in ctx.f && ctx.f.x != null then ctx.f.x.y",
        [
            "'x' in ctx.f | exists f.x | ",
            "ctx.f | field f | ",
            "ctx.f.x != null | compare f.x | exists f.x",
            "ctx.f.x | field f.x | exists f.x",
            "ctx.f | field f | exists f.x",
            "ctx.f.x.y | field f.x.y | exists f.x, not-null f.x",
            "ctx.f.x.y | whole f.x.y | exists f.x, not-null f.x",
            "ctx.f.x | field f.x | exists f.x, not-null f.x",
            "ctx.f | field f | exists f.x, not-null f.x",
        ],
    ),
    (
        "function(ctx) if !std.objectHas(ctx, 'x') || ctx.x == null then 'none' else ctx.x",
        [
            "std.objectHas(ctx, 'x') | exists x | ",
            "ctx.x == null | compare x | exists x",
            "ctx.x | field x | exists x",
            "ctx.x | field x | exists x, not-null x",
            "ctx.x | whole x | exists x, not-null x",
        ],
    ),
    (
        "function(ctx) if std.type(ctx.x) == 'object' then ctx.x.y else if std.isString(ctx.x) then ctx.x",
        [
            "std.type(ctx.x) | type-test x | ",
            "ctx.x | field x | ",
            "ctx.x.y | field x.y | type x=object",
            "ctx.x.y | whole x.y | type x=object",
            "ctx.x | field x | type x=object",
            "std.isString(ctx.x) | type-test x | not type x=object",
            "ctx.x | field x | not type x=object",
            "ctx.x | field x | not type x=object, type x=string",
            "ctx.x | whole x | not type x=object, type x=string",
        ],
    ),
    (
        "function(ctx) local has = 'x' in ctx; local x = ctx.x; if has then [x, x]",
        [
            "'x' in ctx | exists x | ",
            "ctx.x | field x | exists x",
            "x | whole x | exists x",
            "x | whole x | exists x",
        ],
    ),
    (
        "local has(o, k) = std.objectHas(o, k) && o[k] != null; function(ctx) if has(ctx, 'x') then ctx.x.y else ctx.z",
        [
            "std.objectHas(o, k) | exists x | ",
            "o[k] != null | compare x | exists x",
            "o[k] | field x | exists x",
            "ctx.x.y | field x.y | exists x, not-null x",
            "ctx.x.y | whole x.y | exists x, not-null x",
            "ctx.x | field x | exists x, not-null x",
            "ctx.z | field z | ",
            "ctx.z | whole z | ",
        ],
    ),
    (
        "function(ctx) if std.length(ctx.l) > 0 then ctx.l[0].v",
        [
            "std.length(ctx.l) | whole l | ",
            "ctx.l | field l | ",
            "ctx.l[0].v | field l[0].v | nonempty l",
            "ctx.l[0].v | whole l[0].v | nonempty l",
            "ctx.l[0] | index l[0] | nonempty l",
            "ctx.l | field l | nonempty l",
        ],
    ),
    (
        "function(ctx) assert 'a' in ctx : 'no a'; { x: ctx.a }",
        ["'a' in ctx | exists a | ", "ctx.a | field a | exists a", "ctx.a | whole a | exists a"],
    ),
    (
        "function(ctx) [ctx[k] for k in ['a', 'b'] if std.objectHas(ctx, k)]",
        [
            "ctx[k] | field a | exists a",
            "ctx[k] | field b | exists b",
            "ctx[k] | whole a | exists a",
            "ctx[k] | whole b | exists b",
            "std.objectHas(ctx, k) | exists a | ",
            "std.objectHas(ctx, k) | exists b | ",
        ],
    ),
    (
        "function(ctx) { [if 'a' in ctx then 'a']: ctx.a }",
        ["'a' in ctx | exists a | ", "ctx.a | field a | exists a", "ctx.a | whole a | exists a"],
    ),
    (
        "function(ctx) std.filter(function(x) x.on == true, ctx.l)[0].id",
        [
            'std.filter(function(x) x.on == true, ctx.l)[0].id | field l["*"].id | ',
            'std.filter(function(x) x.on == true, ctx.l)[0].id | whole l["*"].id | ',
            'x.on == true | compare l["*"].on | ',
            'x.on | field l["*"].on | ',
            "ctx.l | field l | ",
        ],
    ),
    (
        "function(ctx) local unused = ctx.a; { f:: ctx.b }",
        ["ctx.a | field a |  | unsure", "ctx.b | field b |  | unsure"],
    ),
    ("function(ctx) ctx", ["ctx | whole ctx | "]),
]


@pytest.mark.parametrize(("text", "expected"), GUARDED)
def test_a_read_comes_with_what_is_known_there(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


def test_a_read_has_its_line_and_column_in_bytes() -> None:
    (first, *_) = ctx_reads("function(ctx)\n  { 'é': ctx.a }")
    assert (first.line, first.column, first.span) == (2, 11, (24, 29))


@given(text=st.one_of(programs(), token_heaps))
def test_any_program_can_be_followed(text: str) -> None:
    text = text.replace("local a = 1", "local a = std.extVar('ctx')")
    try:
        reads = ctx_reads(text)
    except SyntaxProblem:
        return
    for read in reads:
        assert 0 <= read.span[0] < read.span[1] <= len(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) local f(n) = f(n) + f(n + ctx.a); f(0)",
        "function(ctx) std.foldl(function(s, k) s + s, std.range(1, 60), ctx.a)",
        f"function(ctx) std.foldl(function(s, k) s + s, {list('abcdefghijklmnopqrstuvwxyz')}, [ctx.a, ctx.b])",
        "function(ctx) local o = { a: o + o, b: [o, o, ctx.a], c: $ }; o",
        "function(ctx) " + "+".join(["ctx.a"] * 3000),
        "function(ctx) " + "".join(f"local a{n} = ctx.a{n};" for n in range(2000)) + "{ }",
        "function(ctx) " + "if ctx.a then 1 else " * 2000 + "2",
        "function(ctx) [[[[1 for a in ctx.l] for b in ctx.l] for c in ctx.l] for d in ctx.l]",
    ],
)
def test_too_much_to_follow_ends_all_the_same(text: str) -> None:
    assert ctx_reads(text)
