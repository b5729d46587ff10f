"""``request`` and ``effect``: what leaves for the receiver, and what the person gets of it."""

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from jsonnet_ctx.cases.case import Check, Ran
from jsonnet_ctx.cases.mismatch import Mismatch
from jsonnet_ctx.cases.refuse import require, require_words, wrong
from jsonnet_ctx.cases.same import same, shown
from jsonnet_ctx.cases.secret import HIDDEN, HIDDEN_TEXT, without_password, without_secret
from jsonnet_ctx.project.entry import Entry

if TYPE_CHECKING:
    from jsonnet_ctx.engine.request import Request

REQUEST_WORDS = ("method", "url", "headers", "body")
EFFECT_WORDS = (
    "webhook_sent",
    "flow_continues",
    "client_status",
    "client_message",
    "stored",
    "later_hooks_run",
    "summary",
)


def read_request(entry: Entry) -> Check:
    """``{method, url, headers, body}``: headers are a subset, names in any case; a body that is no text is JSON."""
    require_words(entry, REQUEST_WORDS, "request")
    if not entry.value:
        raise wrong(entry, "request demands nothing", hint=f"say {', '.join(REQUEST_WORDS)}")
    for word in ("method", "url"):
        if (child := entry.get(word)) is not None:
            require(child, "string", f"request.{word}")
    headers = entry.get("headers")
    wanted = {} if headers is None else dict(_headers(headers))
    return partial(_check_request, entry.mapping, wanted)


def read_effect(entry: Entry) -> Check:
    """``{client_status, stored, …}``: each word is a fact of ``eval --print effect --format json``."""
    require_words(entry, EFFECT_WORDS, "effect")
    if not entry.value:
        raise wrong(entry, "effect demands nothing", hint=f"say {', '.join(EFFECT_WORDS)}")
    for word, child in entry.fields():
        if word in ("client_message", "summary", "client_status"):
            continue
        require(child, "boolean", f"effect.{word}")
    return partial(_check_effect, entry.mapping)


def _headers(entry: Entry) -> Iterator[tuple[str, str | None]]:
    require(entry, "object", "request.headers")
    for name, child in entry.fields():
        if isinstance(child.value, dict | list):
            raise wrong(child, f"the value of the header {name} is a text, not {child.type_name}")
        value = child.value
        yield name, value if isinstance(value, str | None) else json.dumps(value)


def _check_request(wanted: dict[str, Any], headers: dict[str, str | None], ran: Ran) -> Iterator[Mismatch]:
    if ran.case.unwired is not None:
        yield unwired("request", "one that leaves", ran)
        return
    unknown = [word for word in ("method", "url") if word in wanted] if ran.case.webhook is None else []
    for word in unknown:
        hint = "add webhook: {url, method, headers} to the case file, or config to the settings"
        yield Mismatch(f"request.{word}", wanted[word], "not known: no config wires this template here", note=hint)
    request = ran.request
    if request is None:
        yield Mismatch("request", "one that leaves", f"none: {_why_none(ran)}")
        return
    if not unknown:
        for word, actual in (("method", request.method), ("url", request.url)):
            if word in wanted and wanted[word] != actual:
                yield Mismatch(f"request.{word}", *without_password(wanted[word], actual))
    for name, value in headers.items():
        sent = request.header(name)
        if sent != value:
            texts = without_secret(name, value, sent, ran.case.webhook)
            yield Mismatch(f"request.headers.{name}", *texts, note=HIDDEN if HIDDEN_TEXT in texts else None)
    if "body" in wanted:
        yield from _check_body(wanted["body"], request)


def _check_body(wanted: Any, request: "Request") -> Iterator[Mismatch]:
    text = None if request.body is None else request.body.decode(errors="replace")
    if isinstance(wanted, str) or wanted is None or text is None:
        if wanted != text:
            yield Mismatch("request.body", shown(wanted), shown(text))
        return
    try:
        actual = json.loads(text)
    except ValueError:
        yield Mismatch("request.body", shown(wanted), f"no JSON: {shown(text)}")
        return
    if not same(wanted, actual):
        yield Mismatch("request.body", shown(wanted), shown(actual))


def unwired(what: str, wanted: str, ran: Ran) -> Mismatch:
    """What cannot be known where no action of the config sends the template."""
    said, hint = ran.case.unwired or ("", "")
    return Mismatch(what, wanted, f"not known: {said}", note=hint)


def _why_none(ran: Ran) -> str:
    return ran.effect.summary


def _check_effect(wanted: dict[str, Any], ran: Ran) -> Iterator[Mismatch]:
    if ran.case.unwired is not None:
        yield unwired("effect", shown(wanted), ran)
        return
    actual = ran.effect.as_json()
    for word, value in wanted.items():
        if not same(value, actual[word]):
            note = _status_words(ran) if word == "client_status" else ran.effect.summary
            yield Mismatch(f"effect.{word}", shown(value), shown(actual[word]), note=note)


def _status_words(ran: Ran) -> str:
    """The summary; it names the code of the error, which is not always the status of the answer that holds it."""
    effect = ran.effect
    if effect.client_code in (None, effect.client_status) or effect.client_status is None:
        return effect.summary
    return f"{effect.summary} (HTTP {effect.client_status}, with the error {effect.client_code} in the body)"
