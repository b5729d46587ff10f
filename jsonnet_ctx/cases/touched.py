"""Which case files a changed file touches: those whose text leads to it by name, however broken it is just now."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jsonnet_ctx.cases.case_file import is_case_file
from jsonnet_ctx.cases.snapshot import FOLDER
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.settings import OWN_FILE, load_settings

Stamps = dict[Path, tuple[int, ...]]
SUFFIXES = (".jsonnet", ".libsonnet", ".yaml", ".yml", ".json", ".toml")
_PASSED_OVER = ("node_modules", "venv", "build", "dist", "__pycache__")
_SETTINGS = (OWN_FILE, "pyproject.toml")
_MOST_BYTES = 10 * 1024 * 1024


class Watched(Frozen):
    """What is looked at: ``places`` are the case files and folders that were asked for.

    ``config`` and ``identity_schema`` are those of flags; ``snapshots`` says whether a change of
    one counts, which it does not where the run itself writes them.
    """

    places: tuple[Path, ...]
    config: Path | None = None
    identity_schema: Path | None = None
    snapshots: bool = True

    @property
    def roots(self) -> tuple[Path, ...]:
        """The projects that the places lie in, and the places themselves."""
        found = [project_root(place) for place in self.places]
        return tuple(dict.fromkeys([*found, *(place for place in self.places if place.is_dir())]))


def stamps_of(watched: Watched) -> Stamps:
    """The files that matter with what tells a new version from an old one: time, size and number on the disk."""
    return {path: stamp for path in _files(watched) if (stamp := _stamp(path)) is not None}


def changed_files(before: Stamps, now: Stamps) -> list[Path]:
    """The files that are new, differ or are gone."""
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def touched_by(changed: Iterable[Path], watched: Watched) -> list[Path]:
    """The case files that lead to one of the changed files."""
    files = list(_files(watched))
    cases = sorted(path for path in files if is_case_file(path) and _is_asked_for(path, watched))
    texts: dict[Path, str] = {}
    gone = list(changed)
    return [case for case in cases if any(_leads_to(case, path, files, watched, texts) for path in gone)]


def _is_asked_for(path: Path, watched: Watched) -> bool:
    return any(path == place or place in path.parents for place in watched.places)


def _leads_to(case: Path, changed: Path, files: Sequence[Path], watched: Watched, texts: dict[Path, str]) -> bool:
    if case == changed:
        return True
    if FOLDER in changed.parts:
        return changed.parents[2] == case.parent
    root = project_root(case)
    if changed.parent == root and changed.name in _SETTINGS:
        return True
    around = [path for path in _around(root, watched) if path is not None]
    # What the config wires is no business of a case that names its template itself.
    not_wired = changed.suffix not in (".jsonnet", ".libsonnet")
    return _names(case, changed, files, texts) or (
        not_wired and any(path == changed or _names(path, changed, files, texts) for path in around)
    )


def _names(start: Path, changed: Path, files: Sequence[Path], texts: dict[Path, str]) -> bool:
    """Whether a file names another, or one that does."""
    seen, queue = {start}, [start]
    while queue:
        text = _text(queue.pop(), texts)
        if _is_named(changed, text):
            return True
        for path in files:
            if path not in seen and path.suffix != ".jsonnet" and FOLDER not in path.parts and _is_named(path, text):
                seen.add(path)
                queue.append(path)
    return False


def _is_named(path: Path, text: str) -> bool:
    return path.name in text and re.search(rf"(?<![\w.-]){re.escape(path.name)}(?![\w.-])", text) is not None


def _around(root: Path, watched: Watched) -> Iterator[Path | None]:
    """The Kratos config and the identity schema of a project; none where its settings are broken just now."""
    try:
        settings = load_settings(root)
    except JsonnetCtxError:
        settings = None
    yield watched.config or (settings.config if settings else None)
    yield watched.identity_schema or (settings.identity_schema if settings else None)


def _text(path: Path, texts: dict[Path, str]) -> str:
    if path not in texts:
        try:
            texts[path] = path.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace") if path.is_file() else ""
        except OSError:
            texts[path] = ""
    return texts[path]


def _files(watched: Watched) -> Iterator[Path]:
    """Every file that a case can be made of, once."""
    seen: set[Path] = set()
    named = (path for path in (watched.config, watched.identity_schema) if path is not None)
    for path in (*named, *(path for root in watched.roots for path in _below(root, watched.snapshots))):
        if path not in seen:
            seen.add(path)
            yield path


def _below(root: Path, snapshots: bool) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in _PASSED_OVER and (snapshots or name != FOLDER)
        ]
        # Editors save to hidden files, and to such with another suffix, before they rename them.
        yield from (Path(place, name) for name in names if name.endswith(SUFFIXES) and not name.startswith("."))


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
