"""The rule on limits that a client can reach with what it sends."""

from collections.abc import Iterator

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.go_json import encode_ctx, message_size
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.limits import limits_of
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.kratos.traits import trait_place

_PAYLOAD: Path = ("flow", "transient_payload")
_TRAITS: Path = ("identity", "traits")
_HOLDERS = ("flow", "session")


def client_over_limit(state: SearchState) -> Iterator[Finding]:
    """Tell from which size on a client's transient_payload or a person's traits are more than the evaluator takes.

    Beyond 65,535 bytes of message the hook fails, and sometimes Kratos sends an empty body and
    counts that as success. Traits are looked at where no client can send a transient_payload, and
    only with an identity schema, which may limit them. Evidence: behaviours.json rows limit.*.
    """
    limit = limits_of(state.target.kratos).input_bytes
    if limit is None:
        return
    full = [base for base, _ in state.rendered if not base.minimal]
    sent = [base for base in full if base.scenario.transient_payload == "client"]
    if sent:
        room = limit - max(_size(state, base) for base in sent)
        yield _finding(state, _PAYLOAD, "a client that sends more than about {room} bytes in transient_payload", room)
        return
    base = max((base for base in full if _unlimited(state, base)), key=lambda base: _size(state, base), default=None)
    if base is not None:
        # The session and the flow hold the identity once more.
        copies = 1 + sum("identity" in (base.ctx.get(holder) or {}) for holder in _HOLDERS)
        room = (limit - _size(state, base)) // copies + len(encode_ctx(base.ctx["identity"]["traits"]))
        yield _finding(state, _TRAITS, "a person whose traits take more than about {room} bytes", room)


def _finding(state: SearchState, path: Path, who: str, room: int) -> Finding:
    limit = limits_of(state.target.kratos).input_bytes
    template = state.target.template
    return Finding(
        rule="JC504",
        slug="over-limit",
        severity=Severity.INFO,
        message=f"{who.format(room=f'{max(room, 0):,}')} exceeds the evaluator's"
        f" {limit:,} (each of < > and & counts six): the hook fails, or kratos sends an empty body as a success",
        location=Location(template.name, 1, 1),
        hint="have the receiver refuse an empty body",
        hooks=(state.target.hook.id,),
        kratos=(state.target.kratos,),
        path=format_path(path),
        template=template.name,
    )


def _unlimited(state: SearchState, base: Base) -> bool:
    """Whether the identity schema lets some trait be as long as the evaluator's limit."""
    schema = state.target.schema_document
    identity = base.ctx.get("identity")  # anything, where the search has put it there
    traits = identity.get("traits") if isinstance(identity, dict) else None
    limit = limits_of(state.target.kratos).input_bytes or 0
    if schema is None or not isinstance(traits, dict):
        return False
    # A text of a format (an e-mail address) is short by what it is for.
    return any(
        is_valid(trait_place(schema, (name,)), "x" * limit, formats=True)
        for name, value in traits.items()
        if isinstance(value, str)
    )


def _size(state: SearchState, base: Base) -> int:
    template = state.target.template
    return message_size(template.uri, template.text, encode_ctx(base.ctx))
