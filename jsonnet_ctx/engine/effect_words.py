"""The effect of a hook in one sentence for people."""

from jsonnet_ctx.engine.hook_result import HookResult
from jsonnet_ctx.engine.outcome import Failed, Outcome
from jsonnet_ctx.engine.request import FORM
from jsonnet_ctx.kratos.effect_rows import ClientView, Storage, content_type_used, loses_its_error
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook

_EMPTY_WEBHOOK = "now and then the webhook is sent with an empty body instead and counts as success"
_EMPTY_FORM = "now and then the error is unexpected end of JSON input instead"


def summary_of(
    result: HookResult, seen: HookResult, view: ClientView, kept: Storage, stored: bool, race: str | None
) -> str:
    """Say what the person sees, what is stored and whether the webhook is sent, parted by semicolons.

    ``result`` is what the hook came to, ``seen`` what of it reaches the client.
    """
    ignored = result.error is not None and seen.error is None and seen.cause == "success"
    parts = [
        "the person notices nothing" if ignored else _person(seen, view),
        _kept(seen, kept, stored),
        _webhook(result),
        "the log has a warning" if ignored else "",
        race or "",
    ]
    return "; ".join(part for part in parts if part)


def may_happen(webhook: WebHook, outcome: Outcome | Unreadable, kratos: str) -> str | None:
    """Say what happens instead, now and then, when the evaluator dies; None where nothing does.

    Its error races with its closed output (behaviours.md section 6, rows limit.ctx-70k-repeat-*,
    limit.oom-repeat-*, limit.oom-form-repeat-*).
    """
    if webhook.method == "TRACE" or not isinstance(outcome, Failed) or not loses_its_error(outcome.error.kind):
        return None
    return _EMPTY_FORM if content_type_used(webhook.content_type, kratos) == FORM else _EMPTY_WEBHOOK


def _person(seen: HookResult, view: ClientView) -> str:
    if seen.cause == "success":
        return "the flow continues"
    if view.status is None:
        return "the person's connection closes without a response"
    if view.shows == "form":
        texts = " ".join(f'"{message.text}"' for message in seen.messages if message.text)
        return f"the person sees the form again: {texts}" if texts else "the person sees the form again"
    if view.shows == "new-flow":
        return "the person has to start again"
    return f"the person sees an error {view.code}"


def _kept(seen: HookResult, kept: Storage, stored: bool) -> str:
    came_through = seen.cause == "success" or (stored and not kept.stored_on_failure)
    return kept.on_success if came_through else kept.on_failure


def _webhook(result: HookResult) -> str:
    if result.attempts == 0:
        return "no webhook is sent"
    if result.requests == 0:
        return f"the webhook reaches nobody in {result.attempts} attempts"
    return "the webhook is sent" if result.attempts == 1 else f"the webhook is sent {result.attempts} times"
