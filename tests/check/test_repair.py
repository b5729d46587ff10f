"""Getting past a failure: each fault on the way is noted once, and no repair goes in a circle."""

import pytest

from jsonnet_ctx.check.bases import base_contexts
from jsonnet_ctx.check.literals import literals_of
from jsonnet_ctx.check.repair import Repair, repair
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import value_at
from jsonnet_ctx.engine.outcome import Failed, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook


def state_of(body: str) -> SearchState:
    """A search that has not begun, of ``function(ctx) BODY`` after a registration."""
    text = f"function(ctx) {body}"
    template = Template(text, "w.jsonnet", "w.jsonnet", Location("w.jsonnet", 1, 1))
    hook = parse_hook_point("registration.after.password.post_persist")
    target = Target(template, hook, LATEST, WebHook(), None, None)
    return SearchState(target, base_contexts(target), shared_engine(LATEST), template, literals_of(text))


def repaired(body: str) -> Repair:
    """The repair of the first base ctx of a template."""
    state = state_of(body)
    base = state.bases[0]
    return repair(state, base, state.trace([base.ctx])[0], base.ctx)


def blamed(mended: Repair) -> list[tuple[str, str | None]]:
    """Kind and ctx path of the faults on the way."""
    return [(fault.error.kind, fault.path_text) for fault in mended.faults]


def test_a_template_that_renders_is_not_touched() -> None:
    mended = repaired("{ id: ctx.identity.id }")
    assert mended.faults == ()
    assert isinstance(mended.trace.outcome, Rendered)


def test_every_missing_field_is_noted_on_the_way() -> None:
    mended = repaired("local t = ctx.flow.transient_payload; { a: t.a, b: t.b.c, d: t.d }")
    assert isinstance(mended.trace.outcome, Rendered)
    assert blamed(mended) == [("missing-field", f"flow.transient_payload.{name}") for name in "abd"]
    assert value_at(mended.ctx, ("flow", "transient_payload", "b", "c")) is not None


def test_what_a_template_compares_with_gets_it_further() -> None:
    mended = repaired("{ a: assert std.isString(ctx.flow.transient_payload.a); ctx.flow.transient_payload.a + 1 }")
    assert blamed(mended)[0] == ("missing-field", "flow.transient_payload.a")


def test_a_list_that_is_too_short_is_made_longer() -> None:
    mended = repaired("{ a: ctx.identity.traits.tags[1] }")
    assert isinstance(mended.trace.outcome, Rendered)
    assert len(value_at(mended.ctx, ("identity", "traits", "tags"))) > 1


@pytest.mark.parametrize("body", ["{}.x", "{ a: 1 + {}.x }", "[][0]", "std.asciiLower(1)", "null.x"])
def test_what_no_ctx_mends_is_given_up(body: str) -> None:
    state = state_of(body)
    base = state.bases[0]
    mended = repair(state, base, state.trace([base.ctx])[0], base.ctx)
    assert isinstance(mended.trace.outcome, Failed)
    assert len(mended.faults) <= 1
    assert state.evaluations < 100


@pytest.mark.parametrize("body", ["error 'no'", "assert false; {}", "{ assert false : 'no' }", "error 'cancel'"])
def test_what_the_author_refuses_is_not_repaired(body: str) -> None:
    assert repaired(body).faults == ()


def test_a_template_that_wants_two_types_at_once_ends() -> None:
    body = "{ a: ctx.flow.transient_payload.a + 1, b: std.asciiLower(ctx.flow.transient_payload.a) }"
    mended = repaired(f"local x = {body}; {{ a: x.a - 1, b: x.b }}")
    assert blamed(mended)[0] == ("missing-field", "flow.transient_payload.a")
    assert len(mended.faults) < 10
