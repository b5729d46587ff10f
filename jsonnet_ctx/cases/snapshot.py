"""Snapshots: payloads that somebody has looked at once, one file a case."""

import hashlib
import json
import os
import pathlib
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonnet_ctx.cases.mismatch import Mismatch, differences
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.project.whole_file import write_whole

FOLDER = "__snapshots__"
REVIEW = "jsonnet-ctx review"
_MOST_CHARACTERS = 120


def snapshot_path(folder: pathlib.Path, stem: str, title: str, suffix: str) -> pathlib.Path:
    """``__snapshots__/<template>/<slug>.json`` below the case file's folder; ``suffix`` tells hook points apart."""
    return folder.joinpath(FOLDER, stem, f"{'-'.join(part for part in (slug(title), suffix) if part)}.json")


def slug(title: str) -> str:
    """A name as a file name: lower case, words joined by ``-``."""
    text = re.sub(r"[^\w]+", "-", title.lower()).strip("-_")
    if text and len(text) <= _MOST_CHARACTERS:
        return text
    return f"{text[:_MOST_CHARACTERS]}-{hashlib.sha256(title.encode()).hexdigest()[:8]}".lstrip("-")


def compare(path: pathlib.Path, payload: Any, how: Callable[[], str]) -> list[Mismatch]:
    """How a payload differs from its snapshot; one that is missing or no JSON is told too.

    ``how`` tells the command that accepts it.
    """
    try:
        expected = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        accept = f"look at it and accept it: {how()}"
        return [Mismatch("snapshot", f"the file {_shown(path)}", "no such file", note=accept)]
    except (OSError, ValueError, RecursionError) as error:
        return [Mismatch("snapshot", f"JSON in {_shown(path)}", str(error), note=f"accept the payload: {how()}")]
    found = list(differences(expected, payload))
    if found:
        accept = f"accept the payload: {how()}"
        found.append(Mismatch("snapshot", f"the payload in {_shown(path)}", "the payload above", note=accept))
    return found


def review_command(what: str) -> str:
    """The command that lets somebody look at the payload of a case, or of every case of a file."""
    return f"{REVIEW} {shlex.quote(what)}"


def write(path: pathlib.Path, payload: Any) -> None:
    """Write a snapshot; a reader of the folder sees the old file or the new one, never a part.

    Raises UsageError where that is not possible.
    """
    try:
        write_whole(path, as_text(payload))
    except OSError as error:
        raise UsageError(f"cannot write {_shown(path)}: {(error.strerror or str(error)).lower()}") from None


def remove(path: pathlib.Path) -> None:
    """Remove a snapshot; one that is gone is fine. Raises UsageError where that is not possible."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot remove {_shown(path)}: {(error.strerror or str(error)).lower()}") from None


def as_text(payload: Any) -> str:
    """A payload as its snapshot file has it: two spaces, keys sorted."""
    return json.dumps(payload, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def unused(folder: pathlib.Path, stems: Iterable[str], used: Iterable[pathlib.Path]) -> tuple[pathlib.Path, ...]:
    """The snapshots of some templates in a folder that no case has."""
    known = set(used)
    return tuple(
        path
        for stem in sorted(set(stems))
        for path in sorted((folder / FOLDER / stem).glob("*.json"))
        if path not in known
    )


def is_ours(path: pathlib.Path) -> bool:
    """Whether a file looks as we write snapshots: other programs keep theirs in folders of this name too."""
    try:
        text = path.read_text(encoding="utf-8")
        return as_text(json.loads(text)) == text
    except (OSError, ValueError, RecursionError):
        return False


def writing_is_refused(environ: Mapping[str, str]) -> bool:
    """Whether a CI service runs this: snapshots are looked at by people before they count."""
    return environ.get("CI", "").strip().lower() not in ("", "0", "false")


def refuse_writing(what: str, environ: Mapping[str, str]) -> None:
    """Raise UsageError where a CI service runs this."""
    if writing_is_refused(environ):
        hint = "write snapshots where somebody looks at them, and commit them"
        raise UsageError(f"{what}: refused, as CI is set to {environ['CI']!r}", hint=hint)


def _shown(path: pathlib.Path) -> str:
    return os.path.relpath(path)
