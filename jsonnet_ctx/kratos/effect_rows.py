"""What Kratos shows and keeps when a hook succeeds or fails: look-ups in the catalog's effect rows."""

from typing import Literal

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import within
from jsonnet_ctx.records import Frozen

Client = Literal["api", "browser", "spa"]
Cause = Literal["success", "error", "bad-gateway", "messages", "disabled", "panic", "timeout"]

CLIENTS: tuple[Client, ...] = ("api", "browser", "spa")


class ClientView(Frozen):
    """What a client gets for the request that ran the hook.

    ``status`` is the HTTP status (None: the connection closes without a response), ``shows`` what
    the body or the redirect is: ``flow``, ``redirect``, ``redirect-required``, ``error``,
    ``error-and-flow`` (two JSON documents, one after the other), ``error-page`` (a redirect to the
    error UI), ``form`` (the flow with messages), ``new-flow``, ``nothing``. ``code`` is the code
    inside the error, ``message`` what replaces the hook's own error text.
    """

    status: int | None
    shows: str
    code: int | None = None
    error_status: str | None = None
    error_id: str | None = None
    reason: str | None = None
    message: str | None = None
    evidence: tuple[str, ...] = ()


class Storage(Frozen):
    """What an after hook's flow stores: ``what`` is ``identity``, ``change``, ``session``, ``address`` or None.

    ``stored_on_failure`` tells whether it is there although the hook failed; ``on_success`` and
    ``on_failure`` are the words for people.
    """

    what: str | None
    stored_on_failure: bool
    on_success: str
    on_failure: str


def client_view(hook: HookPoint, client: Client, cause: Cause, kratos: str) -> ClientView:
    """Return what this client gets at this hook for this cause (behaviours.json rows: ``evidence``)."""
    facts = {"flow": hook.flow, "method": hook.method, "clients": client}
    row = next(
        row
        for row in catalog("effects")
        if row["cause"] == cause
        and row.get("phase") in (None, hook.phase)
        and all(key not in row or value in row[key] for key, value in facts.items())
        and within(kratos, row.get("since"), row.get("until"))
    )
    return ClientView(
        status=row["status"],
        shows=row["shows"],
        code=row.get("code"),
        error_status=row.get("error_status"),
        error_id=row.get("error_id"),
        reason=row.get("reason"),
        message=row.get("message"),
        evidence=tuple(row["evidence"]),
    )


def storage(hook: HookPoint) -> Storage:
    """Return what the hook's flow stores and whether a failing hook comes too late to stop it."""
    row = next(
        row
        for row in catalog("effects_stored")
        if row["phase"] == hook.phase
        and row.get("flow") in (None, hook.flow)
        and ("persist" not in row or hook.persist in row["persist"])
    )
    return Storage(row["what"], row["stored_on_failure"], row["on_success"], row["on_failure"])


def failure_text(failure: str) -> str | None:
    """Return Kratos' words for a failure that is not the engine's own, None where it has none.

    ``{path}``, ``{uri}`` and ``{byte}`` stand for what the template's address says.
    """
    return next((str(row["message"]) for row in catalog("effects_texts") if row["failure"] == failure), None)


def loses_its_error(failure: str) -> bool:
    """Tell whether this failure is sometimes an empty webhook and a success: the evaluator dies (row limit.ctx-70k)."""
    return any(row.get("races", False) for row in catalog("effects_texts") if row["failure"] == failure)


class Wording(Frozen):
    """How Kratos words a trait that breaks its schema: the message's ``id`` and its ``text`` with placeholders."""

    id: int
    text: str


def schema_wording(keyword: str) -> Wording:
    """Return the wording for a JSON Schema keyword (rows resp.200.patch.reg.partial-traits and its neighbours)."""
    rows = catalog("effects_validation")
    row = next((row for row in rows if row["keyword"] == keyword), rows[-1])
    return Wording(row["id"], row["text"])


def content_type_used(configured: str | None, kratos: str) -> str:
    """Return the Content-Type that counts: ``application/json`` for none, and for an empty one where it counts as none.

    From v25.4.0 on an empty one does (behaviours.json rows ct.missing, ct.empty).
    """
    for row in catalog("effects_content_type"):
        if row["configured"] == configured and within(kratos, row.get("since"), row.get("until")):
            return str(row["content_type"])
    return configured or ""
