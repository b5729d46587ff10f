"""Stored failures: each finding's smallest ctx, kept so that `replay` can run it again."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.finding import Finding, Location

FOLDER = ".jsonnet-ctx"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class StoredFailure:
    """What `replay` needs to run one finding again: the template's address, the hook point and the ctx."""

    fingerprint: str
    rule: str
    template: str
    hook: str
    kratos: str
    content_type: str
    error_kind: str
    path: str | None
    ctx: dict[str, Any]


def store_failures(root: Path, failures: list[StoredFailure]) -> str | None:
    """Write failures below ``root``; returns why that was not possible, or None.

    A read-only folder loses nothing that the report does not say, so it is a remark and no error.
    """
    if not failures:
        return None
    folder = root / FOLDER / "failures"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = root / FOLDER / ".gitignore"
        if not ignore.exists():
            _write(ignore, "*\n")
        for failure in failures:
            plain = {"format": _FORMAT, **{name: getattr(failure, name) for name in StoredFailure.__slots__}}
            # On one line: with an indent json goes without its C encoder, a tenth of the time of a whole check.
            _write(folder / f"{failure.fingerprint}.json", json.dumps(plain, ensure_ascii=False) + "\n")
    except OSError as error:
        return f"failures were not stored, replay will not find them: {(error.strerror or str(error)).lower()}"
    return None


def failures_of(findings: Iterable[Finding], faults: Iterable[Fault]) -> list[StoredFailure]:
    """What to keep of each finding that an evaluation stands behind: its simplest example."""
    by_key: dict[object, Fault] = {
        (fault.target.template.name, fault.error.location, fault.error.kind, fault.edits): fault for fault in faults
    }
    stored = []
    for finding in findings:
        fault = by_key.get((finding.template or "", finding.location, finding.error_kind, finding.edits))
        if fault is not None:
            stored.append(_stored(finding, fault))
    return stored


def _stored(finding: Finding, fault: Fault) -> StoredFailure:
    target = fault.target
    return StoredFailure(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        template=target.template.name,
        hook=target.hook.id,
        kratos=target.kratos,
        content_type=target.content_type,
        error_kind=fault.error.kind,
        path=fault.path_text,
        ctx=fault.ctx,
    )


def load_failures(root: Path, fingerprint: str | None = None) -> list[StoredFailure]:
    """The stored failures below ``root``, all or the one named by (the beginning of) its fingerprint.

    Raises UnknownName for a fingerprint that is not stored, FileError for a file that is no stored failure.
    """
    files = sorted((root / FOLDER / "failures").glob("*.json"))
    if fingerprint is not None:
        chosen = [file for file in files if file.stem.startswith(fingerprint)]
        if not chosen:
            raise UnknownName("stored failure", fingerprint, [file.stem for file in files])
        files = chosen
    return [failure for failure in map(_load, files) if failure is not None]


def forget_failure(root: Path, fingerprint: str) -> None:
    """Remove a stored failure that no longer fails; in a read-only folder it stays."""
    with contextlib.suppress(OSError):
        (root / FOLDER / "failures" / f"{fingerprint}.json").unlink(missing_ok=True)


def _load(file: Path) -> StoredFailure | None:
    """A stored failure; None where another run has just removed it."""
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        if plain.pop("format") != _FORMAT:
            raise FileError("a stored failure of another format", Location(str(file)), hint="delete it and run check")
        failure = StoredFailure(**plain)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _not_stored(file) from error
    texts = (failure.template, failure.hook, failure.kratos, failure.content_type, failure.error_kind, failure.rule)
    if not isinstance(failure.ctx, dict) or not all(isinstance(text, str) for text in texts):
        raise _not_stored(file)
    return replace(failure, fingerprint=file.stem)


def _not_stored(file: Path) -> FileError:
    return FileError("not a stored failure", Location(str(file)), hint="delete it and run check")


def _write(file: Path, text: str) -> None:
    """Write whole or not at all, so that two runs at once leave one good file."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
