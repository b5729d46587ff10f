"""The field that is missing, where the template spells it out."""

import pytest

from jsonnet_ctx.check.spelled import spelled_path, spelled_reads
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Template


def blamed(text: str, ctx: dict[str, object]) -> str | None:
    """The path that the text spells out where it fails with a ctx."""
    template = Template(text, "w.jsonnet", "w.jsonnet", Location("w.jsonnet", 1, 1))
    outcome = shared_engine(LATEST).evaluate(template, ctx)
    assert isinstance(outcome, Failed)
    path = spelled_path(spelled_reads(text), outcome.error, ctx)
    return None if path is None else format_path(path)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("function(ctx) { x: ctx.a.c }", "a.c"),
        ("function(ctx) local a = ctx.a; { x: a.c }", "a.c"),
        ("function(ctx) { x: ctx['a'].c }", "a.c"),
        ("function(ctx) { x: ctx.a.c.d }", "a.c"),
        # Two values come to one place: the text does not say which one.
        ("local f(o) = o.c; function(ctx) { x: f(ctx.a), y: f(ctx.b) }", None),
        ("function(ctx) { x: [o.c for o in [ctx.a, ctx.b]] }", None),
        ("function(ctx) { x: {}.c }", None),
    ],
)
def test_a_missing_field_is_blamed_as_it_is_spelled(text: str, path: str | None) -> None:
    assert blamed(text, {"a": {"b": {}}, "b": {"b": {}}}) == path


def test_an_empty_object_beside_it_is_not_blamed() -> None:
    """The cure of either would take the error away; only the text tells them apart."""
    text = "function(ctx) { a: std.length(ctx.a), b: ctx.b.c, d: ctx.d }"
    assert blamed(text, {"a": {}, "b": {}}) == "b.c"


def test_other_errors_are_not_judged() -> None:
    assert blamed("function(ctx) { x: ctx.a.c }", {"a": None}) is None


def test_a_text_that_is_no_jsonnet_spells_nothing() -> None:
    assert spelled_reads("function(ctx) {") == {}
