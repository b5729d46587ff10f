"""One engine's worker over time: started when first needed, restarted after a stop, locked, fork-safe."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.launch import launch
from jsonnet_ctx.engine.link import FrameLink, KratosLink
from jsonnet_ctx.errors import EngineError
from jsonnet_ctx.kratos.limits import Limits


class Answer(NamedTuple):
    """What one evaluation gave: output, or error text where not ``done``; ``seconds`` it took."""

    done: bool
    text: str
    seconds: float


class Session:
    """The worker of one engine name under one version's limits. Threads take turns."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self._link: FrameLink | KratosLink | None = None
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._version = ""
        self._has_worked = False

    @contextlib.contextmanager
    def link(self) -> Iterator[FrameLink | KratosLink]:
        """Lend the link to a running worker.

        A worker whose work was broken off (it stopped, it hangs, Ctrl-C) is ended: its answers
        would be taken for those of the next request. Raises EngineError when none starts.
        """
        self._leave_parents_worker()
        with self._lock:
            link = self._running()
            finished = False
            try:
                yield link
                finished = self._has_worked = True
            finally:
                if not finished:
                    self.close()

    def evaluate(self, filename: str, snippet: str, ctx_text: str) -> Answer:
        """Evaluate once as Kratos does. Raises ChildStopped for a worker that hangs or dies.

        A worker that somebody else killed is no fault of the template: it gets a second try. So
        does one that died after other work, which had used up memory that a new one has.
        """
        had_worked = self._has_worked
        try:
            return self._evaluate(filename, snippet, ctx_text)
        except ChildStopped as stop:
            killed = stop.status == -getattr(signal, "SIGKILL", 9)
            if stop.timed_out or not (killed or had_worked):
                raise
            return self._evaluate(filename, snippet, ctx_text)

    def _evaluate(self, filename: str, snippet: str, ctx_text: str) -> Answer:
        with self.link() as link:
            begun = time.perf_counter()
            done, text = link.evaluate(filename, snippet, ctx_text, seconds=self.limits.seconds)
            return Answer(done, text, time.perf_counter() - begun)

    def begin(self) -> None:
        """Start the worker without waiting for it. Raises EngineError where the engine is missing."""
        self._leave_parents_worker()
        with self._lock:
            self._launched()

    def _launched(self) -> FrameLink | KratosLink:
        if self._link is not None and not self._link.child.running:
            self.close()
        if self._link is None:
            self._link = launch(self.name, self.limits)
            self._has_worked = False
        return self._link

    def _running(self) -> FrameLink | KratosLink:
        link = self._launched()
        try:
            self._version = link.wait()
        except ChildStopped as stop:
            self.close()
            told = stop.words.strip().splitlines()[-1:] or ["it did not answer"]
            raise EngineError(f"the engine {self.name} does not start: {told[0]}") from stop
        return link

    @property
    def version(self) -> str:
        """The engine's version as it names itself (``v0.21.0``); starts the worker once."""
        if not self._version:
            with self.link():
                pass
        return self._version

    def _leave_parents_worker(self) -> None:
        """After a fork, leave the parent its worker: two processes would read one pipe."""
        if os.getpid() != self._pid:
            self._pid = os.getpid()
            self._lock = threading.RLock()  # another thread of the parent may have held it
            if self._link is not None:
                self._link.child.abandon()
                self._link = None

    def close(self) -> None:
        """End the worker; the next request starts another."""
        self._leave_parents_worker()
        with self._lock:
            if self._link is not None:
                self._link.child.close()
                self._link = None
