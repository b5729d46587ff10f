"""The headers of a webhook request, in the order in which Go's HTTP client writes them."""

import base64
import re
from typing import Any
from urllib.parse import unquote

from jsonnet_ctx.engine.go_headers import WRITTEN_BY_GO, canonical, cookie, valid_name, valid_value
from jsonnet_ctx.kratos.effect_rows import content_type_used
from jsonnet_ctx.kratos.receiver_rows import own_headers
from jsonnet_ctx.project.webhook import WebHook

PLACEHOLDER_ID = "00000000-0000-4000-8000-000000000000"
"""Stands for the random ids of ``Ory-Webhook-Request-Id`` (new for every attempt) and ``…-Trigger-Id``."""

_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:(?P<user>[^/?#@]*)@)?(?P<host>[^/?#]*)")
_SCHEMES = frozenset({"http", "https"})
_SENDS_EMPTY_LENGTH = frozenset({"POST", "PUT", "PATCH"})

Settings = dict[str, list[str]]


def refused_method(webhook: WebHook) -> str | None:
    """Return Go's words for a method that is none; then Kratos makes no request and asks no template."""
    if not webhook.method or valid_name(webhook.method):
        return None
    return f'net/http: invalid method "{webhook.method}"'


def refused_call(webhook: WebHook) -> str | None:
    """Return Go's words for what it does not send: a header, or a URL of another scheme; None where all is fine."""
    scheme = webhook.url.partition("://")[0].lower() if "://" in webhook.url else None
    if scheme is not None and scheme not in _SCHEMES:
        return f'unsupported protocol scheme "{scheme}"'
    return _refused_header(webhook)


def _refused_header(webhook: WebHook) -> str | None:
    for name, value in webhook.headers:
        if not valid_name(name):
            return f'net/http: invalid header field name "{name}"'
        if not valid_value(value):
            return f'net/http: invalid header field value for "{canonical(name)}"'
    return None


def header_settings(webhook: WebHook, kratos: str) -> Settings:
    """Return what the config sets: canonical names, a Content-Type, and ``auth`` on top of all (rows hdr.*, auth.*)."""
    settings: Settings = {}
    for name, value in webhook.headers:
        settings.setdefault(canonical(name), []).append(value)
    settings["Content-Type"] = [content_type_used(webhook.content_type, kratos)]
    _add_auth(settings, webhook.auth or {})
    user = _authority(webhook.url, "user")
    if user and not any(settings.get("Authorization", [])):
        name, _, password = user.partition(":")
        settings["Authorization"] = [_basic(unquote(name), unquote(password))]
    return settings


def wire_headers(webhook: WebHook, settings: Settings, body: bytes | None, kratos: str) -> tuple[tuple[str, str], ...]:
    """Return all headers in wire order: Host, User-Agent, Content-Length, the sorted rest, Accept-Encoding.

    Configured values for the names Go writes itself are dropped, but for User-Agent, where an
    empty one means none (behaviours.json rows hdr.custom, method.head, method.trace).
    """
    sent = {name: values for name, values in settings.items() if name not in WRITTEN_BY_GO}
    if webhook.emit_analytics_event:
        sent |= {name: [PLACEHOLDER_ID] for name in own_headers(kratos)}
    first = [("Host", _authority(webhook.url, "host"))]
    agent = settings.get("User-Agent", ["Go-http-client/1.1"])[0]
    if agent:
        first.append(("User-Agent", agent))
    if body or (body is not None and webhook.method in _SENDS_EMPTY_LENGTH):
        first.append(("Content-Length", str(len(body))))
    rest = [(name, value.strip()) for name in sorted(sent) for value in sent[name]]
    return (*first, *rest, *_encoding(webhook, sent))


def _encoding(webhook: WebHook, sent: Settings) -> tuple[tuple[str, str], ...]:
    # Go asks for gzip itself unless the request has a say in it; never for HEAD (row method.head).
    asked = any(sent.get("Accept-Encoding", [])) or any(sent.get("Range", []))
    return () if asked or webhook.method == "HEAD" else (("Accept-Encoding", "gzip"),)


def _add_auth(settings: Settings, auth: dict[str, Any]) -> None:
    given = auth.get("config")
    config: dict[str, Any] = given if isinstance(given, dict) else {}
    if auth.get("type") == "basic_auth":
        settings["Authorization"] = [_basic(_text(config, "user"), _text(config, "password"))]
    elif auth.get("type") == "api_key":
        name, value = _text(config, "name"), _text(config, "value")
        if config.get("in") == "cookie":
            before = settings.get("Cookie", [])
            settings["Cookie"] = ["; ".join([*before[:1], cookie(name, value)])]
        else:
            settings[canonical(name)] = [value]


def _authority(url: str, part: str) -> str:
    match = _AUTHORITY.match(url)
    return (match[part] or "") if match else ""


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _text(config: dict[str, Any], key: str) -> str:
    value = config.get(key)
    return value if isinstance(value, str) else ""
