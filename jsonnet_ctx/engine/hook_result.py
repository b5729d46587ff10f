"""What a web_hook action returns inside Kratos: success, an error, messages, or a panic."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.answer_parts import AnswerError, FormMessage, read_patch, read_refusal
from jsonnet_ctx.engine.delivery import Delivery, deliver
from jsonnet_ctx.engine.failure_words import failure_words
from jsonnet_ctx.engine.outcome import Cancelled, Outcome, Rendered
from jsonnet_ctx.engine.request_headers import refused_method
from jsonnet_ctx.frozen import Frozen, field
from jsonnet_ctx.kratos.effect_rows import Cause
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook


class HookResult(Frozen):
    """What came of one run of the action. ``error`` is the text that Kratos logs, None on success.

    ``attempts`` counts the tries, ``requests`` what reached a receiver; ``patch`` are the identity
    fields that Kratos took from the answer; ``reason`` replaces the cause's usual one.
    """

    cause: Cause = "success"
    error: str | None = None
    attempts: int = 0
    requests: int = 0
    messages: tuple[FormMessage, ...] = ()
    patch: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None


def run_hook(
    webhook: WebHook, outcome: Outcome | Unreadable, hook: HookPoint, kratos: str, answers: Sequence[Answer]
) -> HookResult:
    """Return what the action does with this outcome and these answers of its receiver.

    ``TRACE`` asks no template; a cancelled template is a success without a request (behaviours.json
    rows method.trace, cancel.json.*, error.*, resp.*).
    """
    wrong = refused_method(webhook)
    if wrong is not None:
        return HookResult("error", wrong)
    if webhook.method != "TRACE":
        if isinstance(outcome, Cancelled):
            return HookResult()
        if not isinstance(outcome, Rendered):
            return HookResult("error", failure_words(outcome))
    delivery = deliver(webhook, answers)
    if delivery.error is not None:
        cause: Cause = "timeout" if delivery.timed_out else "error"
        return _result(delivery, cause, delivery.error)
    try:
        return _answered(webhook, delivery, hook, kratos)
    except AnswerError as error:
        return _result(delivery, "error", str(error))


def _answered(webhook: WebHook, delivery: Delivery, hook: HookPoint, kratos: str) -> HookResult:
    status = delivery.answer.status if delivery.answer else 200
    if status >= 400:
        if webhook.parse or webhook.can_interrupt:
            refusal = read_refusal(delivery.body, kratos)
            return _result(delivery, "messages", refusal.error, messages=refusal.messages)
        return _result(delivery, "bad-gateway", f"webhook failed with status code {status}")
    if not webhook.parse or status != 200:
        return _result(delivery, "success")
    patch = read_patch(delivery.body, kratos)
    # A before hook has no identity to write to: a nil pointer (rows resp.200.patch.*.before.parse).
    return _result(delivery, "panic" if patch and hook.phase == "before" else "success", patch=patch)


def _result(
    delivery: Delivery,
    cause: Cause,
    error: str | None = None,
    *,
    messages: tuple[FormMessage, ...] = (),
    patch: Mapping[str, Any] | None = None,
) -> HookResult:
    return HookResult(cause, error, delivery.attempts, delivery.requests, messages, patch or {})
