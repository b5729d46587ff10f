"""Whether traits from a receiver's answer fit the identity schema, in the words of Kratos' form."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from jsonnet_ctx.engine.hook_result import FormMessage
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.effect_rows import schema_wording


def trait_complaints(traits: object, identity_schema: Mapping[str, Any] | None) -> tuple[FormMessage, ...]:
    """Return the messages the form shows for these traits; none where they fit.

    Without a schema only traits that are no object are complained about (behaviours.json rows
    resp.200.patch.reg.partial-traits, resp.200.patch.reg.invalid-traits). Raises UsageError for
    a schema that is none, or that refers to other documents.
    """
    if identity_schema is None or not isinstance(traits, dict):
        return () if isinstance(traits, dict) else (_message("type", (), "object", traits, ""),)
    return tuple(_complaint(error, identity_schema) for error in _errors({"traits": traits}, identity_schema))


def _errors(instance: object, schema: Mapping[str, Any]) -> list[Any]:
    import jsonschema_rs

    def no_fetching(uri: str) -> Any:
        raise ValueError(f"{uri} is another document")

    try:
        validator = jsonschema_rs.validator_for(dict(schema), validate_formats=True, retriever=no_fetching)
        return list(validator.iter_errors(instance))
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"the identity schema cannot be used: {reason}") from None


def _complaint(error: Any, schema: Mapping[str, Any]) -> FormMessage:
    keyword = str(error.schema_path[-1]) if error.schema_path else ""
    wanted = _at(schema, error.schema_path)
    path = tuple(str(part) for part in error.instance_path)
    value = error.instance
    if keyword == "required" and isinstance(wanted, list) and isinstance(value, dict):
        missing = next((name for name in wanted if name not in value and repr(name)[1:-1] in error.message), "")
        return _message(keyword, (*path, str(missing))[1:], missing, value, error.message)
    if keyword == "additionalProperties" and isinstance(value, dict):
        known = _at(schema, [*error.schema_path[:-1], "properties"]) or {}
        wanted = [name for name in value if name not in known]
    return _message(keyword, path[1:], wanted, value, error.message)


def _message(keyword: str, path: tuple[str, ...], wanted: Any, value: Any, said: str) -> FormMessage:
    wording = schema_wording(keyword)
    listed = wanted if isinstance(wanted, list) else [wanted]
    text = wording.text.format(
        name=wanted,
        names=", ".join(json.dumps(name, ensure_ascii=False) for name in listed),
        wanted=" or ".join(str(one) for one in listed),
        wanted_json=json.dumps(wanted, ensure_ascii=False),
        kind=_kind(value),
        length=len(value) if isinstance(value, str | list) else 0,
        value=value,
        value_json=json.dumps(value, ensure_ascii=False),
        said=said,
    )
    return FormMessage(".".join(("traits", *path)), wording.id, "error", text)


def _at(document: Any, path: Iterable[Any]) -> Any:
    for step in path:
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def _kind(value: object) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return kinds.get(type(value), "number")
