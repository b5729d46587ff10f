"""Kratos configurations inside a string of another file, as a Kubernetes ConfigMap holds them."""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import Document, parse_documents
from jsonnet_ctx.project.entry import Entry

_SUFFIXES = frozenset({".yml", ".yaml", ".json", ".toml"})


def embedded_configs(top: Entry) -> Iterator[Entry]:
    """Yield the configurations that the string values of ``data`` hold, such as ``data["kratos.yaml"]``.

    Lines are those of the outer file, where the text begins below its key (``kratos.yaml: |``);
    columns are left out. Raises FileError for such a text that does not parse.
    """
    data = top.get("data")
    for key, entry in data.fields() if data else ():
        suffix = PurePosixPath(key).suffix
        if suffix in _SUFFIXES and isinstance(entry.value, str) and "selfservice" in entry.value:
            for inner in _shifted(entry, suffix):
                if isinstance(inner.value, dict) and isinstance(inner.value.get("selfservice"), dict):
                    yield Entry(inner, (), inner.value)


def _shifted(entry: Entry, suffix: str) -> Iterator[Document]:
    """The text of a string value as documents with the outer file's name and lines."""
    name, first = entry.document.name, entry.location.line or 0
    try:
        documents = parse_documents(entry.value, name, suffix=suffix)
    except FileError as error:
        hint = f"in the text of {entry.path[-1]}, which begins in line {first + 1}"
        raise FileError(error.message, entry.location, hint=hint) from error
    for document in documents:
        yield Document(name, document.value, partial(_shift, document, first))


def _shift(document: Document, first: int, path: Path) -> tuple[int, int | None] | None:
    place = document.find(path)
    return None if place is None else (first + place[0], None)
