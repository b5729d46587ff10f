"""The HTTP request that Kratos sends for an outcome, to the byte."""

from typing import Any

from jsonnet_ctx.engine.go_form import encode_form
from jsonnet_ctx.engine.outcome import Outcome, Rendered
from jsonnet_ctx.engine.request_headers import header_settings, refused_call, refused_method, wire_headers
from jsonnet_ctx.kratos.effect_rows import content_type_used
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen

FORM = "application/x-www-form-urlencoded"


class Request(Frozen):
    """One HTTP request. ``headers`` are in the order of the wire; ``body`` is None where none is sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    content_type: str

    def header(self, name: str) -> str | None:
        """Return the value of a header (name in any case), None where it is not sent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def as_json(self) -> dict[str, Any]:
        """The request as the JSON report writes it."""
        return {
            "method": self.method,
            "url": self.url,
            "headers": [list(pair) for pair in self.headers],
            "body": None if self.body is None else self.body.decode(errors="replace"),
        }


def request_of(webhook: WebHook, outcome: Outcome | Unreadable, *, kratos: str = LATEST) -> Request | None:
    """Return the request that leaves first, or None where nothing is sent.

    The body is Jsonnet's output verbatim, or the encoded form; method ``TRACE`` sends no body and
    asks no template (behaviours.json rows method.*, hdr.*, auth.*, json.*, ct.*). The ids in the
    ``Ory-Webhook-…`` headers are placeholders.
    """
    if refused_method(webhook) is not None or refused_call(webhook) is not None:
        return None
    if webhook.method == "TRACE":
        return _request(webhook, None, kratos)
    if not isinstance(outcome, Rendered):
        return None
    if content_type_used(webhook.content_type, kratos) == FORM:
        return _request(webhook, encode_form(outcome.payload), kratos)
    return _request(webhook, outcome.text.encode(), kratos)


def empty_request(webhook: WebHook, *, kratos: str = LATEST) -> Request:
    """Return the request that leaves when the evaluator dies and its error loses the race (row limit.ctx-70k)."""
    return _request(webhook, b"", kratos)


def _request(webhook: WebHook, body: bytes | None, kratos: str) -> Request:
    settings = header_settings(webhook, kratos)
    return Request(
        method=webhook.method,
        url=webhook.url,
        headers=wire_headers(webhook, settings, body, kratos),
        body=body,
        content_type=settings["Content-Type"][0],
    )
