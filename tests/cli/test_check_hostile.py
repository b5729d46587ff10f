"""``jsonnet-ctx check`` of what nobody should give it: one clear line each time, and never a traceback."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from harness import Project, Result

HOOK = "registration.after.password.post_persist"
CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
ARGS = ("--hook", HOOK, "--max-examples", "0", "-q")
MIB = 1024 * 1024


def check(project: Project, text: str | bytes, *flags: str) -> Result:
    """Check a template of this text."""
    data = text.encode() if isinstance(text, str) else text
    return project.write({"w.jsonnet": data}).run("check", "w.jsonnet", *ARGS, *flags)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "w.jsonnet:1:1: error JC201 syntax\n"),
        ("\n\n", "w.jsonnet:3:1: error JC201 syntax\n"),
        ("function(ctx) {", "w.jsonnet:1:16: error JC201 syntax\n"),
        ("function(ctx) { a: 'x }", "w.jsonnet:1:20: error JC201 syntax\n"),
        ("function(ctx) /* ", "w.jsonnet:1:15: error JC201 syntax\n"),
        ("\ufefffunction(ctx) {}", "w.jsonnet:1:1: error JC201 syntax\n"),
        ("function(ctx) { a: ctx.flow\0.id }", "w.jsonnet:1:28: error JC201 syntax\n"),
        ("// \r\n// Grüße\r\nfunction(ctx) { \0 }", "w.jsonnet:3:17: error JC201 syntax\n"),
        ("ctx.identity", "w.jsonnet:1:1: error JC202 wrong-entry-point\n"),
        ("function(ctx) { a: ctx.flow.id } + ", "w.jsonnet:1:36: error JC201 syntax\n"),
        ("function(ctx) [ctx.flow.id for x in std.range(1, 1e9)]", "w.jsonnet:1:1: error JC505 runaway\n"),
        ("local f(x) = f(x) + 1; function(ctx) f(1)", "w.jsonnet:1:14: error JC505 runaway\n"),
    ],
)
def test_a_template_that_cannot_work_has_one_finding(project: Project, text: str, told: str) -> None:
    done = check(project, text)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(told)
    assert done.out.count("replay: ") == 1


def test_a_template_of_just_a_mebibyte_is_over_the_evaluators_limit(project: Project) -> None:
    done = check(project, "function(ctx) {}\n//".ljust(MIB, "x"))
    assert (done.code, done.err) == (1, "")
    assert "error JC504 over-limit\n" in done.out
    assert max(map(len, done.out.splitlines())) < 400


def test_a_larger_template_is_not_read(project: Project) -> None:
    done = check(project, "function(ctx) {}\n//".ljust(MIB + 1, "x"))
    assert (done.code, done.err) == (
        2,
        "error: w.jsonnet: is larger than 1,048,576 bytes\n  hint: split it or name the right file\n",
    )


def test_a_template_that_is_not_utf8_is_not_read(project: Project) -> None:
    done = check(project, b'function(ctx) { a: "\xff" }')
    assert (done.code, done.err) == (
        2,
        "error: w.jsonnet: is not UTF-8 (byte 20)\n  hint: save the template as UTF-8\n",
    )


@pytest.mark.parametrize("depth", [100, 700])
def test_parentheses_in_parentheses_hide_no_fault(project: Project, depth: int) -> None:
    done = check(project, "function(ctx) { a: " + "(" * depth + "ctx.flow.transient_payload.plan" + ")" * depth + " }")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(f"w.jsonnet:1:{20 + depth}: error JC101 missing-field\n")


def test_output_that_is_nested_very_deep_is_too_much(project: Project) -> None:
    done = check(project, "function(ctx) " + "[" * 1200 + "]" * 1200)
    assert (done.code, done.err) == (1, "")
    # A slow machine does not get that far within the second that Kratos gives.
    assert done.out.startswith(("w.jsonnet:1:1: error JC504 over-limit\n", "w.jsonnet:1:1: error JC505 runaway\n"))


def test_windows_line_ends_are_not_shown(project: Project) -> None:
    done = check(project, "function(ctx) {\r\n  a: ctx.flow.transient_payload.plan,\r\n}\r\n")
    assert "\n  2 |   a: ctx.flow.transient_payload.plan,\n    |      ^" in done.out


def test_what_a_template_holds_cannot_act_on_the_terminal(project: Project) -> None:
    done = check(project, "function(ctx) { '\x1b[2J\u202e': ctx.flow.transient_payload['\x1b]0;x\x07'] }")
    assert done.code == 1
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_a_template_full_of_fields_that_are_never_there_is_told_in_full(project: Project) -> None:
    fields = "".join(f"  a{n}: ctx.nothing{n},\n" for n in range(60))
    project.write({"w.jsonnet": f"function(ctx) {{\n{fields}}}\n"})
    said = project.run("check", "w.jsonnet", *ARGS, "--select", "JC105", "--format", "json").json()
    assert [finding["location"]["line"] for finding in said["findings"]] == list(range(2, 62))
    assert said["checked"]["contexts"] < 2000


def test_a_file_name_may_hold_anything(project: Project) -> None:
    name = "wéb hook '名'\x1b[1m.jsonnet"
    done = project.write({name: CARELESS}).run("check", name, *ARGS)
    assert done.code == 1
    assert done.out.startswith("wéb hook '名'\\u001b[1m.jsonnet:1:23: error JC101 missing-field\n")


def test_a_folder_that_cannot_be_written_costs_the_replay_alone(project: Project) -> None:
    project.write({"w.jsonnet": CARELESS, ".jsonnet-ctx": "a file where the folder should be"})
    done = project.run("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0")
    assert (done.code, done.err) == (1, "")
    assert "note: failures were not stored, replay will not find them: file exists\n" in done.out


def test_two_checks_at_once_leave_whole_files(project: Project) -> None:
    project.write({"w.jsonnet": CARELESS})
    running = [start(project) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [1, 1]
    stored = list((project.root / ".jsonnet-ctx" / "failures").iterdir())
    assert [file.suffix for file in stored] == [".json"]
    assert project.run("replay").code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_a_check_and_its_line(project: Project) -> None:
    process = start_endless(project)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
def test_a_worker_that_somebody_kills_is_replaced(project: Project) -> None:
    template = "function(ctx) { plan: ctx.flow.transient_payload.plan, name: ctx.identity.traits.name }\n"
    project.write({"w.jsonnet": template})
    calm = project.run("check", "w.jsonnet", "--max-examples", "0", "--format", "json").json()["findings"]
    process = start(project, "check", "w.jsonnet", "--max-examples", "0", "--format", "json", pipe=True)
    worker = worker_of(process)
    time.sleep(0.5)  # it has said that it is ready, and is in the middle of its work
    os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")
    assert json.loads(out)["findings"] == calm


def start(project: Project, *args: str, pipe: bool = False) -> subprocess.Popen[str]:
    """Start the command; by default the quick check of ``w.jsonnet``."""
    stream = subprocess.PIPE if pipe else subprocess.DEVNULL
    command = [sys.executable, "-m", "jsonnet_ctx", *(args or ("check", "w.jsonnet", *ARGS))]
    return subprocess.Popen(command, cwd=project.root, stdout=stream, stderr=stream, encoding="utf-8")


def start_endless(project: Project) -> subprocess.Popen[str]:
    """A check that has begun to evaluate and takes minutes."""
    slow = "function(ctx) { a: std.foldl(function(a, b) a + b, std.range(1, 150000), 0), b: ctx.flow.id }\n"
    project.write({f"w{n}.jsonnet": slow.replace("b:", f"b{n}:") for n in range(200)})
    process = start(project, "check", ".", pipe=True)
    worker_of(process)
    return process


def worker_of(process: subprocess.Popen[str]) -> int:
    """The process id of the worker of a running check, once it is there."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for pid in children.read_text().split():
            with contextlib.suppress(OSError):  # it may be gone again
                if b"worker.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return int(pid)
    raise AssertionError("no worker was started")
