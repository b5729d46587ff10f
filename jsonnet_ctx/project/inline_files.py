"""Files that a config carries in itself: the texts of a ConfigMap's ``data`` or of Helm values."""

from collections import deque
from collections.abc import Iterable
from pathlib import PurePosixPath

from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.document import Document
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.records import Frozen

_SUFFIXES = frozenset({".jsonnet", ".libsonnet", ".json"})
_MAX_DEPTH = 8


class InlineFile(Frozen):
    """The text of one such file; ``location`` is its key."""

    text: str
    location: Location


def inline_files(documents: Iterable[Document]) -> dict[str, InlineFile]:
    """Return the strings whose key is the name of a template or schema, by that name.

    Such as ``data["webhook.jsonnet"]`` of a ConfigMap or ``kratos.identitySchemas["a.schema.json"]``
    of Helm values. Of equal names the first counts.
    """
    found: dict[str, InlineFile] = {}
    # Aliased objects are one object: look at each once.
    seen: set[int] = set()
    queue = deque(Entry(document, (), document.value) for document in documents)
    while queue:
        entry = queue.popleft()
        if id(entry.value) in seen or len(entry.path) > _MAX_DEPTH:
            continue
        seen.add(id(entry.value))
        for key, child in entry.fields():
            if isinstance(child.value, str) and PurePosixPath(key).suffix in _SUFFIXES:
                found.setdefault(key, InlineFile(child.value, child.location))
            elif isinstance(child.value, dict):
                queue.append(child)
    return found
