"""Where in a file the Kratos configuration lies: the top, an Ory Network project, Helm values."""

from collections import deque
from collections.abc import Sequence

from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import Document
from jsonnet_ctx.project.embedded_config import embedded_configs
from jsonnet_ctx.project.entry import Entry

_MAX_DEPTH = 8

_OTHER_KEYS = frozenset({"identity", "serve", "dsn", "courier", "session", "secrets", "version", "clients"})


def choose_root(documents: Sequence[Document]) -> Entry:
    """Return the object that holds ``selfservice`` in the documents of one file.

    The first document with a configuration counts. Raises FileError where none has one.
    """
    failures = []
    for document in documents:
        try:
            return config_root(document)
        except FileError as error:
            failures.append(error)
    raise failures[0]


def config_root(document: Document) -> Entry:
    """Return the object of a document that holds ``selfservice``.

    The top level, ``services.identity.config`` (what ``ory get project`` prints), the only
    object further down that has it, as in Helm values (``kratos.config``), or the text of a
    ConfigMap (``data["kratos.yaml"]``). A file with other Kratos keys alone is a config without
    hooks. Raises FileError where there is none or where it could be several.
    """
    top = Entry(document, (), document.value)
    if not isinstance(document.value, dict):
        raise FileError(f"holds {top.type_name}, not a kratos configuration", top.location)
    network = top.get("services", "identity", "config")
    for entry in (top, network):
        if entry is not None and isinstance(entry.value_at("selfservice"), dict):
            return entry
    found = _holders(top) or list(embedded_configs(top))
    if len(found) > 1:
        names = ", ".join(f"{format_path(entry.path) or 'text'} (line {entry.location.line})" for entry in found)
        raise FileError(f"holds several kratos configurations: {names}", top.location, hint="give each a file")
    if found:
        return found[0]
    if "selfservice" in top.mapping or len(_OTHER_KEYS & top.mapping.keys()) > 1:
        return top
    hint = "a kratos configuration has the key selfservice"
    raise FileError("holds no kratos configuration", top.location, hint=hint)


def _holders(top: Entry) -> list[Entry]:
    """Every object below the top that has a ``selfservice`` object with flows or methods."""
    found = []
    # Aliased objects are one object: look at each once.
    seen: set[int] = set()
    queue = deque([top])
    while queue:
        entry = queue.popleft()
        if id(entry.value) in seen or len(entry.path) > _MAX_DEPTH:
            continue
        seen.add(id(entry.value))
        inner = entry.value_at("selfservice")
        if isinstance(inner, dict) and {"flows", "methods"} & inner.keys():
            found.append(entry)
            continue
        queue.extend(child for _, child in entry.fields() if isinstance(child.value, (dict, list)))
        queue.extend(child for child in entry.items() if isinstance(child.value, (dict, list)))
    return found
