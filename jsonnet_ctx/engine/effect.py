"""What a hook does to the person: what the client sees, what is stored, what is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.effect_words import may_happen, summary_of
from jsonnet_ctx.engine.hook_result import FormMessage, HookResult
from jsonnet_ctx.engine.hook_run import run_hook
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client, ClientView, client_view, storage
from jsonnet_ctx.kratos.hook_point import HookPoint, parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen, field, replace

_SUCCEEDED = "Webhook request succeeded"
_FAILED = "Webhook request failed"
_IGNORED = (
    "Webhook request failed but the error was ignored because the configuration indicated that the upstream "
    "response should be ignored"
)
_SAVES_PATCH = frozenset({"registration", "settings"})


class Effect(Frozen):
    """What one run of a hook means for the person, the identity and the receiver.

    ``webhook_sent`` tells whether a request reached a receiver, ``attempts`` how often Kratos tried,
    ``requests`` how many requests arrived (redirects included). ``client_status`` is the HTTP status
    of the request that ran the hook (None: the connection closes), ``client_shows`` what comes with
    it (see ClientView), ``client_code``, ``client_message`` and ``client_reason`` the error inside,
    ``messages`` what the form shows. ``stored`` tells whether the flow's own ``stored_what``
    (``identity``, ``change``, ``session``, ``address``; None at a before hook) is there afterwards;
    ``patch`` are the identity fields saved from the answer. ``log_*`` is Kratos' log line of the
    hook. ``may_happen`` says what a race makes of it now and then.
    """

    webhook_sent: bool
    flow_continues: bool
    client_status: int | None
    client_message: str | None
    stored: bool
    later_hooks_run: bool
    summary: str
    attempts: int = 0
    requests: int = 0
    client_shows: str = "flow"
    client_code: int | None = None
    client_reason: str | None = None
    messages: tuple[FormMessage, ...] = ()
    stored_what: str | None = None
    patch: Mapping[str, Any] = field(default_factory=dict)
    log_level: str = "info"
    log_message: str = _SUCCEEDED
    log_error: str | None = None
    may_happen: str | None = None

    @property
    def connection_closed(self) -> bool:
        """True where the client's connection closes without a response."""
        return self.client_status is None

    def as_json(self) -> dict[str, Any]:
        """The effect as the JSON report writes it."""
        names = ("webhook_sent", "flow_continues", "client_status", "client_message", "stored", "later_hooks_run")
        return {**{name: getattr(self, name) for name in names}, "summary": self.summary}

    def details(self) -> dict[str, Any]:
        """What ``eval --format json --print effect`` adds: attempts, what is shown, messages, patch, the log."""
        names = ("attempts", "requests", "client_shows", "client_code", "client_reason", "stored_what", "may_happen")
        return {
            **{name: getattr(self, name) for name in names},
            "messages": [
                {"node": said.node, "id": said.id, "type": said.type, "text": said.text} for said in self.messages
            ],
            "patch": dict(self.patch),
            "log": {"level": self.log_level, "message": self.log_message, "error": self.log_error},
        }


def effect_of(
    webhook: WebHook,
    outcome: Outcome | Unreadable,
    *,
    hook: HookPoint | str,
    client: Client = "api",
    kratos: str = LATEST,
    answer: Answer | Sequence[Answer] | None = None,
    identity_schema: Mapping[str, Any] | None = None,
) -> Effect:
    """Return what this outcome of the template does to the person at this hook.

    ``answer`` is what the receiver answers, or one answer for each request in turn; without one it
    is 200 with ``{}``, and a matching password from a password migration. ``identity_schema``
    decides whether patched traits fit. Raises UnknownName for a hook, client or version that there
    is not, UsageError for an unreadable body whose effect cannot be told from the files.
    """
    if client not in CLIENTS:
        raise UnknownName("client", client, CLIENTS)
    point = parse_hook_point(hook) if isinstance(hook, str) else hook
    version = parse_version(kratos)
    given = (answer,) if isinstance(answer, Answer) else tuple(answer or ())
    if point.id == "password_migration":
        from jsonnet_ctx.engine.migration_result import MATCH, run_migration

        result = run_migration(webhook, outcome, given or (MATCH,))
    else:
        result = run_hook(webhook, outcome, point, version, given or (Answer(),))
    seen = _settled(result, point, identity_schema) if not webhook.ignore else HookResult()
    view = client_view(point, client, seen.cause, version)
    return _effect(result, seen, view, point, webhook.ignore, may_happen(webhook, outcome, version))


def _settled(result: HookResult, hook: HookPoint, schema: Mapping[str, Any] | None) -> HookResult:
    """Return what the flow makes of the result: patched traits are validated, an inactive identity is turned away."""
    if result.cause != "success" or not _saves_patch(hook):
        return result
    if "traits" in result.patch:
        from jsonnet_ctx.engine.patched_traits import trait_complaints

        complaints = trait_complaints(result.patch["traits"], schema)
        if complaints:
            return replace(result, cause="messages", messages=complaints, patch={})
    if hook.flow == "registration" and result.patch.get("state") == "inactive":
        return replace(result, cause="disabled", error="identity is disabled")
    return result


def _saves_patch(hook: HookPoint) -> bool:
    return hook.phase == "after" and hook.flow in _SAVES_PATCH


def _effect(
    result: HookResult, seen: HookResult, view: ClientView, hook: HookPoint, ignore: bool, race: str | None
) -> Effect:
    continues = seen.cause == "success"
    kept = storage(hook)
    # The identity is disabled only after it was stored (row resp.200.patch.reg.parse).
    stored = kept.what is not None and (continues or kept.stored_on_failure or seen.cause == "disabled")
    return Effect(
        webhook_sent=result.requests > 0,
        flow_continues=continues,
        client_status=view.status,
        client_message=_client_message(view, seen),
        stored=stored,
        later_hooks_run=continues,
        summary=summary_of(result, seen, view, kept, stored, race),
        attempts=result.attempts,
        requests=result.requests,
        client_shows=view.shows,
        client_code=view.code,
        client_reason=seen.reason or view.reason,
        messages=seen.messages if view.shows == "form" else (),
        stored_what=kept.what,
        patch=seen.patch if stored and _saves_patch(hook) else {},
        log_level=_log_level(result, ignore),
        log_message=_SUCCEEDED if result.error is None else _IGNORED if ignore else _FAILED,
        log_error=result.error,
        may_happen=race,
    )


def _client_message(view: ClientView, seen: HookResult) -> str | None:
    if view.shows == "form":
        return "; ".join(message.text for message in seen.messages)
    if view.code is None:
        return None
    return view.message or seen.error


def _log_level(result: HookResult, ignore: bool) -> str:
    if result.error is None:
        return "info"
    return "warning" if ignore else "error"
