"""What the password migration hook returns inside Kratos: the password matches, does not, or nobody can tell."""

from collections.abc import Sequence

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.delivery import deliver
from jsonnet_ctx.engine.failure_words import failure_words
from jsonnet_ctx.engine.go_decode import GoJsonError, read_json
from jsonnet_ctx.engine.hook_result import FormMessage, HookResult
from jsonnet_ctx.engine.outcome import Cancelled, Outcome, Rendered
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import replace

MATCH = Answer(body=b'{"status": "password_match"}')
"""The answer that lets the person in."""

_READ_BYTES = 1024
_WRONG_PASSWORD = FormMessage(
    None,
    4000006,
    "error",
    "The provided credentials are invalid, check for spelling mistakes in your password or username, email address, "
    "or phone number.",
)
_UNREACHABLE = "A third-party upstream service could not be reached. Please try again later."


def run_migration(webhook: WebHook, outcome: Outcome | Unreadable, answers: Sequence[Answer]) -> HookResult:
    """Return what the hook does with this outcome and these answers.

    ``error "cancel"`` is no cancel here, and without a body Kratos sends identifier and password
    as they are. Only 200 with ``{"status": "password_match"}`` lets the person in; 403 and any
    other 200 are a wrong password (source: selfservice/hook/password_migration_hook.go).
    """
    if isinstance(outcome, Cancelled):
        return HookResult("error", "request cancel by JsonNet")
    raw = isinstance(outcome, Unreadable) and outcome.kind == "missing-body"
    if not raw and not isinstance(outcome, Rendered):
        return HookResult("error", failure_words(outcome))
    delivery = deliver(webhook, answers)
    sent = HookResult(attempts=delivery.attempts, requests=delivery.requests)
    if delivery.answer is None:
        return replace(
            sent, cause="bad-gateway", error="calling the password migration hook failed", reason=_UNREACHABLE
        )
    status = delivery.answer.status
    if status == 200 and _matches(delivery.body[:_READ_BYTES]):
        return sent
    if status in (200, 403):
        return replace(sent, cause="messages", error=_WRONG_PASSWORD.text, messages=(_WRONG_PASSWORD,))
    return replace(sent, cause="bad-gateway", error=f"password migration hook failed with status code {status}")


def _matches(body: bytes) -> bool:
    try:
        document = read_json(body, stream=True)
    except GoJsonError:
        return False
    return isinstance(document, dict) and document.get("status") == "password_match"
