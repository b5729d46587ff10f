"""YAML, TOML and JSON files as plain values that remember where each of them was written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.project.json_document import parse_json
from jsonnet_ctx.project.toml_document import parse_toml

Finder = Callable[[KeyPath], tuple[int, int | None] | None]


class Document(NamedTuple):
    """A file as plain JSON values (``value``) with the place of every key and list item.

    ``name`` is the file as the user wrote it.
    """

    name: str
    value: Any
    find: Finder

    def location_of(self, path: KeyPath) -> Location:
        """Where the key or list item at ``path`` begins (columns in bytes, from 1).

        A path that is not there is answered with the nearest parent that is.
        """
        for end in range(len(path), -1, -1):
            place = self.find(path[:end])
            if place is not None:
                return Location(self.name, *place)
        return Location(self.name)


def load_document(path: str | Path, *, name: str | None = None) -> Document:
    """Read a YAML, TOML or JSON file; the suffix decides, anything unknown is YAML.

    ``name`` is what locations show, the path as given by default. Raises FileError with file,
    line, column and hint for a file that cannot be read (directories, FIFOs, over 10 MiB, not
    UTF-8) or parsed, for several YAML documents in one file, for duplicate YAML and TOML keys
    and for YAML aliases that expand beyond reason.
    """
    first, *others = load_documents(path, name=name)
    if others:
        where = others[0].location_of(())
        raise FileError("holds several YAML documents", where, hint="give each a file of its own")
    return first


def load_documents(path: str | Path, *, name: str | None = None) -> tuple[Document, ...]:
    """Read every document of a file that is not empty (one of value None where all are)."""
    source = Path(path)
    shown = name or str(path)
    return parse_documents(read_text(source, name=shown), shown, suffix=source.suffix)


def parse_documents(text: str, name: str, *, suffix: str = ".yaml") -> tuple[Document, ...]:
    """Parse text as :func:`load_documents` does; ``name`` is what locations show."""
    match suffix.lower():
        case ".toml":
            return (Document(name, *parse_toml(text, name)),)
        case ".json":
            return (Document(name, *parse_json(text, name)),)
        case _:
            # PyYAML takes longer to import than most files take to read.
            from jsonnet_ctx.project.yaml_document import parse_yaml

            return tuple(Document(name, value, find) for value, find in parse_yaml(text, name))
