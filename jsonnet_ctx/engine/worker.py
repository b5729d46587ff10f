"""The worker child: evaluate templates with one engine binding and answer on standard output.

Run as a script by path (``python -I -S -E worker.py ENGINE DIRECTORY MEMORY MAX_STACK [-0]``),
so it imports nothing of this package and as little of the standard library as it can: a start
costs every command line call. ``DIRECTORY`` holds the binding, ``MEMORY`` is the address space
in bytes (0 for no limit).

With ``-0`` it speaks the protocol of ``kratos jsonnet -0``: a JSON message
(``{"Filename", "Snippet", "TLACodes": [{"Key", "Value"}], ...}``) and a NUL on stdin, the output
or ``ERROR: text``, and a NUL on stdout. Without it, it speaks frames: four bytes of length
(little endian) and a marshalled tuple, ``(command, filename, snippet, contexts, ...)``, in and
one answer for each ctx out, after one greeting frame that holds the binding's version.
"""

from __future__ import annotations

import _thread
import marshal
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing and collections take as long to import as all the rest
    from collections.abc import Callable, Iterator
    from typing import Any

BINDINGS = {"go-jsonnet": "_gojsonnet", "jsonnet": "_jsonnet"}
STDERR_LIMIT = 1 << 20
FRAMES_TOGETHER = 32
FLUSH_SECONDS = 0.02
END_OF_IMPORT = "\x01end of import\x01"


def limit_resources(memory: int) -> None:
    """Cap the address space, and the file that collects stderr, as far as the system lets us."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for what, size in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, STDERR_LIMIT)):
        hard = resource.getrlimit(what)[1]
        ceiling = size if hard == resource.RLIM_INFINITY else min(size, hard)
        if size:
            try:
                resource.setrlimit(what, (ceiling, ceiling))
            except (ValueError, OSError):  # macOS refuses some; the timer still protects
                continue


def leave_with_parent() -> None:
    """End this process when its parent is gone, even in the middle of an evaluation.

    The bindings release the GIL while they evaluate, so a thread can watch. A closed stdin
    alone is no reason: ``printf … | worker.py -0`` closes it before the answer is there.
    """
    import select

    if not hasattr(select, "poll"):  # Windows: the closed stdin ends the worker between evaluations
        return
    parent = os.getppid()

    def watch() -> None:
        poll = select.poll()
        poll.register(0, 0)
        poll.poll()
        while os.getppid() == parent:
            time.sleep(0.1)
        os._exit(1)

    _thread.start_new_thread(watch, ())


def refuse_import(_directory: str, path: str) -> tuple[str, bytes]:
    """Fail as Kratos's importer does (behaviours.json rows tpl.import, tpl.importstr)."""
    raise RuntimeError(f"import not available {path}{END_OF_IMPORT}")


def error_text(error: Exception, filename: str) -> str:
    """Give the text of what a binding raised while it evaluated the template ``filename``.

    go-jsonnet's binding copies the text of an import error without its end, so rubbish
    follows it (sometimes not even UTF-8); the marker tells where it ends, and the first frame
    of the template where the rubbish does.
    """
    text = error.object.decode("utf-8", "replace") if isinstance(error, UnicodeDecodeError) else str(error)
    head, mark, tail = text.partition(END_OF_IMPORT)
    if not mark:
        return text
    head = head.replace("importer error: ", "", 1)
    return head + tail[max(tail.find(f"\n\t{filename}:"), 0) or max(tail.find("\n\t"), 0) :]


def unreadable_nul(filename: str, snippet: str) -> str:
    """What the engine would say of a NUL outside a string; the bindings take C strings, which end there."""
    head = snippet.partition("\0")[0]
    line, column = head.count("\n") + 1, len(head.rpartition("\n")[2].encode()) + 1
    return f"{filename}:{line}:{column} Could not lex the character '\\x00'"


class Evaluator:
    """One binding with the limits that hold for every evaluation."""

    def __init__(self, engine: str, directory: str, max_stack: int) -> None:
        sys.path.append(directory)
        self.binding = __import__(BINDINGS[engine])
        sys.path.remove(directory)
        self.max_stack = max_stack

    def run(self, filename: str, snippet: str, **given: Any) -> tuple[bool, str]:
        """Evaluate; give (True, output) or (False, the engine's error text)."""
        given.setdefault("import_callback", refuse_import)
        try:
            return True, self.binding.evaluate_snippet(filename, snippet, max_stack=self.max_stack, **given)
        except (RuntimeError, UnicodeDecodeError) as error:
            return False, error_text(error, filename)
        except ValueError:
            if "\0" not in snippet:
                raise
            return False, unreadable_nul(filename, snippet)


class Bulk:
    """Many contexts through one template: what native callbacks hand over, take and record.

    ``reads`` numbers every (container, key) of the current item from 1 (0 is ctx itself), the
    last used last; ``tests`` are the keys asked for without reading them.
    """

    def __init__(self, contexts: list[str], reply: Callable[[Any], None]) -> None:
        self.contexts = contexts
        self.reply = reply
        self.answered = 0
        self.numbers: dict[tuple[int, str | float], int] = {}
        self.tests: dict[tuple[int, str], None] = {}

    def take(self, index: float) -> str:
        return self.contexts[int(index)]

    def give(self, _index: float, text: str) -> bool:
        self.answer(text)
        return True

    def read(self, container: float, key: str | float) -> int:
        return self.numbers.setdefault((int(container), key), len(self.numbers) + 1)

    def test(self, container: float, key: str) -> bool:
        self.tests[int(container), key] = None
        return True

    def answer(self, text: str | None) -> None:
        self.reply((text, list(self.numbers), list(self.tests)))
        self.answered += 1
        self.numbers.clear()
        self.tests.clear()


