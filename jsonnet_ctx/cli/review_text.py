"""How ``review`` shows a snapshot: what it is of, and path by path how it changes."""

import os
from collections.abc import Iterator

from jsonnet_ctx.cases.failure import command
from jsonnet_ctx.cases.matchers import NOTHING
from jsonnet_ctx.cases.mismatch import payload_name, words
from jsonnet_ctx.cases.review import Change, Pending
from jsonnet_ctx.report.shown import escape
from jsonnet_ctx.report.text import Line, paint

MOST_CHANGES = 30
MOST_LINES = 60
_HEADS = {
    "new": "{case} has no snapshot yet",
    "differs": "{case} differs from its snapshot",
    "fails": "{case} fails, so its payload is nothing to accept",
    "unused": "no case has this snapshot",
}


def shown_pending(one: Pending, note: str = "", *, quiet: bool = False, color: bool = False) -> str:
    """The text of one snapshot to decide on; ``quiet`` leaves out how it changes, ``note`` follows the first line."""
    return paint(list(_lines(one, note, quiet)), color=color)


def _lines(one: Pending, note: str, quiet: bool) -> Iterator[Line]:
    place = str(one.case.location) if one.case else os.path.relpath(one.path)
    head = _HEADS[one.kind].format(case=repr(one.case.name) if one.case else "")
    yield escape(f"{place}: {head}{f' ({note})' if note else ''}"), "error" if one.kind == "fails" else "warning"
    if one.case is not None and one.kind != "fails":
        yield f"  {escape(os.path.relpath(one.path))}", "quiet"
    if quiet:
        return
    if one.kind == "fails" and one.case is not None:
        yield f"  run: {escape(command(one.case))}", "quiet"
    elif one.kind == "differs":
        yield from _changes(one.changes)
    else:
        yield from _whole(one.after if one.kind == "new" else one.before or "", "+" if one.kind == "new" else "-")


def _changes(changes: tuple[Change, ...]) -> Iterator[Line]:
    """A path a block, the old value over the new one."""
    for path, old, new in changes[:MOST_CHANGES]:
        yield f"  {escape(payload_name(path))}", "plain"
        if old is NOTHING and not path:
            yield "    - no JSON", "error"
        elif old is not NOTHING:
            yield f"    - {escape(words(old))}", "error"
        if new is not NOTHING:
            yield f"    + {escape(words(new))}", "hint"
    if len(changes) > MOST_CHANGES:
        yield f"  … and {len(changes) - MOST_CHANGES} more paths", "quiet"


def _whole(text: str, sign: str) -> Iterator[Line]:
    """All of a payload that comes or goes."""
    lines = text.rstrip("\n").split("\n")
    for line in lines[:MOST_LINES]:
        yield f"  {sign} {escape(line)}"[:400], "hint" if sign == "+" else "error"
    if len(lines) > MOST_LINES:
        yield f"  … and {len(lines) - MOST_LINES} more lines", "quiet"
