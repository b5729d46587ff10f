"""One engine's worker over time: started when first needed, restarted after a stop, locked, fork-safe."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

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


class Sent:
    """A request that a worker is at while the caller does something else, and what has come of it.

    ``answers`` are those so far; all of them where it is ``done``. Neither done nor stopped means
    that the worker was ended for another reason: the request has to be made again.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.answers: list[Any] = []
        self.done = False
        self.stop: ChildStopped | None = None


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
        self._sent: Sent | None = None

    @contextlib.contextmanager
    def link(self) -> Iterator[FrameLink | KratosLink]:
        """Lend the link to a running worker.

        A worker whose work was broken off (it stopped, it hangs, Ctrl-C) is ended: its answers
        would be taken for those of the next request. Raises EngineError when none starts.
        """
        self._leave_parents_worker()
        with self._lock:
            self.receive()
            link = self._running()
            finished = False
            try:
                yield link
                finished = self._has_worked = True
            finally:
                if not finished:
                    self.close()

    def send(self, request: tuple[Any, ...], answers: int) -> Sent | None:
        """Give the bundled worker a request to be at meanwhile; None for another engine.

        Whatever the session is asked next waits for the answers. Raises EngineError when no worker starts.
        """
        with self.link() as link:
            if not isinstance(link, FrameLink):
                return None
            link.send(request)
            self._sent = Sent(answers)
            return self._sent

    def receive(self) -> None:
        """Take the answers to what was sent, if anything was."""
        self._leave_parents_worker()
        with self._lock:
            sent, self._sent = self._sent, None
            if sent is None or not isinstance(self._link, FrameLink):
                return
            try:
                sent.answers.extend(self._link.answers(sent.count, seconds=self.limits.seconds))
                sent.done = True
            except ChildStopped as stop:
                sent.stop = stop
            finally:
                if not sent.done:
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
            if stop.timed_out or not (stop.was_killed or had_worked):
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
                self._link = self._sent = None

    def close(self) -> None:
        """End the worker; the next request starts another."""
        self._leave_parents_worker()
        with self._lock:
            if self._link is not None:
                self._link.child.close()
                self._link = self._sent = None
