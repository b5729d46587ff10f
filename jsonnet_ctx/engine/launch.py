"""Engines by name: the command that starts each, and what to do where one is missing."""

import importlib.util
import os
import pathlib
import shlex
import sys

from jsonnet_ctx.engine.link import FrameLink, KratosLink
from jsonnet_ctx.engine.worker import BINDINGS
from jsonnet_ctx.errors import EngineError, UnknownName
from jsonnet_ctx.kratos.limits import Limits

DEFAULT_ENGINE = "go-jsonnet"
KRATOS_ENGINE = "kratos"
ENGINES: tuple[str, ...] = (*BINDINGS, KRATOS_ENGINE)
"""Engine names; ``kratos:/path/to/kratos`` names a binary that is not on PATH.

``name=command line`` is one of the settings' own: any command that speaks the protocol of ``kratos jsonnet -0``.
"""

GENEROUS_MEMORY = 8 << 30
"""Address space in bytes where Kratos has no limit: only what protects this machine."""

_HINTS = {
    "go-jsonnet": "pip install gojsonnet; where it has no wheel (Windows), choose --engine jsonnet",
    "jsonnet": "pip install jsonnet",
    KRATOS_ENGINE: "put kratos on PATH, or name the binary: --engine kratos:/path/to/kratos",
}
# One processor for Go, and a garbage collector that runs less often: 1.2 to 1.65 times the speed
# for 50 to 70 MB. A crash tells its reason, not its goroutines.
_ENVIRONMENT = {"GOMAXPROCS": "1", "GOGC": "400", "GOTRACEBACK": "none"}
_PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def check_name(name: str) -> str:
    """Return ``name`` where it is an engine's. Raises UnknownName."""
    if _own_command(name):
        return name
    if name.partition(":")[0] not in ENGINES or (":" in name and not name.startswith(f"{KRATOS_ENGINE}:")):
        raise UnknownName("engine", name, ENGINES)
    return name


def require_engine(name: str) -> None:
    """Raise UnknownName or EngineError where no engine of this name can be started here; nothing is started."""
    start, _, path = check_name(name).partition(":")
    command = _own_command(name)
    if command:
        _found(command[0], f"the engine {name.partition('=')[0]}")
    elif start == KRATOS_ENGINE:
        _kratos_binary(path)
    else:
        _binding(start)


def launch(name: str, limits: Limits) -> FrameLink | KratosLink:
    """Start the engine ``name`` under a Kratos version's limits.

    Memory: Kratos v25.4.0 and later cap the evaluator at 2 GiB (behaviours.json rows
    limit.oom-*); earlier ones have no cap, and get a generous one. Raises EngineError where the
    engine is missing or does not start.
    """
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ} | _ENVIRONMENT
    start, path = name.partition(":")[::2]
    command = _own_command(name)
    try:
        if command:
            return KratosLink([_found(command[0], f"the engine {name.partition('=')[0]}"), *command[1:]], environment)
        if start == KRATOS_ENGINE:
            return KratosLink([_kratos_binary(path), "jsonnet", "-0"], environment)
        return FrameLink(worker_command(start, limits), environment)
    except OSError as error:
        raise EngineError(f"the engine {name} cannot be started: {error}", hint=_HINTS.get(start)) from error


def worker_command(name: str, limits: Limits) -> list[str]:
    """The command line of the bundled worker for a binding (``go-jsonnet`` or ``jsonnet``).

    With ``-0`` appended it speaks Kratos's own protocol. Raises EngineError where the binding is
    not installed.
    """
    directory = _binding(name).parent
    worker = pathlib.Path(__file__).with_name("worker.py")
    memory = limits.memory_bytes or GENEROUS_MEMORY
    # -I -S -E: no site, no user folder, no environment: the child starts in 14 ms and finds the
    # binding by the folder alone.
    return [sys.executable, "-I", "-S", "-E", str(worker), name, str(directory), str(memory), str(limits.stack_frames)]


def _binding(name: str) -> pathlib.Path:
    """The module of a binding, which is not imported here. Raises EngineError where it is not installed."""
    spec = importlib.util.find_spec(BINDINGS[name])
    if spec is None or spec.origin is None:
        raise EngineError(f"the engine {name} is not installed", hint=_HINTS[name])
    return pathlib.Path(spec.origin)


def _own_command(name: str) -> list[str]:
    """The command line of an engine of the settings; empty for ours."""
    _, _, command = name.partition("=")
    return shlex.split(command)


def _found(program: str, whose: str) -> str:
    import shutil

    found = shutil.which(program)
    if found is None:
        hint = "the engines of the settings are command lines: engines = {name = ['/path/to/kratos', 'jsonnet', '-0']}"
        raise EngineError(f"{whose} has no program {program}", hint=hint)
    return found


def _kratos_binary(path: str) -> str:
    import shutil

    found = shutil.which(path or KRATOS_ENGINE)
    if found is None:
        missing = f"no kratos binary at {path}" if path else "no kratos binary on PATH"
        raise EngineError(missing, hint=_HINTS[KRATOS_ENGINE])
    return found
