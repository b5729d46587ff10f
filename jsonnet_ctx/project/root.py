"""The project root: the folder that a config's files may lie in."""

from pathlib import Path

OWN_FILE = "jsonnet-ctx.toml"


def project_root(start: str | Path) -> Path:
    """Return the nearest folder upwards from ``start`` (a file or folder) that is a project's root.

    That is one with ``jsonnet-ctx.toml``, a pyproject.toml with ``[tool.jsonnet-ctx]``, or
    ``.git``; else the folder of ``start`` itself.
    """
    place = Path(start).absolute()
    folder = place if place.is_dir() else place.parent
    for candidate in (folder, *folder.parents):
        if (candidate / OWN_FILE).is_file() or (candidate / ".git").exists() or _has_table(candidate):
            return candidate
    return folder


def _has_table(folder: Path) -> bool:
    """Whether the folder's pyproject.toml has our table; a broken file has none."""
    file = folder / "pyproject.toml"
    if not file.exists():
        return False
    import tomllib

    try:
        tool = tomllib.loads(file.read_bytes().decode()).get("tool")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return isinstance(tool, dict) and "jsonnet-ctx" in tool
