"""What Kratos makes of a request that it sends: of the answer, or of its absence."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.answer_parts import AnswerError, read_patch, read_refusal
from jsonnet_ctx.engine.delivery import Delivery, deliver
from jsonnet_ctx.engine.hook_result import FormMessage, HookResult
from jsonnet_ctx.kratos.effect_rows import Cause
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.webhook import WebHook


def answered(webhook: WebHook, hook: HookPoint, kratos: str, answers: Sequence[Answer]) -> HookResult:
    """Return what comes of the request with these answers of its receiver (behaviours.json rows resp.*)."""
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
