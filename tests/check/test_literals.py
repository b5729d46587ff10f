"""The constants of a template as values worth trying."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.check.bases import base_contexts
from jsonnet_ctx.check.literals import literal_edits, literals_of
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.ctx_path import parse_path
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook

SCHEMA = {
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "properties": {"kind": {"enum": ["person", "robot"]}, "age": {"type": "integer"}},
            "required": ["kind"],
        }
    },
}


def target(text: str) -> Target:
    """A template after a registration."""
    place = Location("w.jsonnet", 1, 1)
    hook = parse_hook_point("registration.after.password.post_persist")
    schema = IdentitySchema("default", SCHEMA, Location("schema.json"))
    return Target(Template(text, "w.jsonnet", "w.jsonnet", place), hook, LATEST, WebHook(), schema, None)


def values(text: str, path: str) -> list[Any]:
    """The values that the literals of a template are tried as at a path."""
    base = base_contexts(target(text))[0]
    edits = literal_edits(base.shape, base.scenario, base.ctx, parse_path(path), literals_of(text))
    return [edit.edit.value for edit in edits]


def test_what_a_path_is_compared_with_is_tried_there() -> None:
    text = (
        "function(ctx) local t = ctx.flow.transient_payload; if t.plan == 'pro' || 'max' == t.plan then 1 else t.n < 3"
    )
    assert values(text, "flow.transient_payload.plan") == ["pro", "max"]
    assert values(text, "flow.transient_payload.n") == [3]
    assert values(text, "flow.transient_payload.other") == []


def test_a_trait_takes_what_its_schema_allows() -> None:
    text = "function(ctx) local k = ctx.identity.traits.kind; if k == 'robot' then 1 else if k == 'ghost' then 2 else 3"
    assert values(text, "identity.traits.kind") == ["robot"]


@pytest.mark.parametrize("path", ["identity.id", "flow.type", "flow.transient_payload", "identity"])
def test_what_the_server_decides_is_left_alone(path: str) -> None:
    assert values(f"function(ctx) if ctx.{path} == 'x' then 1 else 2", path) == []


def test_a_template_that_is_no_jsonnet_has_none() -> None:
    literals = literals_of("function(ctx) {")
    assert (literals.compared, literals.words) == ({}, ())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.one_of(st.text(), st.integers(-9, 9), st.none(), st.booleans())
    )
)
def test_an_edit_puts_its_constant_where_it_says(compared: dict[str, Any]) -> None:
    tests = " && ".join(f"t.{name} == {json.dumps(value)}" for name, value in compared.items()) or "true"
    text = f"function(ctx) local t = ctx.flow.transient_payload; {{ a: {tests} }}"
    base = base_contexts(target(text))[0]
    for name, value in compared.items():
        path = ("flow", "transient_payload", name)
        for variation in literal_edits(base.shape, base.scenario, base.ctx, path, literals_of(text)):
            assert variation.edit.value == value
            assert value_at(apply_edit(base.ctx, variation.edit), path) == value
