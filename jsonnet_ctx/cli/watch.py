"""``test --watch``: run the cases again that a saved file touches."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jsonnet_ctx.cases.touched import Watched, changed_files, stamps_of, touched_by
from jsonnet_ctx.cli.output import remark, write_result
from jsonnet_ctx.report.shown import escape

PERIOD = 0.3
_MOST_NAMES = 3


def watch(arguments: Sequence[str], watched: Watched, rerun: Sequence[str], single: Sequence[str] = ()) -> int:
    """Run ``arguments`` once, then the case files that each save touches, until somebody interrupts.

    ``rerun`` are the arguments of such a run, without paths; ``single`` are cases that were asked
    for by name. Returns the exit code of the last run that ended; an interrupted one raises
    KeyboardInterrupt.
    """
    stamps = stamps_of(watched)
    code = _run(arguments)
    while True:
        try:
            remark("watching; Ctrl-C ends")
            changed, stamps = _next_change(watched, stamps)
        except KeyboardInterrupt:
            remark("")
            return code
        files = touched_by(changed, watched)
        write_result(f"\n{_names(changed)} changed: {_what(files)}\n")
        if files:
            code = _run([*rerun, *(name for file in files for name in _asked(file, single))])


def _asked(file: Path, single: Sequence[str]) -> list[str]:
    """What to run of a case file: the cases that were named, else all."""
    named = [name for name in single if os.path.abspath(name.partition("::")[0]) == str(file)]
    return named or [os.path.relpath(file)]


def _next_change(
    watched: Watched, before: dict[Path, tuple[int, ...]]
) -> tuple[list[Path], dict[Path, tuple[int, ...]]]:
    """Wait for a change, then until nothing changes for a while: an editor may take several steps to save."""
    while True:
        time.sleep(PERIOD)
        now = stamps_of(watched)
        if now == before:
            continue
        while True:
            time.sleep(PERIOD / 2)
            later = stamps_of(watched)
            if later == now:
                break
            now = later
        changed = changed_files(before, now)
        if changed:  # a file that was written and taken away again has not changed
            return changed, now


def _run(arguments: Sequence[str]) -> int:
    """Run in a new process: what is read once in a process may have changed since."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = subprocess.Popen([sys.executable, "-m", "jsonnet_ctx", "test", *arguments])
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def _names(changed: Sequence[Path]) -> str:
    names = [escape(os.path.relpath(path)) for path in changed[:_MOST_NAMES]]
    more = len(changed) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _what(files: Sequence[Path]) -> str:
    return ", ".join(_shown(files)) if files else "no case file is touched"


def _shown(files: Sequence[Path]) -> Iterator[str]:
    yield from (escape(os.path.relpath(file)) for file in files[:_MOST_NAMES])
    if len(files) > _MOST_NAMES:
        yield f"and {len(files) - _MOST_NAMES} more case files"
