"""Payloads that somebody has rejected: they are not asked about again until they change."""

import hashlib
import json
import os
from pathlib import Path

from jsonnet_ctx.cases.review import Pending
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.whole_file import STATE, write_state

_FOLDER = "rejected"


def reject(one: Pending) -> None:
    """Remember that this very payload is wrong. Raises UsageError where that cannot be written."""
    try:
        write_state(_root(one), f"{_FOLDER}/{_name(one)}", json.dumps({"payload": _digest(one)}) + "\n")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot remember what was rejected below {_root(one) / STATE}: {reason}") from None


def is_rejected(one: Pending) -> bool:
    """Whether this very payload was rejected before; a note that cannot be read says nothing."""
    try:
        noted = json.loads(_note(one).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(noted, dict) and noted.get("payload") == _digest(one)


def forget_rejection(one: Pending) -> None:
    """Forget it; a note that cannot be removed is of an old payload and says nothing."""
    try:
        _note(one).unlink(missing_ok=True)
    except OSError:
        return


def _root(one: Pending) -> Path:
    # The folder of the case file, whose project it is.
    return project_root(one.path.parents[2])


def _note(one: Pending) -> Path:
    return _root(one) / STATE / _FOLDER / _name(one)


def _name(one: Pending) -> str:
    where = os.path.relpath(os.path.realpath(one.path), os.path.realpath(_root(one)))
    return f"{hashlib.sha256(where.encode()).hexdigest()[:16]}.json"


def _digest(one: Pending) -> str:
    text = f"remove {one.before}" if one.kind == "unused" else one.after
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
