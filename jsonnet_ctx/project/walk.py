"""The files under a folder that are somebody's own."""

import os
from collections.abc import Iterator
from pathlib import Path

MAX_FILES = 50_000
"""Files that a search under the root looks at, at most."""

_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__"})


def walk_files(root: Path, limit: int = MAX_FILES) -> Iterator[Path]:
    """Yield the files that :func:`walk_names` names."""
    return (Path(folder, name) for folder, name in walk_names(root, limit))


def walk_names(root: Path, limit: int = MAX_FILES) -> Iterator[tuple[str, str]]:
    """Yield folder and name of the files under ``root`` in a fixed order, at most ``limit``.

    Hidden folders (``.git``, ``.venv``), virtual environments and ``node_modules`` are left out;
    links to folders are not followed.
    """
    left = limit
    for folder, folders, names in os.walk(root):
        if "pyvenv.cfg" in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for name in sorted(names):
            if left == 0:
                return
            left -= 1
            yield folder, name
