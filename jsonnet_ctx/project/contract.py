"""Contracts: what a receiver says it takes, a JSON Schema or an OpenAPI operation, and how a payload breaks it."""

import os
import pathlib
import urllib.parse
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.document import load_document
from jsonnet_ctx.project.openapi import body_pointer, is_openapi, plain_schemas
from jsonnet_ctx.records import Frozen, field

MOST_BREACHES = 20
# What a URI may hold beside letters and digits.
_POINTER = "/~!$&'()*+,;=:@-._"


class Breach(Frozen):
    """Where a payload breaks a contract, in the validator's words; ``rule`` is the place in the schema.

    ``names`` are the properties that are missing or not known, where it is about these.
    """

    path: Path
    message: str
    rule: str
    names: tuple[str, ...] = ()


class Contract(Frozen):
    """A contract by the name that the user gave it (``receiver.yaml#/paths/~1activate/post``)."""

    name: str
    validator: Any = field(compare=False, repr=False)

    def breaches(self, payload: Any) -> Iterator[Breach]:
        """Where a payload breaks it."""
        return breaches_of(self.validator, payload)


def load_contract(folder: pathlib.Path, name: str) -> Contract:
    """The contract of a name, whose file is looked for from ``folder``. Raises FileError and UsageError."""
    return Contract(name, validator_of(folder, name))


def breaches_of(validator: Any, payload: Any) -> Iterator[Breach]:
    """The first breaches, at most MOST_BREACHES."""
    for number, error in enumerate(validator.iter_errors(payload)):
        if number == MOST_BREACHES:
            return
        named = getattr(error.kind, "property", None)
        names = (named,) if named else getattr(error.kind, "unexpected", None) or ()
        rule = "/".join(str(part) for part in error.schema_path)
        yield Breach(tuple(error.instance_path), _said(error), rule, tuple(names))


def validator_of(folder: pathlib.Path, text: str) -> Any:
    """The validator for a contract; made once. Raises FileError and UsageError."""
    file, _, pointer = text.partition("#")
    path = (folder / file).resolve()
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise UsageError(f"cannot read the contract {file}: {(error.strerror or str(error)).lower()}") from None
    return _validator(path, urllib.parse.unquote(pointer), changed)


@lru_cache(maxsize=64)
def _validator(path: pathlib.Path, pointer: str, _changed: int) -> Any:
    import jsonschema_rs

    document = _document(path)
    if is_openapi(document):
        document, pointer, draft = plain_schemas(document), body_pointer(document, pointer), _openapi_draft(document)
    else:
        _find(document, pointer, path)
        draft = jsonschema_rs.validator_for
    schema = {**document, "$ref": f"#{urllib.parse.quote(pointer, safe=_POINTER)}"} if pointer else document
    # The document's own $id would send its references elsewhere than its file.
    schema = {key: value for key, value in schema.items() if key not in ("$id", "id")} if pointer else schema
    try:
        return draft(schema, validate_formats=True, retriever=_retriever(path.parent), base_uri=path.as_uri())
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{path.name} is not a usable schema: {reason}") from None


def _openapi_draft(document: dict[str, Any]) -> Any:
    import jsonschema_rs

    # OpenAPI 3.0 speaks a dialect of draft 4 (boolean exclusiveMinimum), 3.1 and later draft 2020-12.
    old = str(document.get("openapi")).startswith("3.0")
    return jsonschema_rs.Draft4Validator if old else jsonschema_rs.Draft202012Validator


def _document(path: pathlib.Path) -> dict[str, Any]:
    name = os.path.relpath(path)
    document = load_document(path, name=path.name if name.startswith("..") else name)
    if not isinstance(document.value, dict):
        raise FileError("a contract is a JSON Schema or an OpenAPI document, an object", document.location_of(()))
    return document.value


def _retriever(folder: pathlib.Path) -> Any:
    def retrieve(uri: str) -> Any:
        place = urllib.parse.urlsplit(uri)
        if place.scheme not in ("", "file"):
            raise ValueError(f"{uri} is not fetched")
        path = pathlib.Path(urllib.parse.unquote(place.path))
        if not path.resolve().is_relative_to(folder):
            raise ValueError(f"{uri} lies outside {folder.name}")
        return _document(path)

    return retrieve


def _find(document: Any, pointer: str, path: pathlib.Path) -> None:
    """Raise FileError where a JSON pointer leads nowhere."""
    if pointer and not pointer.startswith("/"):
        raise UsageError(f"{path.name} has no schema at #{pointer}", hint="a pointer begins with #/")
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        elif isinstance(document, dict) and key in document:
            document = document[key]
        else:
            known = ", ".join(document)[:200] if isinstance(document, dict) else "nothing"
            raise FileError(
                f"has no schema at #{pointer}", Location(path.name), hint=f"beside {key!r} there is {known}"
            )


def _said(error: Any) -> str:
    text: str = error.message
    return text if len(text) <= 300 else f"{text[:300]}…"
