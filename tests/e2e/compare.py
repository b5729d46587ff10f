"""What a server did, held against what ``eval`` says it does."""

import json
from typing import Any

from behaviours import EMAIL, Behaviour
from found_kratos import FoundKratos
from harness import Project
from receiver import Received, Receiver, receiving
from server import CONFIG_NAME, Seen, serving, submit, write_config

_OWN = ("Ory-Webhook-Request-Id", "Ory-Webhook-Trigger-Id", "Host")


def differences(kratos: FoundKratos, project: Project, behaviour: Behaviour) -> list[str]:
    """Run a behaviour on a server and through ``eval``; every difference as a line."""
    with receiving() as receiver:
        receiver.status, receiver.body = behaviour.status, behaviour.answer.encode()
        config = write_config(project.root, behaviour, receiver.url)
        with serving(kratos, config) as server:
            seen = submit(server, behaviour)
    told = _told(project, behaviour, kratos.version)
    return [*_of_request(receiver, told), *_of_client(seen, told)]


def _told(project: Project, behaviour: Behaviour, version: str) -> Any:
    project.write({"answer.json": {"status": behaviour.status, "body": behaviour.answer}})
    result = project.run(
        "eval",
        f"{CONFIG_NAME}::{behaviour.hooks}[0]",
        *("--kratos", version, "--client", "api", "--response", "answer.json"),
        *("--given", f"identity.traits.email={json.dumps(EMAIL)}"),
        *("--format", "json", "--print", "effect"),
    )
    assert result.code in (0, 1), result.err
    return result.json()


def _of_request(receiver: Receiver, told: Any) -> list[str]:
    request, effect = told["request"], told["effect"]
    # A hook that is ignored runs beside the answer, so its request may come after it.
    found = _unequal("requests", len(receiver.received), effect["requests"])
    if receiver.received and request:
        (first, *_) = receiver.received
        found += _unequal("method", first.method, request["method"])
        found += _unequal("headers", _headers(first), sorted(map(tuple, _named(request["headers"]))))
        found += _unequal("body", first.body.decode(), request["body"])
    return found


def _headers(received: Received) -> list[tuple[str, str]]:
    return sorted(_named(received.headers))


def _named(headers: Any) -> list[tuple[str, str]]:
    """Headers without what differs from call to call; of those only that they are there."""
    return [(name, "…" if name in _OWN else value) for name, value in headers]


def _of_client(seen: Seen, told: Any) -> list[str]:
    effect = told["effect"]
    found = _unequal("status", seen.status, effect["client_status"])
    found += _unequal("stored", seen.stored, effect["stored"])
    error = seen.document.get("error") if isinstance(seen.document, dict) else None
    if effect["client_shows"] == "form":
        shown = [
            {"node": node["attributes"]["name"], **{key: said[key] for key in ("id", "type", "text")}}
            for node in seen.document["ui"]["nodes"]
            for said in node["messages"]
        ]
        return found + _unequal("messages", shown, effect["messages"])
    found += _unequal("message", error and error["message"], effect["client_message"])
    return found + _unequal("code", error and error["code"], effect["client_code"])


def _unequal(what: str, server: object, ours: object) -> list[str]:
    return [] if server == ours else [f"{what}: the server {server!r}, eval {ours!r}"]