def bulk(evaluator: Evaluator, request: tuple[Any, ...], reply: Callable[[Any], None]) -> None:
    """Run a program over many contexts; reply ``(minified JSON or None, reads, tests)`` for each.

    None says that the item failed, and has to be evaluated on its own to learn why. The program
    imports the template by the name ``key`` and goes from item ``first`` to item ``last``; an
    error ends a call, and the next call goes on after the item that failed.
    """
    _command, filename, snippet, contexts, key, program = request
    state = Bulk(contexts, reply)
    natives = {
        f"take{key}": (("index",), state.take),
        f"give{key}": (("index", "text"), state.give),
        f"read{key}": (("container", "key"), state.read),
        f"test{key}": (("container", "key"), state.test),
    }

    def importer(directory: str, path: str) -> tuple[str, bytes]:
        return (filename, snippet.encode()) if path == key else refuse_import(directory, path)

    while state.answered < len(contexts):
        span = {"first": str(state.answered), "last": str(len(contexts) - 1)}
        done, _text = evaluator.run("", program, tla_codes=span, import_callback=importer, native_callbacks=natives)
        if not done:
            state.answer(None)


def evaluate(evaluator: Evaluator, request: tuple[Any, ...], reply: Callable[[Any], None]) -> None:
    """Evaluate as Kratos does, ctx as code of the one top-level argument; reply ``(done, text)`` for each ctx."""
    _command, filename, snippet, contexts = request
    for ctx in contexts:
        reply(evaluator.run(filename, snippet, tla_codes={"ctx": ctx}))


COMMANDS: dict[str, Callable[[Evaluator, tuple[Any, ...], Callable[[Any], None]], None]] = {
    "evaluate": evaluate,
    "bulk": bulk,
}


def write_all(handle: int, data: bytes) -> None:
    """Write all of ``data``; the reader being gone ends the process without a word."""
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(handle, view) :]
    except BrokenPipeError:
        os._exit(0)


def read_frames(handle: int) -> Iterator[tuple[Any, ...]]:
    """Yield each frame until the other side closes."""
    buffer = bytearray()
    while data := os.read(handle, 1 << 16):
        buffer += data
        while len(buffer) >= 4 and len(buffer) >= (end := 4 + int.from_bytes(buffer[:4], "little")):
            # The parent wrote it, with the same interpreter; templates and contexts are strings inside.
            yield marshal.loads(bytes(buffer[4:end]))  # noqa: S302
            del buffer[:end]


class Outbox:
    """Answers on their way out: a write for many, none later than ``FLUSH_SECONDS``.

    A write an answer would wake the parent each time, which costs more than a light evaluation.
    A thread writes what waits, so that an evaluation that hangs does not hold back earlier answers.
    """

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.frames: list[bytes] = []
        self.lock = _thread.allocate_lock()
        self.busy = False

    def put(self, answer: Any) -> None:
        data = marshal.dumps(answer)
        with self.lock:
            self.frames.append(len(data).to_bytes(4, "little") + data)
            full = len(self.frames) >= FRAMES_TOGETHER
        if full:
            self.flush()

    def flush(self) -> None:
        with self.lock:
            write_all(self.handle, b"".join(self.frames))
            self.frames.clear()

    def watch(self) -> None:
        while self.busy:
            time.sleep(FLUSH_SECONDS)
            self.flush()

    def answer(self, evaluator: Evaluator, request: tuple[Any, ...]) -> None:
        """Answer one request."""
        self.busy = True
        if len(request[3]) > 1:
            _thread.start_new_thread(self.watch, ())
        COMMANDS[request[0]](evaluator, request, self.put)
        self.busy = False
        self.flush()


def serve_frames(evaluator: Evaluator, out: int) -> None:
    """Answer framed requests until stdin closes."""
    outbox = Outbox(out)
    outbox.put(("ready", getattr(evaluator.binding, "version", "")))
    outbox.flush()
    for request in read_frames(0):
        outbox.answer(evaluator, request)


def serve_kratos(evaluator: Evaluator, out: int) -> None:
    """Answer messages in the protocol of ``kratos jsonnet -0`` until stdin closes."""
    import json

    buffer = b""
    while data := os.read(0, 1 << 16):
        *messages, buffer = (buffer + data).split(b"\0")
        for message in messages:
            asked = json.loads(message)
            names = {"tla_codes": "TLACodes", "tla_vars": "TLAVars", "ext_codes": "ExtCodes", "ext_vars": "ExtVars"}
            given = {ours: {kv["Key"]: kv["Value"] for kv in asked.get(go) or ()} for ours, go in names.items()}
            done, text = evaluator.run(asked["Filename"], asked["Snippet"], **given)
            write_all(out, (text if done else f"ERROR: {text}").encode() + b"\0")


def main(arguments: list[str]) -> None:
    """Serve until stdin closes; see the module's docstring for the arguments."""
    engine, directory, memory, max_stack, *flags = arguments
    limit_resources(int(memory))
    leave_with_parent()
    out = os.dup(1)
    os.dup2(2, 1)  # nothing that a binding prints may get between the answers
    evaluator = Evaluator(engine, directory, int(max_stack))
    (serve_kratos if "-0" in flags else serve_frames)(evaluator, out)


if __name__ == "__main__":
    main(sys.argv[1:])
