"""The command as the shell starts it: it ends with the exit code, and leaves nothing behind."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from harness import Project

CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
CHECK = ("check", "w.jsonnet", "--hook", "login.after.password", "--max-examples", "0")


def run(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    """``python -m jsonnet_ctx`` in the project."""
    project.write({"w.jsonnet": CARELESS})
    command = [sys.executable, *args]
    return subprocess.run(command, cwd=project.root, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_the_process_ends_with_the_exit_code_and_all_that_was_written(project: Project) -> None:
    done = run(project, "-m", "jsonnet_ctx", *CHECK, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("}\n")
    assert run(project, "-m", "jsonnet_ctx", "check", "nowhere.jsonnet").returncode == 2


def test_the_end_is_an_ordinary_one_where_somebody_watches(project: Project) -> None:
    program = (
        "import atexit, sys\n"
        "atexit.register(print, 'watched')\n"
        f"sys.argv = ['jsonnet-ctx', *{CHECK}, '-q']\n"
        "sys.setprofile(lambda *_: None)\n"
        "from jsonnet_ctx.cli.start import main\n"
        "main()\n"
    )
    done = run(project, "-c", program)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "watched")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are found in /proc")
def test_no_worker_is_left_behind(project: Project) -> None:
    before = workers()
    assert run(project, "-m", "jsonnet_ctx", *CHECK).returncode == 1
    until = time.monotonic() + 10
    while workers() - before - workers_of_others() and time.monotonic() < until:
        time.sleep(0.05)
    assert workers() - before - workers_of_others() == set()


def workers() -> set[int]:
    """The processes that evaluate templates."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"engine/worker.py" in file.read_bytes():
                found.add(int(file.parent.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def workers_of_others() -> set[int]:
    """Workers whose parents live: those of tests that run at the same time."""
    found = set()
    for pid in workers():
        try:
            parent = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1]
        except OSError:
            continue
        if parent != "1":
            found.add(pid)
    return found
