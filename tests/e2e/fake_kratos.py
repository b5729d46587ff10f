"""A stand-in for the kratos binary, just big enough to exercise the tests that drive a real one.

It knows ``version``, ``jsonnet -0`` and ``serve --dev --config FILE``: native password logins and
registrations with one web_hook. ``--wrong body`` or ``--wrong status`` before them makes it err.
"""

import http.client
import json
import os
import subprocess
import sys
import urllib.parse
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from jsonnet_ctx.engine.launch import worker_command
from jsonnet_ctx.kratos.limits import limits_of

VERSION = "v26.2.0"
FORM = "application/x-www-form-urlencoded"
BAD_GATEWAY = "A third-party upstream service responded improperly. Please try again later."
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "GOMAXPROCS": "1"}

Reply = tuple[int, Any]


@dataclass
class State:
    """The only hook of the config, the identities made so far, and in which way to be wrong."""

    flow: str
    webhook: dict[str, Any]
    wrong: str
    identities: list[dict[str, Any]] = field(default_factory=list)

    @property
    def interrupts(self) -> bool:
        return bool(self.webhook.get("can_interrupt") or self.parses)

    @property
    def parses(self) -> bool:
        return bool(self.webhook.get("response", {}).get("parse"))


class HookError(Exception):
    """The hook failed: what the client gets."""

    def __init__(self, status: int, document: Any) -> None:
        super().__init__(status)
        self.status = status
        self.document = document


def failed(message: str, status: int = 400, code: int = 500, **more: str) -> HookError:
    return HookError(status, {"error": {"code": code, "message": message, **more}})


def evaluate(uri: str, ctx: Any) -> str:
    """Ask a child in the worker protocol, as Kratos asks its own."""
    text = Path(uri.removeprefix("file://")).read_text(encoding="utf-8")
    value = json.dumps(ctx, ensure_ascii=False) + "\n"
    message = {"Filename": uri, "Snippet": text, "TLACodes": [{"Key": "ctx", "Value": value}]}
    command = [sys.executable, __file__, "jsonnet", "-0"]
    done = subprocess.run(command, input=json.dumps(message).encode() + b"\0", stdout=subprocess.PIPE, check=True)
    return done.stdout.removesuffix(b"\0").decode()


def run_hook(state: State, ctx: Any) -> None:
    """Evaluate, send, and judge the answer. Raises HookError."""
    content_type = state.webhook.get("headers", {}).get("Content-Type", "application/json")
    if content_type not in ("application/json", FORM):
        raise failed("invalid config - incorrect Content-Type for request with body")
    text = evaluate(state.webhook["body"], ctx)
    if text.startswith("ERROR: "):
        if "RUNTIME ERROR: cancel" in text and content_type != FORM:
            return
        raise failed(f"jsonnetsecure: {text}")
    status, answer = send(state, content_type, text if content_type != FORM else form(text))
    if status >= 400 and not state.interrupts:
        message = f"webhook failed with status code {status}"
        raise failed(message, 502, 502, reason=BAD_GATEWAY)
    if status >= 400:
        raise refused(json.loads(answer))
    if state.parses:
        try:
            json.loads(answer)
        except ValueError:
            where = "webhook response could not be unmarshalled properly from JSON"
            raise failed(f"{where}: invalid character 'o' looking for beginning of value") from None


def refused(answer: Any) -> HookError:
    if not answer.get("messages"):
        return failed("error while parsing webhook response: got no validation errors")
    nodes = [
        {
            "attributes": {"name": group["instance_ptr"].removeprefix("#/").replace("/", ".")},
            "messages": group["messages"],
        }
        for group in answer["messages"]
    ]
    return HookError(400, {"ui": {"nodes": nodes}})


def form(text: str) -> str:
    fields = json.loads(text)
    for value in fields.values():
        if isinstance(value, int):
            raise failed("json: cannot unmarshal number into Go value of type string")
    return urllib.parse.urlencode({key: fields[key] or "" for key in sorted(fields)})


def send(state: State, content_type: str, body: str) -> tuple[int, bytes]:
    url = urllib.parse.urlsplit(state.webhook["url"])
    assert url.hostname is not None
    connection = http.client.HTTPConnection(url.hostname, url.port)
    headers = {"User-Agent": "Go-http-client/1.1", "Content-Type": content_type, "Accept-Encoding": "gzip"}
    headers |= {f"Ory-Webhook-{name}-Id": str(uuid.uuid4()) for name in ("Request", "Trigger")}
    wrong = " " if state.wrong == "body" else ""
    connection.request(state.webhook["method"], url.path, (body + wrong).encode(), headers)
    response = connection.getresponse()
    with response:
        return response.status, response.read()


def submit(state: State, given: Any) -> Reply:
    """A submission: the hook before the identity is stored where it may interrupt, else after."""
    traits = given.get("traits") or {"email": given["identifier"]}
    flow = {"id": str(uuid.uuid4()), "type": "api", "transient_payload": {}}
    ctx = {"flow": flow, "request_method": "POST", "identity": {"traits": traits}}
    registers = state.flow == "registration"
    if registers and not state.interrupts:
        state.identities.append({"traits": traits})
    try:
        run_hook(state, ctx)
    except HookError as error:
        if not state.webhook.get("response", {}).get("ignore"):
            return error.status, error.document
    if registers and state.interrupts:
        state.identities.append({"traits": traits})
    return 200 + (state.wrong == "status"), {"session_token": "a token", "identity": {"traits": traits}}


def reply(state: State, method: str, path: str, given: Any, base: str) -> Reply:
    if path == "/health/ready":
        return 200, {"status": "ok"}
    if path == "/admin/identities":
        if method == "POST":
            state.identities.append(given)
        return (201, given) if method == "POST" else (200, state.identities)
    if method == "GET":
        return 200, {"ui": {"action": f"{base}/self-service/{state.flow}?flow={uuid.uuid4()}", "nodes": []}}
    return submit(state, given)


def serve(config: Any, wrong: str) -> None:
    flows = config["selfservice"]["flows"]
    (flow,) = flows
    (item,) = flows[flow]["after"]["password"]["hooks"]
    state = State(flow, item["config"], wrong)
    base = config["serve"]["public"]["base_url"].rstrip("/")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            given = json.loads(self.rfile.read(length)) if length else None
            status, document = reply(state, self.command, self.path.partition("?")[0], given, base)
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    servers = [
        ThreadingHTTPServer(("127.0.0.1", config["serve"][name]["port"]), Handler) for name in ("public", "admin")
    ]
    Thread(target=servers[0].serve_forever, daemon=True).start()
    servers[1].serve_forever()


def main(arguments: list[str]) -> None:
    wrong = ""
    if arguments[:1] == ["--wrong"]:
        wrong, arguments = arguments[1], arguments[2:]
    if arguments == ["version"]:
        print(f"Version:    {VERSION}\nBuild Commit:   none")  # noqa: T201 - what kratos version prints
    elif arguments == ["jsonnet", "-0"]:
        worker = [*worker_command("go-jsonnet", limits_of(VERSION)), "-0"]
        os.execve(worker[0], worker, ENVIRONMENT)
    elif arguments[:3] == ["serve", "--dev", "--config"]:
        serve(json.loads(Path(arguments[3]).read_text(encoding="utf-8")), wrong)
    else:
        sys.exit(f"Error: unknown command {arguments}")


if __name__ == "__main__":
    main(sys.argv[1:])
