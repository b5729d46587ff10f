"""YAML, TOML and JSON files as plain values that remember where each of them was written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.project.json_document import parse_json
from jsonnet_ctx.project.toml_document import parse_toml
from jsonnet_ctx.project.yaml_document import parse_yaml

Finder = Callable[[KeyPath], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Document:
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


def load_document(path: str | Path, *, having: str | None = None, name: str | None = None) -> Document:
    """Read a YAML, TOML or JSON file; the suffix decides, anything unknown is YAML.

    ``name`` is what locations show, the path as given by default. ``having`` chooses among
    several YAML documents of one file the first with this top-level key. Raises FileError with
    file, line, column and hint for a file that cannot be read (directories, FIFOs, over 10 MiB,
    not UTF-8) or parsed, for duplicate YAML and TOML keys and for YAML aliases that expand
    beyond reason.
    """
    source = Path(path)
    shown = name or str(path)
    return parse_document(read_text(source, name=shown), shown, suffix=source.suffix, having=having)


def parse_document(text: str, name: str, *, suffix: str = ".yaml", having: str | None = None) -> Document:
    """Parse text as :func:`load_document` does; ``name`` is what locations show."""
    match suffix.lower():
        case ".toml":
            value, find = parse_toml(text, name)
        case ".json":
            value, find = parse_json(text, name)
        case _:
            value, find = parse_yaml(text, name, having=having)
    return Document(name, value, find)
