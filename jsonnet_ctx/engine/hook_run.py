"""One run of a web_hook action: what comes before a request, and what its answer makes of it."""

from collections.abc import Sequence

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.failure_words import failure_words
from jsonnet_ctx.engine.hook_result import HookResult
from jsonnet_ctx.engine.outcome import Cancelled, Outcome, Rendered
from jsonnet_ctx.engine.request_headers import refused_method
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook


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
    from jsonnet_ctx.engine.answered import answered  # most effects are those of a template that fails

    return answered(webhook, hook, kratos, answers)
