"""Files written whole or not at all, and the folder that remembers things between runs."""

import os
from pathlib import Path

STATE = ".jsonnet-ctx"


def write_whole(file: Path, text: str) -> None:
    """Write a file so that whoever reads it, or ends up here at the same time, sees the old one or the new one.

    Folders on the way are made; a symbolic link stays one. Raises OSError, and then leaves nothing behind.
    """
    target = Path(os.path.realpath(file))
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    name = target.parent / f".{target.name[:40]}.{os.urandom(6).hex()}"
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def write_state(root: Path, name: str, text: str) -> None:
    """Write a file below the folder that git does not see. Raises OSError."""
    ignore = root / STATE / ".gitignore"
    if not ignore.exists():
        write_whole(ignore, "*\n")
    write_whole(root / STATE / name, text)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
