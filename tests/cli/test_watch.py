"""``jsonnet-ctx test --watch``: what a saved file touches is run again, until somebody interrupts."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.cases.touched import Watched, changed_files, stamps_of, touched_by

_PATIENCE = 60
END = "watching; Ctrl-C ends\n"
PASSES = "function(ctx) {a: 1}"


def cases(template: str, expect: str = "{payload: {a: 1}}") -> str:
    """A case file with one case."""
    return f"template: {template}\nhook: login.after.password\ncases: [{{name: a, expect: {expect}}}]\n"


class Watching:
    """A running watch: what it prints, and how it ends."""

    def __init__(self, root: Path, *args: str) -> None:
        env = {**os.environ, "NO_COLOR": "1", "CI": "", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jsonnet_ctx", "test", "-q", "--watch", *args],
            cwd=root,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, as a terminal has: Ctrl-C reaches the watch and what it runs.
            start_new_session=True,
        )
        self.text = ""
        self.seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.text += line

    def until(self, *words: str) -> str:
        """What was printed since the last time, once it holds all of these words in this order."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            at = self.seen
            for word in words:
                found = self.text.find(word, at)
                at = found + len(word) if found >= 0 else -1
                if at < 0:
                    break
            if at >= 0:
                new, self.seen = self.text[self.seen : at], at
                return new
            time.sleep(0.05)
        raise AssertionError(f"{words} never came; there was:\n{self.text}")

    def interrupt(self) -> int:
        """Press Ctrl-C; returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return code

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(_PATIENCE)
        if self.process.stdout is not None:
            self._reader.join(_PATIENCE)
            self.process.stdout.close()


@pytest.fixture
def shop(project: Project) -> Project:
    """Two templates with a case file each."""
    return project.write(
        {
            "a.jsonnet": PASSES,
            "a.cases.yaml": cases("a.jsonnet"),
            "b.jsonnet": PASSES,
            "b.cases.yaml": cases("b.jsonnet"),
        }
    )


@pytest.fixture
def watching(shop: Project) -> Iterator[Watching]:
    """A watch over both, after its first run."""
    running = Watching(shop.root)
    try:
        running.until("2 passed", END)
        yield running
    finally:
        running.close()


def test_a_saved_template_runs_its_cases_alone(shop: Project, watching: Watching) -> None:
    shop.write({"a.jsonnet": "function(ctx) {a: 2}"})
    new = watching.until("a.jsonnet changed: a.cases.yaml\n", "payload.a: expected 1 got 2", "1 failed in", END)
    assert "b.cases.yaml" not in new

    # As an editor does: a new file takes the place of the old one.
    (shop.root / "a.jsonnet~").write_text(PASSES, encoding="utf-8")
    (shop.root / "a.jsonnet~").replace(shop.root / "a.jsonnet")
    watching.until("a.jsonnet changed: a.cases.yaml\n", "1 passed in", END)

    assert watching.interrupt() == 0
    assert "Traceback" not in watching.text
    assert "KeyboardInterrupt" not in watching.text


def test_files_that_are_broken_deleted_and_new(shop: Project, watching: Watching) -> None:
    shop.write({"a.cases.yaml": "template: ["})
    watching.until("a.cases.yaml changed: a.cases.yaml\n", "1 error in", END)

    (shop.root / "a.cases.yaml").unlink()
    watching.until("a.cases.yaml changed: no case file is touched\n", END)

    shop.write({"c.cases.yaml": cases("b.jsonnet"), "notes.txt": "nothing"})
    watching.until("c.cases.yaml changed: c.cases.yaml\n", "1 passed in", END)

    (shop.root / "b.jsonnet").unlink()
    watching.until("b.jsonnet changed: b.cases.yaml, c.cases.yaml\n", "no template 'b.jsonnet'", "2 errors in", END)

    assert watching.interrupt() == 2
    assert "Traceback" not in watching.text


def test_an_interrupt_ends_with_the_result_of_the_last_run(shop: Project) -> None:
    shop.write({"a.jsonnet": "function(ctx) {a: 2}"})
    running = Watching(shop.root, "a.cases.yaml")
    try:
        running.until("1 failed in", END)
        assert running.interrupt() == 1
    finally:
        running.close()


@pytest.fixture
def linked(project: Project) -> Project:
    """A project in which one case file leads to many files, and another to none of them."""
    return project.write(
        {
            "jsonnet-ctx.toml": 'config = "deploy/kratos.yml"\n',
            "deploy/kratos.yml": "identity: {schemas: [{url: file://./id.json}]}\nbody: file://./wired.jsonnet\n",
            "deploy/id.json": {},
            "deploy/wired.jsonnet": PASSES,
            "x/one.cases.yaml": "template: one.jsonnet\nfixture: f.json\nschema: 'api.yaml#/a'\nresponse: r.json\n",
            "x/one.jsonnet": PASSES,
            "x/f.json": {},
            "x/r.json": {},
            "x/api.yaml": "a: {$ref: part.json}\n",
            "x/part.json": {},
            "x/__snapshots__/one/a.json": {},
            "y/two.cases.yaml": "template: two.jsonnet\n",
            "y/two.jsonnet": PASSES,
            "y/f2.json": {},
            "node_modules/z/three.cases.yaml": "template: one.jsonnet\n",
        }
    )


@pytest.mark.parametrize(
    ("name", "touched"),
    [
        ("x/one.jsonnet", ["x/one.cases.yaml"]),
        ("x/one.cases.yaml", ["x/one.cases.yaml"]),
        ("x/f.json", ["x/one.cases.yaml"]),
        ("x/r.json", ["x/one.cases.yaml"]),
        ("x/api.yaml", ["x/one.cases.yaml"]),
        ("x/part.json", ["x/one.cases.yaml"]),
        ("x/__snapshots__/one/a.json", ["x/one.cases.yaml"]),
        ("y/two.jsonnet", ["y/two.cases.yaml"]),
        ("y/f2.json", []),
        ("deploy/wired.jsonnet", []),
        ("deploy/id.json", ["x/one.cases.yaml", "y/two.cases.yaml"]),
        ("deploy/kratos.yml", ["x/one.cases.yaml", "y/two.cases.yaml"]),
        ("jsonnet-ctx.toml", ["x/one.cases.yaml", "y/two.cases.yaml"]),
    ],
)
def test_a_file_touches_the_case_files_that_lead_to_it(linked: Project, name: str, touched: list[str]) -> None:
    watched = Watched((linked.root,))
    before = stamps_of(watched)
    (linked.root / name).write_text("changed", encoding="utf-8")

    changed = changed_files(before, stamps_of(watched))

    assert [path.relative_to(linked.root).as_posix() for path in changed] == [name]
    found = sorted(path.relative_to(linked.root).as_posix() for path in touched_by(changed, watched))
    # Settings that are broken just now touch all and name nothing.
    assert found == touched


def test_a_place_that_was_asked_for_leaves_the_others_alone(linked: Project) -> None:
    watched = Watched((linked.root / "y",))

    assert touched_by([linked.root / "x" / "one.jsonnet"], watched) == []
    assert touched_by([linked.root / "deploy" / "id.json"], watched) == [linked.root / "y" / "two.cases.yaml"]
