"""``webhook`` in a case file: the config of the action that sends the template, where no Kratos config says it."""

from jsonnet_ctx.cases.refuse import require_words
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.web_hook_action import check_webhook, read_webhook
from jsonnet_ctx.project.webhook import WebHook

WORDS = ("url", "method", "headers", "auth", "can_interrupt", "response")
# What Kratos requires of an action and a case can do without.
_MAY_MISS = ("missing-key",)


def read_webhook_words(entry: Entry) -> WebHook:
    """The action; its words are those of ``config`` in a Kratos action. Raises FileError with the nearest word."""
    require_words(entry, WORDS, "webhook")
    for problem in check_webhook(entry, "", required=False):
        if problem.slug not in _MAY_MISS or "auth" in problem.message:
            raise FileError(problem.message.replace("config.", "webhook."), problem.location, hint=problem.hint)
    return read_webhook(entry)
