"""One ``hook: web_hook`` action of a config as a WebHook, with everything that is wrong in it."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.config_keys import config_keys
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.key_check import check_keys, nearest_hint, refused, wrong_type
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.project.webhook import WebHook


def read_webhook(config: Entry) -> WebHook:
    """Return the WebHook of an action's ``config``; values of a wrong type count as not given."""
    value = config.mapping
    response = value.get("response") if isinstance(value.get("response"), dict) else {}
    headers = value.get("headers") if isinstance(value.get("headers"), dict) else {}
    return WebHook(
        url=_text(value.get("url"), ""),
        method=_text(value.get("method"), "POST"),
        headers=tuple((name, text) for name, text in (headers or {}).items() if isinstance(text, str)),
        auth=value["auth"] if isinstance(value.get("auth"), dict) else None,
        body=value["body"] if isinstance(value.get("body"), str) else None,
        can_interrupt=value.get("can_interrupt") is True,
        ignore=(response or {}).get("ignore") is True,
        parse=(response or {}).get("parse") is True,
        emit_analytics_event=value.get("emit_analytics_event") is not False,
        content_type_at=_content_type_at(config.get("headers")),
    )


def _content_type_at(headers: Entry | None) -> Location | None:
    fields = headers.fields() if headers is not None else ()
    return next((entry.location for name, entry in fields if name.lower() == "content-type"), None)


def check_action(action: Entry, address: str) -> Iterator[Problem]:
    """Yield what Kratos's config schema refuses in ``{"hook": "web_hook", "config": {…}}``.

    Evidence: behaviours.json rows cfg.* and the config schema's ``selfServiceWebHook``.
    """
    for key, child in action.fields():
        if key not in {"hook", "config"}:
            message = f"the action has the unknown key {key!r}"
            hint = "it belongs under config" if key in config_keys()["action_keys"] else None
            yield refused("unknown-key", message, child, address=address, hint=hint)
    config = action.get("config")
    if config is None:
        yield refused("missing-key", "the action has no config", action, address=address, hint="add config")
        return
    problem = wrong_type(config, "object", "config", address=address)
    if problem is not None:
        yield problem
        return
    yield from check_webhook(config, address)


def check_webhook(config: Entry, address: str, *, required: bool = True) -> Iterator[Problem]:
    """Yield what is wrong in an action's ``config`` object."""
    keys = config_keys()
    rows: dict[str, Any] = keys["action_keys"]
    if not required:
        rows = {key: {**row, "required": key == "url"} for key, row in rows.items()}
    yield from check_keys(config, rows, "config", address=address)
    if config.value_at("url") == "":
        yield refused("wrong-shape", "config.url is empty", config.get("url") or config, address=address)
    for name, value in (config.get("headers") or config).fields() if config.get("headers") else ():
        header_problem = wrong_type(value, "string", f"header {name}", address=address)
        if header_problem is not None:
            yield header_problem
    response = config.get("response")
    if response is not None:
        yield from check_keys(response, keys["response_keys"], "config.response", address=address)
        yield from _conflicts(config, response, address)
    auth = config.get("auth")
    if auth is not None and isinstance(auth.value, dict):
        yield from _check_auth(auth, address)


def _conflicts(config: Entry, response: Entry, address: str) -> Iterator[Problem]:
    """Rows cfg.ignore-and-parse and cfg.ignore-and-can_interrupt."""
    if response.value_at("ignore") is not True:
        return
    hint = "drop response.ignore where the answer counts, or the other flag where it does not"
    if response.value_at("parse") is True:
        message = "response.ignore and response.parse exclude each other"
        yield refused("conflicting-flags", message, response, address=address, hint=hint)
    if config.value_at("can_interrupt") is True:
        message = "response.ignore and can_interrupt exclude each other"
        yield refused("conflicting-flags", message, response, address=address, hint=hint)


def _check_auth(auth: Entry, address: str) -> Iterator[Problem]:
    """Config schema: api_key needs name, value, in; basic_auth needs user, password."""
    kinds = config_keys()["auth_keys"]
    kind = auth.value_at("type")
    if not isinstance(kind, str) or kind not in kinds:
        said = "has no type" if "type" not in auth.mapping else f"has the unknown type {kind!r}"
        hint = nearest_hint(kind, kinds) if isinstance(kind, str) else None
        message = f"config.auth {said} (api_key or basic_auth)"
        yield refused("wrong-shape", message, auth.get("type") or auth, address=address, hint=hint)
        return
    rows = {"type": {"type": "string", "required": True}, "config": {"type": "object", "required": True}}
    yield from check_keys(auth, rows, "config.auth", address=address)
    inner = auth.get("config")
    if inner is not None and isinstance(inner.value, dict):
        yield from check_keys(inner, kinds[kind], "config.auth.config", address=address)


def _text(value: Any, default: str) -> str:
    return value if isinstance(value, str) else default
