"""Identity schemas: from files and from the ``identity.schemas`` of a config."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location, Severity
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.body_uri import scheme_of
from jsonnet_ctx.project.document import Document, load_document, parse_documents
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.file_text import decode_text
from jsonnet_ctx.project.go_base64 import IllegalBase64, decode_base64
from jsonnet_ctx.project.key_check import refused
from jsonnet_ctx.project.places import Places, find_file, shown
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.records import Frozen


class Schemas(Frozen):
    """The readable schemas of a config, the default one first, and what is wrong with the others."""

    schemas: tuple[IdentitySchema, ...]
    default_id: str
    problems: tuple[Problem, ...]


def load_identity_schema(path: str | Path, *, schema_id: str | None = None) -> IdentitySchema:
    """Read an identity schema file (JSON, YAML is accepted too); ``schema_id`` is the file's stem.

    Remote ``$ref`` and ``$schema`` are left as they are: nothing is fetched. Raises FileError.
    """
    source = Path(path)
    stem = source.name.removesuffix(source.suffix).removesuffix(".schema")
    return _as_schema(load_document(source), schema_id if schema_id is not None else stem)


def load_config_schemas(root: Entry, places: Places) -> Schemas:
    """Read ``identity.schemas`` of a Kratos config; a schema that gives none becomes a problem."""
    identity = root.get("identity")
    default = root.value_at("identity", "default_schema_id")
    default_id = default if isinstance(default, str) else "default"
    problems: list[Problem] = []
    schemas: list[IdentitySchema] = []
    listed = identity.get("schemas") if identity else None
    for entry in _wanted(listed, problems):
        try:
            schemas.append(_load(entry, places))
        except FileError as error:
            message = f"identity schema {entry.value['id']!r}: {error.message}"
            hint = error.hint or "give the schema with --identity-schema"
            effect = "which traits an identity can have is not known"
            where = entry.location if error.location.line is None else error.location
            severity, address = Severity.WARNING, entry.address
            problems.append(Problem("identity-schema", message, where, severity, VERSIONS, hint, effect, address))
    if identity and listed and default is not None and default_id not in [e.value_at("id") for e in listed.items()]:
        message = f"identity.default_schema_id {default_id!r} is none of identity.schemas"
        problems.append(refused("identity-schema", message, identity.get("default_schema_id") or identity))
    # Stable: the default schema first, the others in the order of the config.
    schemas.sort(key=lambda schema: schema.schema_id != default_id)
    return Schemas(tuple(schemas), default_id, tuple(problems))


def _wanted(listed: Entry | None, problems: list[Problem]) -> Iterator[Entry]:
    """The items of ``identity.schemas`` that have an id and a url; the others become problems."""
    if listed is None:
        return
    if not isinstance(listed.value, list):
        problems.append(refused("wrong-shape", f"identity.schemas must be a list, not {listed.type_name}", listed))
    for entry in listed.items():
        if isinstance(entry.value_at("id"), str) and isinstance(entry.value_at("url"), str):
            yield entry
        else:
            problems.append(refused("wrong-shape", "an identity schema needs id and url", entry))


def _load(entry: Entry, places: Places) -> IdentitySchema:
    schema_id, url = entry.value["id"], entry.value["url"]
    name = entry.location.path
    match scheme_of(url):
        case "base64":
            try:
                text = decode_text(decode_base64(url.removeprefix("base64://")), name)
            except IllegalBase64 as error:
                raise FileError(f"kratos cannot decode it: {error}", Location(name)) from error
            return _from_text(text, f"{name}::identity.schemas.{schema_id}", schema_id)
        case "file":
            found = find_file(url.removeprefix("file://"), places)
            if found.inline is not None:
                return _from_text(found.inline.text, f"{name}::{Path(url).name}", schema_id)
            if found.path is None:
                raise FileError(found.message, Location(name), hint=found.hint)
            return _as_schema(load_document(found.path, name=shown(found.path, places.root)), schema_id)
        case _:
            raise FileError(f"{url} is not fetched", Location(name))


def _from_text(text: str, name: str, schema_id: str) -> IdentitySchema:
    return _as_schema(parse_documents(text, name, suffix=".json")[0], schema_id)


def _as_schema(document: Document, schema_id: str) -> IdentitySchema:
    value: Any = document.value
    if not isinstance(value, dict):
        kind = Entry(document, (), value).type_name
        raise FileError(f"is {kind}, not a JSON schema of an identity", document.location_of(()))
    return IdentitySchema(schema_id, value, document.location_of(()))
