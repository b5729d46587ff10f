"""A JSON Schema that stands alone: references inside the document are followed, others are open."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from jsonnet_ctx.ctx_path import Path

MAX_REFERENCES = 32
_LATER_DRAFTS = tuple(f"https://json-schema.org/draft/{draft}/schema" for draft in ("2019-09", "2020-12"))
_DATA = frozenset({"const", "default", "enum", "examples"})


def remote_refs(document: dict[str, Any]) -> tuple[str, ...]:
    """Return every ``$ref`` that leads out of ``document``, each once, in order of appearance.

    Kratos fetches them when it loads the schema; here they are never fetched and allow anything.
    """
    found = (ref for _, ref in _references(document) if _pointer(document, ref) is None)
    return tuple(dict.fromkeys(found))


def resolve(document: dict[str, Any], schema: Any) -> Any:
    """Follow the ``$ref`` of ``schema`` until something else stands there: a dict or a bool.

    Keywords beside a ``$ref`` do not count, as in the drafts that Kratos supports (4, 6 and 7).
    A reference that leads out of the document, to nothing, or in a circle is ``{}``: it allows anything.
    """
    for _ in range(MAX_REFERENCES):
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else {}
        if not isinstance(schema.get("$ref"), str):
            return schema
        schema = _target(document, schema["$ref"])
    return {}


def self_contained(document: dict[str, Any], schemas: tuple[Any, ...]) -> dict[str, Any]:
    """Return a schema that demands all of ``schemas``, parts of ``document``, with nothing left to fetch.

    For a validator: references point into a copy of the document under ``definitions``, and
    those that cannot be followed allow anything. Draft 7, as in Kratos, unless the document names
    2019-09 or 2020-12.
    """
    stated = document.get("$schema")
    return {
        "$schema": stated if stated in _LATER_DRAFTS else "http://json-schema.org/draft-07/schema#",
        "definitions": {"document": _moved(document, document)},
        "allOf": [_moved(document, schema) for schema in schemas],
    }


def _moved(document: dict[str, Any], schema: Any) -> Any:
    """A copy whose references start at ``#/definitions/document`` and that names no address of its own."""
    if isinstance(schema, list):
        return [_moved(document, item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        pointer = _pointer(document, schema["$ref"])
        known = pointer is not None and _at(document, pointer) is not None
        return {"$ref": f"#/definitions/document{pointer}"} if known else {}
    return {
        key: value if key in _DATA else _moved(document, value)
        for key, value in schema.items()
        if not (key in {"$id", "id", "$schema"} and isinstance(value, str))
    }


def _references(schema: Any) -> Iterator[tuple[Path, str]]:
    stack: list[tuple[Path, Any]] = [((), schema)]
    while stack:
        path, part = stack.pop()
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield path, part["$ref"]
            stack.extend(((*path, key), value) for key, value in reversed(part.items()) if key not in _DATA)
        elif isinstance(part, list):
            stack.extend(((*path, index), value) for index, value in reversed(list(enumerate(part))))


def _pointer(document: dict[str, Any], ref: str) -> str | None:
    """The JSON pointer of a reference into the document, None when it leads elsewhere."""
    base = document.get("$id", "")
    base = urldefrag(base).url if isinstance(base, str) else ""
    try:
        address, fragment = urldefrag(urljoin(base, ref))
    except ValueError:
        return None
    if (address and address != base) or (fragment and not fragment.startswith("/")):
        return None
    return fragment


def _target(document: dict[str, Any], ref: str) -> Any:
    pointer = _pointer(document, ref)
    found = None if pointer is None else _at(document, pointer)
    return {} if found is None else found


def _at(document: Any, pointer: str) -> Any:
    part = document
    for raw in pointer.split("/")[1:]:
        key = unquote(raw).replace("~1", "/").replace("~0", "~")
        if isinstance(part, dict):
            part = part.get(key)
        elif isinstance(part, list) and key.isdecimal() and int(key) < len(part):
            part = part[int(key)]
        else:
            return None
    return part if isinstance(part, dict | bool) else None
