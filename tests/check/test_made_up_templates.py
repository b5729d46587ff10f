"""Templates that hypothesis puts together: what is found is reachable and fails; careful ones are left alone."""

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.check.literals import literals_of
from jsonnet_ctx.check.search import found, search
from jsonnet_ctx.check.state import Effort, Learned
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook

HOOKS = (
    "registration.after.password.post_persist",
    "registration.after.oidc.pre_persist",
    "login.after.password",
    "login.before",
    "settings.after.profile.post_persist",
    "verification.after",
    "recovery.after",
)
SCHEMA = {
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "properties": {
                "email": {
                    "type": "string",
                    "format": "email",
                    "ory.sh/kratos": {"credentials": {"password": {"identifier": True}}},
                },
                "name": {"type": "object", "properties": {"first": {"type": "string"}}},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["email"],
            "additionalProperties": False,
        }
    },
}
OBJECTS = (
    "ctx.flow",
    "ctx.identity",
    "ctx.identity.traits",
    "ctx.flow.transient_payload",
    "ctx.identity.metadata_public",
)
NAMES = ("plan", "name", "tags", "email", "transient_payload", "id", "return_to", "verifiable_addresses")
careless = st.builds("{}.{}".format, st.sampled_from(OBJECTS), st.sampled_from(NAMES))
used = st.sampled_from(("{}", "std.length({})", "std.asciiUpper({})", "{}[0]", "{}.first", "{} + 1", "[x for x in {}]"))
guarded = st.sampled_from(
    (
        "if 'plan' in std.get(ctx.flow, 'transient_payload', {{}}) then {}",
        "if ctx.flow.type == 'api' then {}",
        "if std.isObject({0}) then {0}",
        "std.toString({})",
        "[{}]",
    )
)
careful = st.sampled_from(
    (
        "local o(x) = if std.isObject(x) then x else {}; std.get(o(std.get(o(std.get(ctx, 'flow')), 'a')), 'b')",
        "local i = std.get(ctx, 'identity'); if std.isObject(i) then std.get(i, 'id')",
        "local f = ctx.flow, t = std.get(f, 'transient_payload'); if std.isObject(t) && 'p' in t then t.p",
        "[k for k in std.objectFields(ctx)]",
        "ctx.flow.id",
        "std.get(ctx.request_headers, 'User-Agent', ['none'])",
    )
)


def fields(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """``function(ctx) { f0: …, f1: … }``."""
    lists = st.lists(parts, min_size=1, max_size=4)
    return lists.map(lambda found: f"function(ctx) {{ {', '.join(f'f{n}: {one}' for n, one in enumerate(found))} }}")


def target_of(text: str, hook: str) -> Target:
    """A template at a hook point under the schema."""
    template = Template(text, "w.jsonnet", "w.jsonnet", Location("w.jsonnet", 1, 1))
    schema = IdentitySchema("default", SCHEMA, Location("identity.schema.json"))
    return Target(template, parse_hook_point(hook), LATEST, WebHook(), schema, None)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    fields(st.builds(lambda read, use, guard: guard.format(use.format(read)), careless, used, guarded)),
    st.sampled_from(HOOKS),
)
def test_what_is_found_can_be_sent_and_fails(text: str, hook: str) -> None:
    target = target_of(text, hook)
    engine = shared_engine(target.kratos)
    validator = jsonschema_rs.validator_for(ctx_schema(target.shape()))
    faults = found(search(target, engine, literals_of(text), Learned(), Effort(examples=10)))
    # To see behind what no reachable ctx gets past, the search makes values up.
    made_up = not all(fault.possible and fault.edits for fault in faults)
    places = {(fault.error.kind, fault.error.location) for fault in faults}
    for fault in faults:
        outcome = engine.evaluate(target.template, fault.ctx, content_type=target.content_type)
        assert isinstance(outcome, Failed)
        assert made_up or [error.message for error in validator.iter_errors(fault.ctx)] == []
        # A field that fails for good is masked, so its own fault is what shows first.
        assert made_up or (outcome.error.kind, outcome.error.location) in places


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields(careful), st.sampled_from(HOOKS))
def test_careful_templates_are_left_alone(text: str, hook: str) -> None:
    target = target_of(text, hook)
    state = search(target, shared_engine(target.kratos), literals_of(text), Learned(), Effort(examples=10))
    assert [(fault.path_text, fault.error.message) for fault in found(state)] == []
