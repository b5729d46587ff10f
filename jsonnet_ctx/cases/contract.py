"""``schema``: the payload against what the receiver says it takes, a JSON Schema or an OpenAPI operation."""

import os
import pathlib
import urllib.parse
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any

from jsonnet_ctx.cases.case import Check, Ran
from jsonnet_ctx.cases.mismatch import Mismatch, payload_name
from jsonnet_ctx.cases.openapi import body_pointer, is_openapi, plain_schemas
from jsonnet_ctx.cases.refuse import placed, require
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.errors import FileError, JsonnetCtxError, UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.document import load_document
from jsonnet_ctx.project.entry import Entry

_MOST_ERRORS = 20
# What a URI may hold beside letters and digits.
_POINTER = "/~!$&'()*+,;=:@-._"


def read_contract(entry: Entry) -> Check:
    """``receiver.schema.json`` or ``openapi.yaml#/paths/~1activate/post``, from the case file's folder.

    Raises FileError for a file, pointer or schema that is none.
    """
    text = require(entry, "string", "schema")
    try:
        validator = validator_of(pathlib.Path(entry.document.name).absolute().parent, text)
    except JsonnetCtxError as error:
        raise placed(entry, error) from error
    return partial(_check, text, validator)


def contract_mismatches(name: str, validator: Any, payload: Any) -> Iterator[Mismatch]:
    """Where a payload breaks a contract."""
    for number, error in enumerate(validator.iter_errors(payload)):
        if number == _MOST_ERRORS:
            return
        path = tuple(error.instance_path)
        rule = "/".join(str(part) for part in error.schema_path)
        yield Mismatch(payload_name(path), f"what {name} takes", _said(error), path, note=f"rule: {rule}")


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


def _check(name: str, validator: Any, ran: Ran) -> Iterator[Mismatch]:
    if isinstance(ran.outcome, Rendered):
        yield from contract_mismatches(name, validator, ran.outcome.payload)
