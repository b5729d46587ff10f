"""One Kratos server for one test: its config, its start, and the flows that a native client goes through."""

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from behaviours import EMAIL, Behaviour
from found_kratos import FoundKratos

PASSWORD = "ohgh6Aix-uPh9Iex"
CONFIG_NAME = "kratos.json"
SCHEMA_NAME = "person.schema.json"

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0
_SCHEMA = {
    "$id": "https://example.org/person.schema.json",
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "properties": {
                "email": {
                    "type": "string",
                    "format": "email",
                    "ory.sh/kratos": {"credentials": {"password": {"identifier": True}}},
                }
            },
            "required": ["email"],
            "additionalProperties": False,
        }
    },
}


@dataclass(frozen=True)
class Seen:
    """What a native client got for the submission, and what the server kept."""

    status: int
    document: Any
    stored: bool


@dataclass(frozen=True)
class Server:
    """A running Kratos."""

    public: str
    admin: str


def write_config(folder: Path, behaviour: Behaviour, url: str) -> Path:
    """Write a config with one web_hook, its template in a file beside it, and the identity schema."""
    public, admin = _free_port(), _free_port()
    (folder / "webhook.jsonnet").write_text(behaviour.template, encoding="utf-8")
    (folder / SCHEMA_NAME).write_text(json.dumps(_SCHEMA), encoding="utf-8")
    webhook = {"url": url, "method": "POST", "body": f"file://{folder}/webhook.jsonnet", **behaviour.webhook}
    flow, phase, method = behaviour.hooks.split(".")
    config = {
        "dsn": "memory",
        "serve": {
            "public": {"base_url": f"http://127.0.0.1:{public}/", "host": "127.0.0.1", "port": public},
            "admin": {"base_url": f"http://127.0.0.1:{admin}/", "host": "127.0.0.1", "port": admin},
        },
        "selfservice": {
            "default_browser_return_url": f"http://127.0.0.1:{public}/",
            "methods": {"password": {"enabled": True, "config": {"haveibeenpwned_enabled": False}}},
            "flows": {flow: {phase: {method: {"hooks": [{"hook": "web_hook", "config": webhook}]}}}},
        },
        "identity": {
            "default_schema_id": "person",
            "schemas": [{"id": "person", "url": f"file://{folder}/{SCHEMA_NAME}"}],
        },
        "secrets": {"cookie": ["not-a-secret-but-long-enough-000"], "cipher": ["not-a-secret-but-32-long-0000000"]},
        "courier": {"smtp": {"connection_uri": "smtp://nobody:nothing@127.0.0.1:1/"}},
    }
    path = folder / CONFIG_NAME
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    return path


@contextmanager
def serving(kratos: FoundKratos, config: Path) -> Iterator[Server]:
    """The server of a config, from ready to stopped. Fails the test with its log where it does not start."""
    settings = json.loads(config.read_text(encoding="utf-8"))["serve"]
    server = Server(settings["public"]["base_url"].rstrip("/"), settings["admin"]["base_url"].rstrip("/"))
    command = [*kratos.command, "serve", "--dev", "--config", str(config)]
    environment = {**os.environ, "KRATOS_E2E_FOLDER": str(config.parent)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            if not _is_ready(server, process):
                log.seek(0)
                raise AssertionError(f"kratos does not start:\n{log.read().decode(errors='replace')[-4000:]}")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def submit(server: Server, behaviour: Behaviour) -> Seen:
    """Do what the behaviour's client does: log in, or register."""
    credentials = {"method": "password", "password": PASSWORD}
    if behaviour.action == "login":
        known = {"schema_id": "person", "traits": {"email": EMAIL}}
        known["credentials"] = {"password": {"config": {"password": PASSWORD}}}
        status, created = call(f"{server.admin}/admin/identities", known)
        assert status == 201, created
        given: dict[str, Any] = {**credentials, "identifier": EMAIL}
    else:
        given = {**credentials, "traits": {"email": EMAIL}}
    status, flow = call(f"{server.public}/self-service/{behaviour.action}/api")
    assert status == 200, flow
    status, document = call(flow["ui"]["action"], given)
    if behaviour.action == "login":
        return Seen(status, document, stored=isinstance(document, dict) and "session_token" in document)
    _, identities = call(f"{server.admin}/admin/identities")
    return Seen(status, document, stored=bool(identities))


def call(url: str, document: Any = None) -> tuple[int, Any]:
    """GET, or POST of a document; the status and the JSON of the answer, whatever the status is."""
    data = None if document is None else json.dumps(document).encode()
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=_START_SECONDS) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def _is_ready(server: Server, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if call(f"{server.admin}/health/ready")[0] == 200:
                return True
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
