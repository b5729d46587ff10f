"""Masking a field that fails for good: it is null from then on, and everything else stays where it is."""

import pytest

from jsonnet_ctx.check.mask import masked
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Failed, Rendered, TemplateError
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Template


def engine() -> Engine:
    """The engine of the newest version."""
    return shared_engine(LATEST)


def failure(text: str) -> TemplateError:
    """The error of a template that fails without any ctx."""
    outcome = engine().evaluate(template(text), {})
    assert isinstance(outcome, Failed)
    return outcome.error


def template(text: str) -> Template:
    """A template of this text."""
    return Template(text, "w.jsonnet", "w.jsonnet", Location("w.jsonnet", 1, 1))


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("function(ctx) { a: ctx.no, b: 1 }", {"a": None, "b": 1}),
        ("function(ctx) { a: { b: ctx.no, c: 2 }, d: 1 }", {"a": {"b": None, "c": 2}, "d": 1}),
        ("function(ctx) { 'é': ctx.no, b: 'ü' }", {"é": None, "b": "ü"}),
        ("function(ctx)\n{\n  a:\n    ctx\n    .no,\n  b: 1,\n}\n", {"a": None, "b": 1}),
        ("function(ctx) { a: [1, ctx.no], b: 1 }", {"a": None, "b": 1}),
        ("local f(x) = x.no; function(ctx) { a: f(ctx), b: 1 }", {"a": None, "b": 1}),
    ],
)
def test_the_field_that_fails_is_null_and_the_others_stay(text: str, payload: object) -> None:
    hidden = masked(text, failure(text))
    assert hidden is not None
    outcome = engine().evaluate(template(hidden), {})
    assert isinstance(outcome, Rendered)
    assert outcome.payload == payload


@pytest.mark.parametrize(
    "text",
    ["function(ctx) { a: ctx.no, b: ctx.neither }", "function(ctx) {\n  a: ctx\n    .no,\n  b: ctx.neither,\n}\n"],
)
def test_what_stands_behind_stays_where_it_is(text: str) -> None:
    hidden = masked(text, failure(text))
    assert hidden is not None
    assert len(hidden.encode()) == len(text.encode())
    second = failure(hidden)
    assert second.message == "Field does not exist: neither"
    assert second.location == Location("w.jsonnet", *line_column(text, "ctx.neither"))


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) ctx.no",
        "function(ctx) [ctx.no]",
        "function(ctx) {",
        "function(ctx) { [x]: ctx.no for x in ['a'] }",
        "function(ctx) std.mapWithKey(function(k, v) ctx.no, { a: 1 })",
    ],
)
def test_where_no_field_stands_nothing_is_masked(text: str) -> None:
    assert masked(text, failure(text)) is None


def line_column(text: str, part: str) -> tuple[int, int]:
    """Where a part of an ASCII text begins."""
    head = text[: text.index(part)]
    return head.count("\n") + 1, len(head) - head.rfind("\n")
