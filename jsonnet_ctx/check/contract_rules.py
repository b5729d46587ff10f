"""The rule on contracts: payloads that the receiver does not take."""

import json
from collections.abc import Iterator

from jsonnet_ctx.check.broken import RULE, SLUG, Broken
from jsonnet_ctx.check.place import payload_place
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Edit, Finding, Location, Severity
from jsonnet_ctx.kratos.effect_rows import CLIENTS
from jsonnet_ctx.records import replace

_NO_SCHEMA = "; --identity-schema FILE would decide it"
_MOST_EDITS = 3
_MOST_CHARACTERS = 80


def contract_broken(state: SearchState) -> Iterator[Finding]:
    """The payload is not what the receiver takes.

    The settings name the contract of a template or of an action: a JSON Schema or the operation of
    an OpenAPI document. The payload of every ctx that is tried is held against it.

        [tool.jsonnet-ctx.contracts]
        "webhook.jsonnet" = "receiver.openapi.yaml#/paths/~1activate/post"
        "registration.after.oidc[0]" = "receiver.schema.json"

    It is an error where an ordinary client or identity breaks the contract, and a warning where it
    takes an odd client value or a trait that no identity schema decides.

    **bad** `registration.after.password.post_persist` `page.contract.json`

        function(ctx) { email: std.get(ctx.identity.traits, 'email'), plan: 'free' }

    **good** `registration.after.password.post_persist` `page.contract.json`

        function(ctx) { email: std.get(ctx.identity.traits, 'email', ''), plan: 'free' }
    """
    for broken in state.broken.values():
        if _holds(state, broken):
            yield _finding(broken)


CONTRACT_RULES: tuple[Rule, ...] = (Rule(RULE, SLUG, contract_broken),)


def _holds(state: SearchState, broken: Broken) -> bool:
    """Whether the exact path breaks the contract too: what is told is its word."""
    target = state.target
    state.evaluations += 1
    outcome = state.engine.evaluate(target.template, broken.ctx, content_type=target.content_type)
    if target.contract is None or not isinstance(outcome, Rendered):
        return False
    return broken.key in {replace(broken, breach=breach).key for breach in target.contract.breaches(outcome.payload)}


def _finding(broken: Broken) -> Finding:
    target, breach = broken.target, broken.breach
    template = target.template
    line, column = payload_place(template.text, (*breach.path, *breach.names[:1]))
    source = template.text.split("\n")[line - 1]
    decided = target.schema is not None or not any(edit.path[:2] == ("identity", "traits") for edit in broken.edits)
    path = broken.edits[0].path if len(broken.edits) == 1 else None
    return Finding(
        rule=RULE,
        slug=SLUG,
        severity=Severity.ERROR if broken.ordinary and decided else Severity.WARNING,
        message=_message(broken) + ("" if decided else _NO_SCHEMA),
        location=Location(template.name, line, column),
        hint=f"send what {target.contract.name if target.contract else ''} takes (rule: {breach.rule})",
        effect=_effect(broken),
        hooks=(target.hook.id,),
        kratos=(target.kratos,),
        path=format_path(path) if path else None,
        edits=broken.edits,
        template=template.name,
        source=source,
        underline=(column - 1, column),
        subject=f"payload.{format_path(broken.key[1])} {breach.rule} {' '.join(breach.names)}",
    )


def _message(broken: Broken) -> str:
    where = format_path(broken.breach.path)
    name = f"payload{where}" if not where or where.startswith("[") else f"payload.{where}"
    edits = [_edit_words(edit) for edit in broken.edits[:_MOST_EDITS]]
    more = len(broken.edits) - _MOST_EDITS
    cause = " and ".join(edits) + (f" and {more} more" if more > 0 else "")
    said = f" ({broken.why})" if broken.why else ""
    when = f" when {cause}{said}" if cause else f" when {broken.why}" if broken.why else ""
    return f"{name}: {broken.breach.message}{when}"


def _edit_words(edit: Edit) -> str:
    name = f"ctx.{format_path(edit.path)}"
    if edit.op != "set":
        return f"{name} is {edit.op}"
    value = json.dumps(edit.value, ensure_ascii=False)
    return f"{name} is {value[:_MOST_CHARACTERS]}{'…' if len(value) > _MOST_CHARACTERS else ''}"


def _effect(broken: Broken) -> str:
    target = broken.target
    payload = Rendered({}, "{}")
    from jsonnet_ctx.engine.answer import Answer
    from jsonnet_ctx.engine.effect import effect_of  # most checks find nothing, and need no words for it

    client = next(client for client in CLIENTS if client == broken.client)
    effect = effect_of(
        target.webhook, payload, hook=target.hook, client=client, kratos=target.kratos, answer=Answer(400)
    )
    return f"where the receiver refuses it with 400: {effect.summary}"
