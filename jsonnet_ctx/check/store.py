"""Stored failures: each finding's smallest ctx, kept so that `replay` can run it again."""

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jsonnet_ctx.check.broken import RULE as CONTRACT_RULE
from jsonnet_ctx.check.broken import SLUG as CONTRACT_BROKEN
from jsonnet_ctx.check.broken import Broken
from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.finding import Finding, Location
from jsonnet_ctx.project.whole_file import STATE, write_state
from jsonnet_ctx.records import Frozen, replace

_FORMAT = 1


class StoredFailure(Frozen):
    """What `replay` needs to run one finding again: the template's address, the hook point and the ctx.

    ``contract`` is the one that the payload breaks, as the settings name it, None for a template that fails.
    """

    fingerprint: str
    rule: str
    template: str
    hook: str
    kratos: str
    content_type: str
    error_kind: str
    path: str | None
    ctx: dict[str, Any]
    contract: str | None = None


def store_failures(root: Path, failures: list[StoredFailure]) -> str | None:
    """Write failures below ``root``; returns why that was not possible, or None.

    A read-only folder loses nothing that the report does not say, so it is a remark and no error.
    """
    if not failures:
        return None
    try:
        for failure in failures:
            plain = {"format": _FORMAT, **vars(failure)}
            # On one line: with an indent json goes without its C encoder, a tenth of the time of a whole check.
            text = json.dumps(plain, ensure_ascii=False) + "\n"
            write_state(root, f"failures/{failure.fingerprint}.json", text)
    except OSError as error:
        return f"failures were not stored, replay will not find them: {(error.strerror or str(error)).lower()}"
    return None


def failures_of(
    findings: Iterable[Finding], faults: Iterable[Fault], broken: Iterable[Broken] = ()
) -> list[StoredFailure]:
    """What to keep of each finding that an evaluation stands behind: its simplest example."""
    by_key: dict[object, Fault] = {
        (fault.target.template.name, fault.error.location, fault.error.kind, fault.edits): fault for fault in faults
    }
    by_edits = {(way.target.template.name, way.edits): way for way in broken}
    stored = []
    for finding in findings:
        fault = by_key.get((finding.template or "", finding.location, finding.error_kind, finding.edits))
        if fault is not None:
            stored.append(_stored(finding, fault, fault.error.kind, fault.path_text))
        way = by_edits.get((finding.template or "", finding.edits)) if finding.rule == CONTRACT_RULE else None
        if way is not None:
            stored.append(_stored(finding, way, CONTRACT_BROKEN, finding.path))
    return stored


def _stored(finding: Finding, example: Fault | Broken, kind: str, path: str | None) -> StoredFailure:
    target = example.target
    return StoredFailure(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        template=target.template.name,
        hook=target.hook.id,
        kratos=target.kratos,
        content_type=target.content_type,
        error_kind=kind,
        path=path,
        ctx=example.ctx,
        contract=target.contract.name if isinstance(example, Broken) and target.contract else None,
    )


def load_failures(root: Path, fingerprint: str | None = None) -> list[StoredFailure]:
    """The stored failures below ``root``, all or the one named by (the beginning of) its fingerprint.

    Raises UnknownName for a fingerprint that is not stored, FileError for a file that is no stored failure.
    """
    files = sorted((root / STATE / "failures").glob("*.json"))
    if fingerprint is not None:
        chosen = [file for file in files if file.stem.startswith(fingerprint)]
        if not chosen:
            raise UnknownName("stored failure", fingerprint, [file.stem for file in files])
        files = chosen
    return [failure for failure in map(_load, files) if failure is not None]


def forget_failure(root: Path, fingerprint: str) -> None:
    """Remove a stored failure that no longer fails; in a read-only folder it stays."""
    with contextlib.suppress(OSError):
        (root / STATE / "failures" / f"{fingerprint}.json").unlink(missing_ok=True)


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
