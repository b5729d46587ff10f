"""What sends the template of a case: ``webhook`` of the case file, else the actions of the Kratos config."""

from jsonnet_ctx.cases.around import Around, Source, shown_path
from jsonnet_ctx.cases.refuse import require_words, wrong
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.web_hook_action import check_webhook, read_webhook
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen

WORDS = ("url", "method", "headers", "auth", "can_interrupt", "response")
# What Kratos requires of an action and a case can do without.
_MAY_MISS = ("missing-key",)
# What is evaluated or judged of a template; TRACE asks none.
_EVALUATED = ("payload", "contains", "paths", "snapshot", "schema", "cancelled", "failed")


class Sender(Frozen):
    """What sends the template at one hook point; the fields are those of a Case."""

    webhook: WebHook | None = None
    actions: tuple[tuple[str, WebHook], ...] = ()
    unwired: tuple[str, str] | None = None


def read_webhook_words(entry: Entry, expect: Entry) -> WebHook:
    """The action; its words are those of ``config`` in a Kratos action. Raises FileError with the nearest word.

    Headers alone may stand there, but what says anything about a request needs a ``url``, as in Kratos.
    """
    require_words(entry, WORDS, "webhook")
    for problem in check_webhook(entry, "", required=False):
        if problem.slug not in _MAY_MISS or "auth" in problem.message:
            raise FileError(problem.message.replace("config.", "webhook."), problem.location, hint=problem.hint)
    if "url" not in entry.mapping and ({"method", "auth"} & entry.mapping.keys() or "request" in expect.mapping):
        raise wrong(entry, "webhook has no url, without which kratos does not start", hint="add url: https://…")
    return read_webhook(entry)


def sender_at(source: Source, around: Around, hook: HookPoint, kratos: str) -> Sender:
    """What the Kratos config says of a hook point; nothing where there is no config."""
    found = source.bindings_at(around, hook, kratos)
    if found:
        actions = tuple((binding.address, binding.webhook) for binding in found)
        return Sender(found[0].webhook, actions if len(actions) > 1 else ())
    config = source.path if source.address else around.settings.config
    if config is None:
        return Sender()
    near = source.binding_near(around, hook, kratos)
    what = source.address or "this template"
    said = f"no action of {shown_path(config)} sends {what} at {hook.id}"
    hooks = dict.fromkeys(at.id for binding in source.bindings(around, kratos) for at in binding.hooks)
    where = f"it is sent at {', '.join(hooks)}; " if hooks else ""
    return Sender(near.webhook if near else None, (), (said, f"{where}or say webhook: {{url, method}} in the case"))


def require_evaluated(sender: Sender, expect: Entry) -> None:
    """Raise FileError at what a case expects of a template that Kratos does not evaluate."""
    webhooks = [webhook for _, webhook in sender.actions] + ([sender.webhook] if sender.webhook else [])
    if sender.unwired or not any(webhook.method == "TRACE" for webhook in webhooks):
        return
    words = [entry for word, entry in expect.fields() if word in _EVALUATED]
    size = expect.get("under", "bytes")
    for entry in (*words, *([size] if size else [])):
        raise wrong(entry, "kratos sends TRACE without evaluating the template", hint="expect a request or an effect")
    if isinstance(expect.value, str):
        raise wrong(expect, "kratos sends TRACE without evaluating the template", hint="expect a request or an effect")
