"""Small projects for tests: write files, run the command line or pytest there, read the result."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_TIMEOUT = 120


@dataclass(frozen=True)
class Result:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def json_lines(self) -> list[Any]:
        """Every line of standard output as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Project:
    """A folder with the files of a small project.

    ``run`` calls the command in this process (fast; for everything but start-up, streams and
    signals), ``run_command`` and ``run_pytest`` start a new Python.
    """

    root: Path
    monkeypatch: pytest.MonkeyPatch

    def write(self, files: Mapping[str, Any]) -> "Project":
        """Write files by relative name: text (dedented), bytes as they are, anything else as JSON."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
            else:
                path.write_text(json.dumps(content), encoding="utf-8")
        return self

    def read(self, name: str) -> str:
        """The text of a file of the project."""
        return (self.root / name).read_text(encoding="utf-8")

    def run(self, *args: str, input: str | bytes | None = None) -> Result:
        """Run ``jsonnet-ctx ARGS`` in the project's folder, in this process."""
        from click.testing import CliRunner

        from jsonnet_ctx.cli.main import run

        self.monkeypatch.chdir(self.root)
        runner = CliRunner(env=_environment({}))
        # run() is what the console script calls: it turns errors into texts and exit codes.
        with runner.isolation(input=input) as (out, err, _):
            code = run(list(args))
            sys.stdout.flush()
            sys.stderr.flush()
            return Result(code, out.getvalue().decode(), err.getvalue().decode())

    def run_command(self, *args: str, input: str | None = None, env: Mapping[str, str] | None = None) -> Result:
        """Run ``python -m jsonnet_ctx ARGS`` in a new process."""
        return self._start([sys.executable, "-m", "jsonnet_ctx", *args], input, env)

    def run_pytest(self, *args: str, env: Mapping[str, str] | None = None) -> Result:
        """Run pytest in a new process in the project's folder."""
        command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider", *args]
        return self._start(command, None, env)

    def run_python(self, code: str) -> Result:
        """Run Python code in a new process in the project's folder."""
        return self._start([sys.executable, "-c", textwrap.dedent(code)], None, None)

    def _start(self, command: list[str], given: str | None, env: Mapping[str, str] | None) -> Result:
        done = subprocess.run(
            command,
            cwd=self.root,
            input=given,
            env={**os.environ, **_environment(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """An environment in which neither a terminal nor a CI service changes what is printed."""
    quiet = {"NO_COLOR": "1", "CI": "", "PYTHONIOENCODING": "utf-8", "PYTEST_ADDOPTS": "", "COLUMNS": "200"}
    return {**quiet, **env}
