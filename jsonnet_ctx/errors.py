"""Questions that cannot be answered, as one exception tree.

::

    JsonnetCtxError                the question cannot be answered (exit code 2)
    ├── UsageError                 arguments contradict each other
    ├── SettingsError              [tool.jsonnet-ctx] is wrong
    ├── FileError                  a case, fixture, config or baseline is wrong; has .location
    ├── SourceError                a template cannot be read or decoded
    ├── UnknownName                no such hook point, version, rule, engine; has .nearest
    ├── EngineError                the engine is missing or cannot be started
    └── GitError                   no repository, no merge base

A template that fails is a value (:class:`jsonnet_ctx.engine.outcome.Failed`), never one of
these. Messages say what, where and with which value, in lower case and without a full stop;
``hint`` says what to do.
"""

import difflib
from collections.abc import Iterable

from jsonnet_ctx.finding import Location

_FEW = 4
"""So many names are told in full where none comes close."""


class JsonnetCtxError(Exception):
    """The question cannot be answered."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(JsonnetCtxError):
    """Arguments contradict each other."""


class SettingsError(JsonnetCtxError):
    """[tool.jsonnet-ctx] is wrong."""


class FileError(JsonnetCtxError):
    """A case, fixture, config or baseline is wrong, at ``location``."""

    def __init__(self, message: str, location: Location, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.location = location

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class SourceError(JsonnetCtxError):
    """A template cannot be read or decoded."""


class UnknownName(JsonnetCtxError):
    """No such hook point, version, rule or engine; ``nearest`` holds the names that come close."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        choices = list(dict.fromkeys(known))
        self.name = name
        self.nearest = tuple(difflib.get_close_matches(name, choices, n=3, cutoff=0.4))
        hint = f"did you mean {' or '.join(self.nearest)}?" if self.nearest else None
        if hint is None and 0 < len(choices) <= _FEW:
            hint = f"known: {', '.join(choices)}"
        super().__init__(f"unknown {what}: {name!r}", hint=hint)


class EngineError(JsonnetCtxError):
    """The engine is missing or cannot be started."""


class GitError(JsonnetCtxError):
    """No repository or no merge base."""
