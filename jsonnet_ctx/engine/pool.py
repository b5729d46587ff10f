"""The engines that a process shares: one per Kratos version and engine name, closed at exit."""

import atexit
import os
import threading

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.launch import DEFAULT_ENGINE
from jsonnet_ctx.kratos.versions import LATEST, parse_version

_engines: dict[tuple[int, str, str], Engine] = {}
_lock = threading.Lock()


def shared_engine(kratos: str = LATEST, name: str | None = None) -> Engine:
    """Return this process's engine for a version and a name (default: go-jsonnet).

    A forked child gets engines of its own. Raises UnknownName.
    """
    key = (os.getpid(), parse_version(kratos), name or DEFAULT_ENGINE)
    with _lock:
        if key not in _engines:
            _engines[key] = Engine(*key[1:])
        return _engines[key]


def close_shared_engines() -> None:
    """End the workers of this process; a later use starts them again."""
    with _lock:
        for key, engine in _engines.items():
            if key[0] == os.getpid():
                engine.close()


def _unlock_in_child() -> None:
    global _lock  # noqa: PLW0603 - the parent's lock may be held by a thread that the child does not have
    _lock = threading.Lock()


atexit.register(close_shared_engines)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_in_child)
