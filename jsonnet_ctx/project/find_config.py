"""Kratos configurations in a tree that nobody has configured."""

from pathlib import Path

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.config_root import choose_root
from jsonnet_ctx.project.document import load_documents
from jsonnet_ctx.project.walk import walk_files

_SUFFIXES = (".yml", ".yaml", ".json", ".toml")
_MAX_BYTES = 1024 * 1024
_MARK = b"selfservice"


def find_kratos_configs(root: str | Path) -> tuple[Path, ...]:
    """Return the YAML, JSON and TOML files under ``root`` that hold a Kratos configuration.

    That is ``selfservice`` with ``flows`` or ``methods``, at the top or further down (an Ory
    Network project, Helm values). Hidden and vendored folders are skipped, and so are files over
    1 MiB, files without the word ``selfservice`` and files that do not parse; the order is that
    of the tree.
    """
    return tuple(path for path in walk_files(Path(root)) if path.suffix.lower() in _SUFFIXES and _is_config(path))


def _is_config(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES or _MARK not in path.read_bytes():
            return False
        entry = choose_root(load_documents(path))
    except (OSError, FileError):
        return False
    selfservice = entry.value_at("selfservice")
    return isinstance(selfservice, dict) and bool({"flows", "methods"} & selfservice.keys())
