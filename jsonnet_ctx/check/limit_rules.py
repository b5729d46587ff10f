"""The rule on limits that a client can reach with what it sends."""

from collections.abc import Iterator

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.engine.go_json import encode_ctx, message_size
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.limits import limits_of


def client_over_limit(state: SearchState) -> Iterator[Finding]:
    """Tell from which size on a client's transient_payload is more than the evaluator takes.

    Beyond 65,535 bytes of message the hook fails, and sometimes Kratos sends an empty body and
    counts that as success. Evidence: behaviours.json rows limit.*.
    """
    limit = limits_of(state.target.kratos).input_bytes
    base = max(
        (base for base, _ in state.rendered if _is_open(base)), key=lambda base: _size(state, base), default=None
    )
    if limit is None or base is None:
        return
    room = max(limit - _size(state, base), 0)
    template = state.target.template
    yield Finding(
        rule="JC504",
        slug="over-limit",
        severity=Severity.INFO,
        message=f"a client that sends more than about {room:,} bytes in transient_payload exceeds the evaluator's"
        f" {limit:,} (each of < > and & counts six): the hook fails, or kratos sends an empty body as a success",
        location=Location(template.name, 1, 1),
        hint="have the receiver refuse an empty body",
        hooks=(state.target.hook.id,),
        kratos=(state.target.kratos,),
        path="flow.transient_payload",
        template=template.name,
    )


def _is_open(base: Base) -> bool:
    return base.scenario.transient_payload == "client" and not base.minimal


def _size(state: SearchState, base: Base) -> int:
    template = state.target.template
    return message_size(template.uri, template.text, encode_ctx(base.ctx))
