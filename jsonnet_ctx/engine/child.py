"""A child process that answers on a pipe: start it, send, read with a time limit, end it."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import BinaryIO

STARTING_SECONDS = 30.0
"""How long a start may take. Not Kratos's limit: only a machine that does not move reaches it."""

PATIENCE = 3.0
"""Kratos's limit is wall time on a server; on a busy machine a child that got less than half of
it as processor time may go on, up to this many times the limit."""


class ChildStopped(Exception):
    """The child gave no answer: ``timed_out``, or it ended with ``status`` and the words on its stderr."""

    def __init__(self, *, timed_out: bool, status: int | None = None, words: str = "") -> None:
        super().__init__(words)
        self.timed_out = timed_out
        self.status = status
        self.words = words

    @property
    def was_killed(self) -> bool:
        """Whether a signal that nobody can catch ended the child: somebody, or a system without memory."""
        return not self.timed_out and self.status == -getattr(signal, "SIGKILL", 9)


def _scratch_file() -> BinaryIO:
    """A file without a name that lives as long as it is open, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("stderr"), "w+b", buffering=0)
    import tempfile

    return tempfile.TemporaryFile("w+b", buffering=0)


class Child:
    """One running process. Not thread-safe; whoever owns it locks."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start ``command``, in a session of its own so that Ctrl-C at a terminal leaves it to us.

        Raises OSError when it cannot be started.
        """
        self._stderr = _scratch_file()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                env=dict(environment),
                bufsize=0,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
            )
        except OSError:
            self._stderr.close()
            raise
        self.pid = self._process.pid
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._drainer = threading.Thread(target=self._drain, name="jsonnet-ctx-worker", daemon=True)
        self._drainer.start()

    def _drain(self) -> None:
        """Move what the child writes into the queue, so that neither side ever waits for a full pipe."""
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - opened as a pipe above
        data = b"x"
        while data:
            try:
                data = os.read(stdout.fileno(), 1 << 16)
            except OSError:
                data = b""
            self._answers.put(data)

    def send(self, data: bytes) -> None:
        """Write all of ``data``. Raises ChildStopped when the child is gone."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101 - opened as a pipe above
        self._forget_old_words()
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(stdin.fileno(), view) :]
        except OSError as error:
            raise self._ended() from error

    def read(self, seconds: float, *, patience: float = PATIENCE) -> bytes:
        """Give the next bytes of the answer. Raises ChildStopped after ``seconds`` or at its end."""
        begun, processor = time.monotonic(), self._processor_seconds()
        limit = seconds
        while True:
            try:
                data = self._answers.get(timeout=max(limit - (time.monotonic() - begun), 0.001))
            except queue.Empty:
                used = self._processor_seconds()
                starved = used is not None and processor is not None and used - processor < seconds / 2
                if starved and time.monotonic() - begun < seconds * patience:
                    limit += seconds / 4
                    continue
                raise ChildStopped(timed_out=True) from None
            if not data:
                raise self._ended()
            return data

    def _processor_seconds(self) -> float | None:
        """Processor time the child has used, None where the system does not tell (not Linux)."""
        with contextlib.suppress(OSError, AttributeError, ValueError):
            return time.clock_gettime((~self.pid << 3) | 2)  # what clock_getcpuclockid(3) computes
        return None

    def _forget_old_words(self) -> None:
        """Drop what std.trace and the like wrote, so that the words of a crash find room."""
        if os.fstat(self._stderr.fileno()).st_size:
            self._stderr.seek(0)
            self._stderr.truncate()

    def _ended(self) -> ChildStopped:
        status = self._process.wait()
        self._stderr.seek(0)
        return ChildStopped(timed_out=False, status=status, words=self._stderr.read(1 << 16).decode("utf-8", "replace"))

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def close(self) -> None:
        """Kill the process and wait for it; closing twice is fine."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._drainer.join()  # it reads from the pipe that is closed next
        self._release()

    def abandon(self) -> None:
        """Let go of a process that belongs to the parent of a fork: no kill, no wait."""
        self._process.returncode = 0  # so that Popen does not warn about a child that is not ours
        self._release()

    def _release(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
