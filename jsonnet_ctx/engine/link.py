"""A link to an evaluator: one request, its answers; two ways to speak, one way to fail."""

import marshal
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from jsonnet_ctx.engine.child import STARTING_SECONDS, Child
from jsonnet_ctx.engine.go_json import kratos_message


class Link(Protocol):
    """What the engine needs of an evaluator."""

    child: Child

    def wait(self) -> str:
        """Wait until it has started, and return its version. Raises ChildStopped."""

    def evaluate(self, filename: str, snippet: str, ctx_text: str, *, seconds: float) -> tuple[bool, str]:
        """Evaluate as Kratos does; (True, output) or (False, error text). Raises ChildStopped."""


class FrameLink:
    """The bundled worker, spoken to in frames (see :mod:`jsonnet_ctx.engine.worker`)."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the worker, which boots while the caller goes on. Raises OSError."""
        self.child = Child(command, environment)
        self._buffer = bytearray()
        self._version: str | None = None

    def wait(self) -> str:
        """See :class:`Link`; the worker's greeting says the version."""
        if self._version is None:
            _ready, self._version = self._frame(STARTING_SECONDS)
        return self._version

    def _frame(self, seconds: float) -> Any:
        buffer = self._buffer
        while len(buffer) < 4 or len(buffer) < 4 + int.from_bytes(buffer[:4], "little"):
            buffer += self.child.read(seconds)
        end = 4 + int.from_bytes(buffer[:4], "little")
        value = marshal.loads(bytes(buffer[4:end]))  # noqa: S302 - our own worker wrote it
        del buffer[:end]
        return value

    def send(self, request: tuple[Any, ...]) -> None:
        """Send a request whose answers have to be taken before the next one. Raises ChildStopped."""
        data = marshal.dumps(request)
        self.child.send(len(data).to_bytes(4, "little") + data)

    def answers(self, count: int, *, seconds: float) -> Iterator[Any]:
        """Yield the answers to what was sent; each may take ``seconds``. Raises ChildStopped."""
        for _ in range(count):
            yield self._frame(seconds)

    def evaluate(self, filename: str, snippet: str, ctx_text: str, *, seconds: float) -> tuple[bool, str]:
        """See :class:`Link`."""
        self.send(("evaluate", filename, snippet, [ctx_text]))
        (answer,) = self.answers(1, seconds=seconds)
        done, text = answer
        return done, text


class KratosLink:
    """Any command that speaks the protocol of ``kratos jsonnet -0``."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the command. Raises OSError."""
        self.child = Child(command, environment)

    def wait(self) -> str:
        """See :class:`Link`; it sends no greeting and says no version."""
        return ""

    def evaluate(self, filename: str, snippet: str, ctx_text: str, *, seconds: float) -> tuple[bool, str]:
        """See :class:`Link`. Evaluation errors come on stdout, after ``ERROR: ``."""
        self.child.send(kratos_message(filename, snippet, ctx_text))
        buffer = b""
        while not buffer.endswith(b"\0"):
            buffer += self.child.read(seconds)
        text = buffer[:-1].decode("utf-8", "replace")
        return (False, text.removeprefix("ERROR: ")) if text.startswith("ERROR: ") else (True, text)
