"""The worker child: evaluate templates with one engine binding and answer on standard output.

Run as a script by path (``python -I -S -E worker.py ENGINE DIRECTORY MEMORY MAX_STACK [-0]``),
so it imports nothing of this package and as little of the standard library as it can: a start
costs every command line call. ``DIRECTORY`` holds the binding, ``MEMORY`` is the address space
in bytes (0 for no limit).

With ``-0`` it speaks the protocol of ``kratos jsonnet -0``: a JSON message
(``{"Filename", "Snippet", "TLACodes": [{"Key", "Value"}], ...}``) and a NUL on stdin, the output
or ``ERROR: text``, and a NUL on stdout. Without it, it speaks frames: four bytes of length
(little endian) and a marshalled tuple, ``(command, filename, snippet, ctx or list of ctx)`` in
and one answer for each ctx out, after one greeting frame that holds the binding's version.
"""

import _thread
import marshal
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

BINDINGS = {"go-jsonnet": "_gojsonnet", "jsonnet": "_jsonnet"}
STDERR_LIMIT = 1 << 20
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


def error_text(error: Exception) -> str:
    """Give the text of what a binding raised.

    go-jsonnet's binding copies the text of an import error without its end, so rubbish
    follows it (sometimes not even UTF-8); the marker tells where it ends, and the first frame
    of the template where the rubbish does.
    """
    text = error.object.decode("utf-8", "replace") if isinstance(error, UnicodeDecodeError) else str(error)
    head, mark, tail = text.partition(END_OF_IMPORT)
    if not mark:
        return text
    head = head.replace("importer error: ", "", 1)
    return head + tail[max(tail.find("\n\t"), 0) :]


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
            return False, error_text(error)

    def bulk(self, program: str, filename: str, snippet: str, contexts: list[str], found: dict[str, Any]) -> None:
        """Run ``program`` over all contexts; a failing one ends a call, the next call resumes after it.

        ``program`` imports the template by the name ``found["template"]``; ``found`` also holds
        the native callbacks by name, with their parameters. ``found["at"]`` is the index of the
        context that was begun last.
        """
        template, natives = found["template"], found["natives"]

        def importer(directory: str, path: str) -> tuple[str, bytes]:
            if path == template:
                return filename, snippet.encode()
            return refuse_import(directory, path)

        found["at"], begin = -1, 0
        while begin < len(contexts):
            span = {"first": str(begin), "last": str(len(contexts) - 1)}
            done, _text = self.run("", program, tla_codes=span, import_callback=importer, native_callbacks=natives)
            if done:
                return
            begin = max(found["at"], begin) + 1
            found["failed"](begin - 1)


def stream(evaluator: Evaluator, request: tuple[Any, ...], reply: Callable[[Any], None]) -> None:
    """Evaluate one template over many contexts in one call; reply ``(index, minified JSON or None)`` each.

    None says that the item failed, and has to be evaluated on its own to learn why. Native
    callbacks hand over one context at a time and take its result, so results leave one by one.
    """
    _command, filename, snippet, contexts = request
    key = os.urandom(12).hex()
    found: dict[str, Any] = {"template": key, "failed": lambda index: reply((index, None))}

    def take(index: float) -> str:
        found["at"] = int(index)
        return str(contexts[int(index)])

    def give(index: float, text: str) -> bool:
        reply((int(index), text))
        return True

    found["natives"] = {f"take{key}": (("i",), take), f"give{key}": (("i", "text"), give)}
    program = (
        f"local t = import '{key}', take = std.native('take{key}'), give = std.native('give{key}');"
        "local call(c) = if std.isFunction(t) then t(ctx=c) else t;"
        "function(first, last) std.foldl(function(done, i)"
        " done && give(i, std.manifestJsonMinified(call(std.parseJson(take(i))))), std.range(first, last), true)"
    )
    evaluator.bulk(program, filename, snippet, contexts, found)


def evaluate(evaluator: Evaluator, request: tuple[Any, ...], reply: Callable[[Any], None]) -> None:
    """Evaluate as Kratos does, ctx as code of the one top-level argument; reply ``(done, text)``."""
    _command, filename, snippet, ctx = request
    reply(evaluator.run(filename, snippet, tla_codes={"ctx": ctx}))


COMMANDS: dict[str, Callable[[Evaluator, tuple[Any, ...], Callable[[Any], None]], None]] = {
    "evaluate": evaluate,
    "stream": stream,
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


def serve_frames(evaluator: Evaluator, out: int) -> None:
    """Answer framed requests until stdin closes."""

    def reply(answer: Any) -> None:
        data = marshal.dumps(answer)
        write_all(out, len(data).to_bytes(4, "little") + data)

    reply(("ready", getattr(evaluator.binding, "version", "")))
    for request in read_frames(0):
        COMMANDS[request[0]](evaluator, request, reply)


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
