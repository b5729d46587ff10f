"""The request body of an OpenAPI 3 operation as a JSON Schema."""

import difflib
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.errors import UsageError

METHODS = ("post", "put", "patch", "get", "delete", "options", "head", "trace")
_MOST_REFS = 20


def is_openapi(document: dict[str, Any]) -> bool:
    """Whether a document describes an API."""
    return isinstance(document.get("openapi"), str)


def body_pointer(document: dict[str, Any], pointer: str) -> str:
    """The JSON pointer of the schema that an operation (or a pointer straight to a schema) names.

    A path item with one operation stands for it. Of several media types JSON is taken. Raises
    UsageError with the nearest key for a pointer that leads nowhere, and for an operation without
    a JSON body.
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    place, value = _follow(document, [], document, steps)
    operations = [method for method in METHODS if isinstance(value, dict) and method in value]
    if len(operations) == 1 and "requestBody" not in value:
        place, value = _follow(document, place, value, operations)
    if isinstance(value, dict) and ("requestBody" in value or "responses" in value):
        if "requestBody" not in value:
            raise UsageError(f"the operation #{pointer} takes no body")
        place, value = _follow(document, place, value, ["requestBody"])
    if isinstance(value, dict) and isinstance(value.get("content"), dict):
        place, value = _follow(document, place, value, ["content", _media_type(value["content"], pointer)])
        if not isinstance(value, dict) or "schema" not in value:
            raise UsageError(f"the body of #{pointer} has no schema")
        place = [*place, "schema"]
    if not isinstance(value, dict | bool) or not _is_schema_place(place):
        known = next((f"#/paths/{_escaped(path)}/{method}" for path, method in _operations(document)), None)
        hint = f"name an operation, such as {known}" if known else None
        raise UsageError(f"#{pointer} is no operation and no schema", hint=hint)
    return "".join(f"/{_escaped(step)}" for step in place)


def _is_schema_place(place: list[str]) -> bool:
    """Whether a schema stands there: as one, any other part of the document would take whatever comes."""
    if place[:1] in (["paths"], ["webhooks"], ["components"]):
        return "schema" in place or (place[:2] == ["components", "schemas"] and len(place) > 2)
    return len(place) > 1


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        yield from ((str(path), method) for method in METHODS if isinstance(item, dict) and method in item)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def plain_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The document with ``nullable`` of OpenAPI 3.0 in the words of JSON Schema."""
    if not str(document.get("openapi")).startswith("3.0"):
        return document
    plain: dict[str, Any] = _without_nullable(document)
    return plain


def _without_nullable(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _without_nullable(item) for key, item in value.items()}
    if made.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if isinstance(made.get("enum"), list):
            made["enum"] = [*made["enum"], None]
    return made


def _media_type(content: dict[str, Any], pointer: str) -> str:
    for name in (*_json_types(content), "*/*", "application/x-www-form-urlencoded"):
        if name in content:
            return name
    raise UsageError(f"the body of #{pointer} is not JSON but {', '.join(content) or 'nothing'}")


def _json_types(content: dict[str, Any]) -> Iterator[str]:
    plain = {name.partition(";")[0].strip().lower(): name for name in content}
    for kind, name in plain.items():
        if kind == "application/json" or kind.endswith("+json") or kind == "application/*":
            yield name


def _follow(document: Any, place: list[str], value: Any, steps: list[str]) -> tuple[list[str], Any]:
    """The pointer and the value that some steps lead to, local references on the way followed."""
    for step in steps:
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            raise _missing(step, value)
        place = [*place, step]
        for _ in range(_MOST_REFS):
            ref = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(ref, str) or not ref.startswith("#/") or "schemas" in place or step == "schema":
                break
            place = [part.replace("~1", "/").replace("~0", "~") for part in ref[2:].split("/")]
            value = document
            for part in place:
                value = value.get(part) if isinstance(value, dict) else None
    return place, value


def _missing(step: str, value: Any) -> UsageError:
    keys = list(value) if isinstance(value, dict) else []
    near = difflib.get_close_matches(step, keys, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(keys[:8]) or 'nothing'}"
    return UsageError(f"the OpenAPI document has no {step!r} there", hint=hint)
