"""Engines by name: which there are, and what a missing one says."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from evaluation import error_of, evaluate, rendered, template, untimed

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.launch import launch, worker_command
from jsonnet_ctx.engine.link import FrameLink
from jsonnet_ctx.engine.outcome import Cancelled
from jsonnet_ctx.errors import EngineError, UnknownName
from jsonnet_ctx.kratos.limits import limits_of

LIMITS = limits_of("v26.2.0")

posix = pytest.mark.skipif(os.name != "posix", reason="a script as a command")


def _command(path: Path, body: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def kratos(tmp_path: Path) -> Path:
    """A command that takes ``jsonnet -0`` and speaks Kratos's protocol, with the engine that is installed."""
    worker = worker_command("go-jsonnet", LIMITS)
    return _command(
        tmp_path / "kratos",
        f"import os, sys\nassert sys.argv[1:] == ['jsonnet', '-0']\nos.execv({worker[0]!r}, {[*worker, '-0']!r})\n",
    )


@posix
@pytest.mark.parametrize(
    "text",
    ["function(ctx) ctx", "function(ctx) error 'cancel'", "function(ctx) import 'x'", "function(ctx) 1 + {}", "{"],
)
def test_a_kratos_binary_gives_the_outcomes_of_the_bundled_worker(kratos: Path, text: str) -> None:
    ctx = {"a": "é<&>\u2028", "n": [1, None]}
    with Engine(name=f"kratos:{kratos}") as engine:
        assert untimed(engine.evaluate(template(text), ctx)) == untimed(evaluate(text, ctx))
        assert [untimed(outcome) for outcome in engine.evaluate_many(template(text), [ctx] * 2)] == [
            untimed(evaluate(text, ctx))
        ] * 2
        assert engine.trace(template(text), [ctx])[0].reads == frozenset()


@posix
def test_kratos_is_found_on_path(kratos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(kratos.parent), prepend=os.pathsep)
    with Engine(name="kratos") as engine:
        assert isinstance(engine.evaluate(template("function(ctx) error 'cancel'"), {}), Cancelled)
        assert engine.label == "kratos"


@posix
def test_a_kratos_that_dies_is_an_outcome(tmp_path: Path) -> None:
    dying = _command(tmp_path / "kratos", "import sys\nsys.stdin.buffer.read(1)\nsys.exit('Error: no such command')\n")
    with Engine(name=f"kratos:{dying}") as engine:
        error = error_of(engine.evaluate(template("function(ctx) 1"), {}))
    assert (error.kind, error.message) == ("worker-died", "Error: no such command")


def test_the_other_binding_evaluates_too() -> None:
    with Engine(name="jsonnet") as engine:
        assert rendered(engine.evaluate(template("function(ctx) ctx"), {"a": 1})).payload == {"a": 1}
        assert engine.label.startswith("jsonnet 0.")
        outcomes = engine.evaluate_many(template("function(ctx) ctx"), [1, 2])
        assert [rendered(outcome).payload for outcome in outcomes] == [1, 2]


def test_a_missing_kratos_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match=r"^no kratos binary on PATH$") as told:
        Engine(name="kratos").evaluate(template("function(ctx) 1"), {})
    assert told.value.hint == "put kratos on PATH, or name the binary: --engine kratos:/path/to/kratos"
    with pytest.raises(EngineError, match=r"^no kratos binary at /nowhere/kratos$"):
        Engine(name="kratos:/nowhere/kratos").evaluate(template("function(ctx) 1"), {})


def test_a_missing_binding_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"^the engine go-jsonnet is not installed$") as told:
        Engine().evaluate(template("function(ctx) 1"), {})
    assert told.value.hint is not None
    assert told.value.hint.startswith("pip install gojsonnet")


@posix
def test_a_binding_that_does_not_load_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_gojsonnet.py").write_text("raise ImportError('wrong machine')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EngineError, match=r"^the engine go-jsonnet does not start: ImportError: wrong machine$"):
        Engine().evaluate(template("function(ctx) 1"), {})


def test_an_unknown_engine_has_nearest_names() -> None:
    with pytest.raises(UnknownName) as told:
        Engine(name="gojsonnet")
    assert told.value.nearest[0] == "go-jsonnet"
    with pytest.raises(UnknownName):
        Engine(name="go-jsonnet:/usr/bin/jsonnet")


def test_versions_before_v25_4_0_get_a_generous_memory_limit() -> None:
    assert worker_command("go-jsonnet", LIMITS)[-2] == str(2 << 30)
    assert worker_command("go-jsonnet", limits_of("v1.3.1"))[-2] == str(8 << 30)


def test_a_started_worker_greets_with_its_version() -> None:
    link = launch("go-jsonnet", LIMITS)
    try:
        assert isinstance(link, FrameLink)
        assert link.wait().startswith("v0.")
    finally:
        link.child.close()


@posix
def test_an_engine_of_the_settings_is_a_command_line(kratos: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "w.jsonnet").write_text("function(ctx) { a: 1 }", encoding="utf-8")
    (tmp_path / "jsonnet-ctx.toml").write_text(
        f"engine = 'ours'\n[engines]\nours = ['{kratos}', 'jsonnet', '-0']\ngone = ['/no/such/program']\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "jsonnet_ctx", "check", "w.jsonnet", "--hook", "login.after.password"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    gone = subprocess.run([*command, "--engine", "gone"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" s (ours)\n")
    assert (gone.returncode, gone.stdout) == (2, "")
    assert gone.stderr.startswith("error: the engine gone has no program /no/such/program\n")
