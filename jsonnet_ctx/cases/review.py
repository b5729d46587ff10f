"""What there is to review: snapshots that are missing, differ or are of no case, found by running the cases."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jsonnet_ctx.cases import snapshot
from jsonnet_ctx.cases.around import Projects, shown_path
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.chosen import Chosen
from jsonnet_ctx.cases.matchers import NOTHING
from jsonnet_ctx.cases.mismatch import different
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.cases.unused import unused_snapshots
from jsonnet_ctx.ctx_path import Path as PayloadPath
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.records import Frozen

Change = tuple[PayloadPath, Any, Any]


class Pending(Frozen):
    """One snapshot to decide on.

    ``kind`` is ``new``, ``differs``, ``unused`` (then there is no case) or ``fails``: a case that
    does not hold otherwise, so its payload is nothing to accept. ``before`` is the text of the file
    (None where there is none), ``changes`` are the payload paths at which old and new differ.
    """

    kind: str
    path: Path
    case: Case | None = None
    payload: Any = None
    before: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def after(self) -> str:
        """The text that accepting it writes."""
        return snapshot.as_text(self.payload)


def pending(chosen: Iterable[Chosen], projects: Projects) -> Iterator[Pending]:
    """Run the chosen cases that have a snapshot. Raises FileError for a case file that is broken."""
    for choice in chosen:
        for case in choice.cases:
            if case.snapshot is not None:
                yield from _of_case(case, case.snapshot)
        for path in unused_snapshots(choice.file, projects):
            if choice.takes_unused(path):
                yield Pending("unused", path, before=_text(path))


def accept(one: Pending) -> None:
    """Write the payload, or remove what no case has.

    Raises UsageError where the file cannot be written, or is not what was compared any more.
    """
    if _text(one.path) != one.before:
        raise UsageError(f"{shown_path(one.path)} has changed meanwhile: not written", hint="run the review again")
    if one.kind == "unused":
        snapshot.remove(one.path)
    else:
        snapshot.write(one.path, one.payload)


def _of_case(case: Case, path: Path) -> Iterator[Pending]:
    verdict = run_case(case, with_snapshot=False)
    before = _text(path)
    if verdict.mismatches or not isinstance(verdict.outcome, Rendered):
        yield Pending("fails", path, case, before=before)
        return
    payload = verdict.outcome.payload
    if before is None:
        yield Pending("new", path, case, payload)
        return
    try:
        old = json.loads(before)
    except (ValueError, RecursionError):
        yield Pending("differs", path, case, payload, before, (((), NOTHING, payload),))
        return
    changes = tuple(different(old, payload))
    if changes:
        yield Pending("differs", path, case, payload, before, changes)


def _text(path: Path) -> str | None:
    """What a snapshot file holds; bytes that are no UTF-8 become marks, and so no JSON that is equal to anything."""
    if path.exists() and not path.is_file():
        raise UsageError(f"cannot read {shown_path(path)}: it is no file")
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {shown_path(path)}: {(error.strerror or str(error)).lower()}") from None
