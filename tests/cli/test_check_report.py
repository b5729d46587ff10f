"""Where the result of ``jsonnet-ctx check`` goes: formats, files, streams, colour and progress."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.version import version

HOOK = "registration.after.password.post_persist"
CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
ARGS = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC101")
KEYS = {
    *("rule", "slug", "severity", "message", "hint", "effect", "location", "hooks", "kratos"),
    *("path", "edits", "error", "fingerprint", "replay"),
}


@pytest.fixture
def shop(project: Project) -> Project:
    """A careless template."""
    return project.write({"w.jsonnet": CARELESS})


def test_the_json_report_has_the_documented_keys(shop: Project) -> None:
    done = shop.run(*ARGS, "--format", "json")
    said = done.json()
    assert (done.code, done.err) == (1, "")
    assert list(said) == ["format", "tool", "checked", "findings"]
    assert said["format"] == 1
    assert said["tool"] == {"name": "jsonnet-ctx", "version": version(), "engine": said["tool"]["engine"]}
    assert re.fullmatch(r"go-jsonnet 0\.\d+\.\d+", said["tool"]["engine"])
    assert list(said["checked"]) == ["templates", "bindings", "contexts", "seconds"]
    (found,) = said["findings"]
    assert set(found) == KEYS
    assert found["location"] == {"path": "w.jsonnet", "line": 1, "column": 23}
    assert found["edits"] == [{"op": "absent", "path": "flow.transient_payload.plan"}]
    assert found["error"] == {"kind": "missing-field", "message": "Field does not exist: plan"}
    assert found["replay"] == f"jsonnet-ctx replay {found['fingerprint']}"


def test_a_report_without_findings_is_json_too(shop: Project) -> None:
    said = shop.run(*ARGS, "--ignore", "JC", "--format", "json").json()
    assert said["findings"] == []


def test_verbosity_does_not_change_json(shop: Project) -> None:
    def findings(*flags: str) -> list[str]:
        args = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--format", "json", *flags)
        return [finding["rule"] for finding in shop.run(*args).json()["findings"]]

    assert findings() == findings("-v") == findings("-q")


def test_the_result_goes_to_a_file_and_nothing_to_standard_output(shop: Project) -> None:
    done = shop.run(*ARGS, "--format", "json", "--output", "out.json")
    assert (done.code, done.out, done.err) == (1, "", "")
    assert json.loads(shop.read("out.json"))["findings"][0]["rule"] == "JC101"


def test_reports_are_written_beside_the_result(shop: Project) -> None:
    done = shop.run(*ARGS, "--report", "json:out.json", "--report", "text:out.txt")
    told = json.loads(shop.read("out.json"))
    assert shop.read("out.txt") == done.out
    assert told["findings"][0]["fingerprint"] in done.out


def test_the_settings_name_reports(shop: Project) -> None:
    shop.write({"jsonnet-ctx.toml": 'report = ["json:out.json"]\n'})
    shop.run(*ARGS)
    assert json.loads(shop.read("out.json"))["findings"]


def test_a_wrong_report_is_told_before_anything_is_checked(shop: Project) -> None:
    done = shop.run(*ARGS, "--report", "junit.xml")
    assert (done.code, done.out) == (2, "")
    assert not (shop.root / ".jsonnet-ctx").exists()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ("--output", "no/out.txt"),
            "error: cannot write no/out.txt: no such file or directory\n  hint: name a file in a folder that exists\n",
        ),
        (
            ("--report", "json:no/out.json"),
            "error: cannot write no/out.json: no such file or directory\n  hint: name a file in a folder that exists\n",
        ),
        (("--output", "."), "error: cannot write .: is a directory\n"),
    ],
)
def test_a_file_that_cannot_be_written_is_an_error(shop: Project, flags: tuple[str, ...], message: str) -> None:
    done = shop.run(*ARGS, *flags)
    assert (done.code, done.err) == (2, message)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("flags", [("--output", "/dev/full"), ("--report", "json:/dev/full")])
def test_a_full_disk_is_an_error(shop: Project, flags: tuple[str, ...]) -> None:
    done = shop.run(*ARGS, *flags)
    assert (done.code, done.err) == (2, "error: cannot write /dev/full: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_standard_output_on_a_full_disk_is_an_error(shop: Project) -> None:
    done = shell(shop, f"{command()} >/dev/full")
    assert (done.returncode, done.stderr) == (2, "error: cannot write standard output: no space left on device\n")


def test_a_reader_that_leaves_is_no_error(shop: Project) -> None:
    action = "            - {hook: web_hook, config: {url: 'https://a.example/'}}\n"
    head = "selfservice:\n  flows:\n    login:\n      after:\n        password:\n          hooks:\n"
    shop.write({"kratos.yml": (head + action * 300).encode()})
    line = f"{sys.executable} -m jsonnet_ctx check --config kratos.yml | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = shell(shop, line)
    assert done.stdout.startswith("kratos.yml:")
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(("closed", "code"), [(">&-", 1), ("2>&-", 1), ("<&-", 1), (">&- 2>&- <&-", 1)])
def test_closed_streams_are_no_error(shop: Project, closed: str, code: int) -> None:
    done = shell(shop, f"{command()} {closed}")
    assert (done.returncode, done.stderr) == (code, "")


def test_a_closed_standard_input_holds_no_action(shop: Project) -> None:
    done = shell(shop, f"{sys.executable} -m jsonnet_ctx check - --hook {HOOK} <&-")
    assert done.returncode == 2
    assert done.stderr.startswith("error: standard input holds no action\n")


def test_no_progress_is_written_where_nobody_watches(shop: Project) -> None:
    assert shop.run_command(*ARGS).err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_progress_is_written_to_a_terminal_and_taken_away(shop: Project) -> None:
    shown, done = on_terminal(shop, "stderr", *ARGS)
    assert done.startswith("w.jsonnet:1:23: error JC101")
    assert shown == "\r\x1b[Kchecking 1 of 1\r\x1b[K"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_quiet_shows_no_progress(shop: Project) -> None:
    shown, _ = on_terminal(shop, "stderr", *ARGS, "-q")
    assert shown == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("env", "colored"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_colour_unless_it_does_not_want_it(shop: Project, env: dict[str, str], colored: bool) -> None:
    shown, err = on_terminal(shop, "stdout", *ARGS, "-q", env=env)
    assert ("\x1b[" in shown) is colored
    assert err == ""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    assert plain == shop.run(*ARGS, "-q").out


def command(*flags: str) -> str:
    """The quick check as a shell takes it."""
    return " ".join((sys.executable, "-m", "jsonnet_ctx", *ARGS, *flags))


def shell(project: Project, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in the project's folder."""
    return subprocess.run(
        ["bash", "-c", line], cwd=project.root, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def on_terminal(project: Project, stream: str, *args: str, env: dict[str, str] | None = None) -> tuple[str, str]:
    """What a run writes to ``stream``, a pseudo-terminal, and what to the other one."""
    import pty

    ours, theirs = pty.openpty()
    other = "stderr" if stream == "stdout" else "stdout"
    process = subprocess.Popen(
        [sys.executable, "-m", "jsonnet_ctx", *args],
        cwd=project.root,
        env={**{name: value for name, value in os.environ.items() if name != "NO_COLOR"}, **(env or {})},
        stdout=theirs if stream == "stdout" else subprocess.PIPE,
        stderr=theirs if stream == "stderr" else subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(theirs)
    shown = b""
    while data := _read(ours):
        shown += data
    os.close(ours)
    pipe = getattr(process, other)
    rest = pipe.read()
    pipe.close()
    process.wait(timeout=60)
    return shown.decode(), str(rest)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux says so where the other side is closed
        return b""
