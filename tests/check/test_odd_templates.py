"""Whatever a template does with whatever ctx holds, or does not hold: checking it comes to an end."""

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.check.plan import Request, plan
from jsonnet_ctx.check.run import check
from jsonnet_ctx.check.state import Effort
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.project.identity_schema import load_identity_schema

HOOKS = [
    "login.before",
    "registration.before",
    "login.after.oidc",
    "registration.after.password.pre_persist",
    "settings.after.profile.post_persist",
    "recovery.after",
]
USES = [
    "{}.x.y",
    "{}[0].z",
    "{}['a b'] + 1",
    "std.length({})",
    "[item.key for item in {}]",
    "{{ [key]: {0}[key].q for key in std.objectFields({0}) }}",
    "{} == null",
    "if {0} != null then {0}.x else ctx.identity",
    "std.asciiLower({})",
    "{}",
    "{} * 2",
    "std.split({}, '@')[1]",
]
SCHEMA = load_identity_schema(Path(__file__).parents[2] / "fixtures" / "rules" / "identity.schema.json")
ANYWHERE = [
    "flow.transient_payload.a",
    "flow.transient_payload.b",
    "identity.traits.tags",
    "nope",
    "identity",
    "session",
    "identity.traits",
    "session.devices",
    "identity.verifiable_addresses",
]


def written(path: tuple[str | int, ...]) -> str:
    """A path as Jsonnet that reads it, the first item of each list."""
    parts = ("[0]" if part == "*" else f"['{part}']" for part in path)
    return "ctx" + "".join(parts)


@cache
def reads(hook: str) -> list[str]:
    """What a ctx of a hook point holds, what people look for there in vain, and what others hold."""
    shape = shape_of(parse_hook_point(hook), identity_schema=SCHEMA.document)
    return [written(field.path) for field in (*shape.fields, *shape.never)] + [f"ctx.{path}" for path in ANYWHERE]


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, str]:
    """A hook point and a template of two fields, each of which does something with something."""
    hook = draw(st.sampled_from(HOOKS))
    part = st.builds(lambda use, read: use.format(read), st.sampled_from(USES), st.sampled_from(reads(hook)))
    return hook, f"function(ctx) {{ a: {draw(part)}, b: {draw(part)}, id: ctx.flow.id }}\n"


# The search draws scripts of edits with hypothesis itself, a few in each check.
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.nested_given, HealthCheck.too_slow],
)
@given(templates(), st.booleans())
def test_every_template_can_be_checked(tmp_path: Path, drawn: tuple[str, str], known: bool) -> None:
    hook, text = drawn
    template = tmp_path / "w.jsonnet"
    template.write_text(text, encoding="utf-8")
    schema = SCHEMA if known else None
    request = Request(paths=(template,), root=tmp_path, hooks=(parse_hook_point(hook),), schema=schema)
    checked = check(plan(request), effort=Effort(examples=5, seed=0))
    assert checked.templates == 1
