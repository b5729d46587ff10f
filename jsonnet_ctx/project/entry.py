"""One value of a config with its place, so that checks of untrusted shapes stay short."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.document import Document

_TYPE_NAMES = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}


class Entry(NamedTuple):
    """The value at ``path`` of a document."""

    document: Document
    path: Path
    value: Any

    @property
    def location(self) -> Location:
        """Where the key or list item stands."""
        return self.document.location_of(self.path)

    def as_document(self) -> Document:
        """The value alone, its places those in the file."""
        return Document(self.document.name, self.value, lambda path: self.document.find((*self.path, *path)))

    @property
    def address(self) -> str:
        """File and key, for what has no action's address: ``kratos.yml::selfservice.flows.login``."""
        return f"{self.document.name}::{format_path(self.path)}"

    @property
    def type_name(self) -> str:
        """The JSON type with its article, for messages."""
        return _TYPE_NAMES.get(type(self.value), "a number")

    @property
    def mapping(self) -> dict[str, Any]:
        """The value where it is an object, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, *keys: str) -> "Entry | None":
        """The entry below these keys; None where one is missing or no object is in the way."""
        entry = self
        for key in keys:
            if key not in entry.mapping:
                return None
            entry = Entry(self.document, (*entry.path, key), entry.mapping[key])
        return entry

    def value_at(self, *keys: str) -> Any:
        """The plain value below these keys, None where there is none."""
        entry = self.get(*keys)
        return None if entry is None else entry.value

    def items(self) -> Iterator["Entry"]:
        """The items of a list; nothing for any other value."""
        for index, item in enumerate(self.value if isinstance(self.value, list) else []):
            yield Entry(self.document, (*self.path, index), item)

    def fields(self) -> Iterator[tuple[str, "Entry"]]:
        """The members of an object; nothing for any other value."""
        for key, value in self.mapping.items():
            yield key, Entry(self.document, (*self.path, key), value)
