"""What to write instead of a read that failed, tried out in the engine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from go_jsonnet_process import GoJsonnet
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.finding import Location
from jsonnet_ctx.syntax.hint import replacement, replacement_at
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import offset_of
from jsonnet_ctx.syntax.span_edit import SpanEdit, edited

CTX: dict[str, Any] = {
    "identity": {
        "traits": {"email": "ann@example.org", "tags": []},
        "metadata_public": None,
        "verifiable_addresses": [],
        "a b": {},
    },
    "flow": {"transient_payload": {"plan": "free"}, "type": "api"},
}

KINDS = {
    "Field does not exist": "missing-field",
    "Value non indexable: *jsonnet.valueNull": "null-index",
    "Index": "index-out-of-range",
}
PLACE = re.compile(r"t\.jsonnet:(?:\((\d+):(\d+)\)-\((\d+):(\d+)\)|(\d+):(\d+)-(\d+))")


@dataclass(frozen=True)
class Frame:
    location: Location | None
    end_line: int | None
    end_column: int | None


@dataclass(frozen=True)
class Failure:
    kind: str
    frames: tuple[Frame, ...]


@pytest.fixture(scope="module")
def engine() -> Iterator[GoJsonnet]:
    with GoJsonnet() as child:
        yield child


def failure(said: str) -> tuple[int, int, Failure]:
    """Line, column and the failure that an engine error tells."""
    message = said.removeprefix("RUNTIME ERROR: ")
    kind = next((kind for start, kind in KINDS.items() if message.startswith(start)), "type")
    place = PLACE.search(said)
    assert place is not None
    if place[1] is not None:
        line, column, end_line, end_column = (int(place[number]) for number in range(1, 5))
    else:
        line, column, end_column = (int(place[number]) for number in range(5, 8))
        end_line = line
    frame = Frame(Location("t.jsonnet", line, column), end_line, end_column)
    return line, column, Failure(kind, (Frame(None, None, None), frame))


CASES = [
    (
        "function(ctx) { provider: ctx.flow.transient_payload.oidc_provider }",
        "std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')",
    ),
    (
        "function(ctx) { c: ctx.flow.transient_payload.utm.source.name }",
        "std.get(std.get(std.get(ctx.flow.transient_payload, 'utm', {}), 'source', {}), 'name', 'unknown')",
    ),
    (
        "function(ctx) { plan: ctx.identity.metadata_public.plan }",
        "std.get(if ctx.identity.metadata_public == null then {} else ctx.identity.metadata_public, 'plan', 'unknown')",
    ),
    (
        "function(ctx) { mail: ctx.identity.verifiable_addresses[0].value }",
        "if std.length(ctx.identity.verifiable_addresses) > 0 then ctx.identity.verifiable_addresses[0].value "
        "else 'unknown'",
    ),
    (
        "function(ctx) 'to ' + ctx.identity.verifiable_addresses[0].value + '!'",
        "(if std.length(ctx.identity.verifiable_addresses) > 0 then ctx.identity.verifiable_addresses[0].value "
        "else 'unknown')",
    ),
    (
        "function(ctx) [address.value for address in ctx.identity.recovery_addresses]",
        "std.get(ctx.identity, 'recovery_addresses', [])",
    ),
    (
        "function(ctx) if ctx.flow.transient_payload.newsletter then 'yes' else 'no'",
        "std.get(ctx.flow.transient_payload, 'newsletter', false)",
    ),
    ("function(ctx) ctx.flow.transient_payload.seats * 2", "std.get(ctx.flow.transient_payload, 'seats', 0)"),
    ("function(ctx) { a: ctx.identity['a b']['ü'] }", "std.get(ctx.identity['a b'], 'ü', 'unknown')"),
    (
        "function(ctx) local public = ctx.identity.metadata_admin; { plan: std.get(public, 'plan') }",
        "std.get(ctx.identity, 'metadata_admin', {})",
    ),
    (
        "local get(o, k) = o[k];\nfunction(ctx) { 'é': 'é', a: get(ctx.flow, 'organization_id') }",
        "std.get(o, k, 'unknown')",
    ),
    (
        "function(ctx) { a: ctx.identity.traits.email.domain }",
        "if std.isObject(ctx.identity.traits.email) then std.get(ctx.identity.traits.email, 'domain', 'unknown') "
        "else 'unknown'",
    ),
    ("function(ctx) std.length(ctx.identity.traits.groups)", "std.get(ctx.identity.traits, 'groups', [])"),
    ("function(ctx) { [ctx.flow.nope.x]: 1 }", "std.get(std.get(ctx.flow, 'nope', {}), 'x', 'unknown')"),
    ("function(ctx) ctx.flow.settings {added: 1}", "std.get(ctx.flow, 'settings', {})"),
    (
        "function(ctx) { a: ctx.flow.list[0].name }",
        "if std.objectHas(ctx.flow, 'list') then ctx.flow.list[0].name else 'unknown'",
    ),
    (
        "function(ctx)\n  {\n    a: ctx.flow\n      .transient_payload\n      .oidc,\n  }",
        "std.get(ctx.flow .transient_payload, 'oidc', 'unknown')",
    ),
]


@pytest.mark.parametrize(("template", "expected"), CASES)
def test_the_replacement_renders_on_the_ctx_that_failed(engine: GoJsonnet, template: str, expected: str) -> None:
    rendered, said = engine.evaluate(template, CTX)
    assert not rendered
    line, column, error = failure(said)
    assert replacement(template, line, column, error) == expected
    frame = error.frames[-1]
    assert frame.end_line is not None
    assert frame.end_column is not None
    found = replacement_at(
        template, offset_of(template, line, column), offset_of(template, frame.end_line, frame.end_column), error.kind
    )
    assert found is not None
    mended = edited(template, [SpanEdit(*found.span, found.expression)]).text
    parse(mended)
    assert engine.evaluate(mended, CTX)[0], mended


def test_a_default_can_be_given() -> None:
    text = "function(ctx) ctx.a.b"
    found = replacement_at(text, 14, 21, "missing-field", default="[1]")
    assert found is not None
    assert found.expression == "std.get(ctx.a, 'b', [1])"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("function(ctx) ctx.a", "explicit"),
        ("function(ctx) { a: ", "missing-field"),
        ("function(ctx) error 'x'", "missing-field"),
        ("function(ctx) ctx.f(1)", "missing-field"),
    ],
)
def test_no_replacement_is_made_up(text: str, kind: str) -> None:
    assert replacement(text, 1, 15, Failure(kind, ())) is None


@given(text=st.text(max_size=30), line=st.integers(-1, 5), column=st.integers(-1, 30))
def test_any_text_and_place_can_be_asked(text: str, line: int, column: int) -> None:
    replacement(f"function(ctx) ctx.a + {text}", line, column, Failure("missing-field", ()))
