"""The worker child on its own: Kratos's protocol, and its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from jsonnet_ctx.engine.go_json import kratos_message
from jsonnet_ctx.engine.launch import worker_command
from jsonnet_ctx.engine.worker import END_OF_IMPORT, error_text
from jsonnet_ctx.kratos.limits import limits_of

LIMITS = limits_of("v26.2.0")

posix = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")


def _answers(engine: str, *messages: bytes) -> list[str]:
    done = subprocess.run(
        [*worker_command(engine, LIMITS), "-0"], input=b"".join(messages), capture_output=True, check=True, timeout=60
    )
    *answers, rest = done.stdout.split(b"\0")
    assert rest == b""
    return [answer.decode() for answer in answers]


@pytest.mark.parametrize("engine", ["go-jsonnet", "jsonnet"])
def test_it_speaks_the_protocol_of_kratos(engine: str) -> None:
    answers = _answers(
        engine,
        kratos_message("a.jsonnet", "function(ctx) { 'é': ctx.a }", '{"a": 1}\n'),
        kratos_message("a.jsonnet", "function(ctx) error 'boom'", "{}\n"),
        kratos_message("a.jsonnet", "function(ctx) 'still there'", "{}\n"),
    )
    assert answers[0] == '{\n   "é": 1\n}\n'
    assert answers[1].startswith("ERROR: RUNTIME ERROR: boom\n\ta.jsonnet:1:15-27\t")
    assert answers[2] == '"still there"\n'


def test_it_takes_every_kind_of_variable() -> None:
    message: dict[str, Any] = {
        "Filename": "x",
        "Snippet": "function(a, b) [a, b, std.extVar('c'), std.extVar('d')]",
        "TLACodes": [{"Key": "a", "Value": "1"}],
        "TLAVars": [{"Key": "b", "Value": "2"}],
        "ExtCodes": [{"Key": "c", "Value": "3"}],
        "ExtVars": [{"Key": "d", "Value": "4"}],
    }
    assert [json.loads(text) for text in _answers("go-jsonnet", json.dumps(message).encode() + b"\0")] == [
        [1, "2", 3, "4"]
    ]


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """A process that starts a worker on a template without end and tells the worker's pid."""
    code = """
import os, sys, threading
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

def template(text):
    return Template(text, "x", "x", Location("x", 1, 1))

engine = Engine("v1.3.1")
engine.evaluate(template("function(ctx) 1"), {})
pid = engine._session._link.child.pid
threading.Timer(0.3, lambda: print(pid, flush=True)).start()
engine.evaluate(template("local f(n) = if n == 0 then 0 else f(n - 1) tailstrict; function(ctx) f(1e9)"), {})
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@posix
def test_it_leaves_when_its_parent_is_killed_in_the_middle_of_an_evaluation(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(worker)


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has waited for does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
    except OSError:
        os.kill(pid, 0)
        return True


def test_rubbish_behind_an_import_error_is_cut_off() -> None:
    frames = "\n\tt.jsonnet:1:15-40\tfunction <anonymous>\n\tTop-level function call\t\n"
    raised = RuntimeError(f"RUNTIME ERROR: importer error: import not available /x{END_OF_IMPORT}r\n\tTop-!{frames}")

    assert error_text(raised, "t.jsonnet") == f"RUNTIME ERROR: import not available /x{frames}"
