"""What Kratos takes from a receiver's answer: an identity patch, or messages for the form."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from jsonnet_ctx.engine.go_decode import GoJsonError, read_json
from jsonnet_ctx.engine.hook_result import FormMessage
from jsonnet_ctx.kratos.receiver_rows import patch_fields, streams_answer
from jsonnet_ctx.records import Frozen

_UNREADABLE = "webhook response could not be unmarshalled properly from JSON: "
_PATCH_TYPE = 'struct { Identity *hook.localIdentity "json:\\"identity\\"" }'


class AnswerError(Exception):
    """An answer that fails the hook; the message is the error text that Kratos logs."""


class Refusal(Frozen):
    """The receiver's messages, and the error text that Kratos makes of them."""

    messages: tuple[FormMessage, ...]
    error: str


def read_patch(body: bytes, kratos: str) -> dict[str, Any]:
    """Return the identity fields of a 200 answer that Kratos applies; ``{}`` where there is nothing to apply.

    ``null``, a missing ``identity`` and empty strings or lists apply nothing (behaviours.json rows
    resp.200.*). Raises AnswerError with Kratos' error text.
    """
    document = _decode(body, stream=streams_answer("patch", kratos))
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise AnswerError(f"{_UNREADABLE}json: cannot unmarshal {_name(document)} into Go value of type {_PATCH_TYPE}")
    identity = _member(document, "identity")
    if identity is None:
        return {}
    if not isinstance(identity, dict):
        raise AnswerError(_field_error(identity, ".identity", "hook.localIdentity"))
    patch: dict[str, Any] = {}
    for field in patch_fields(kratos):
        if field.name in {key.lower() for key in identity}:
            value = _member(identity, field.name)
            if not field.raw and value is not None and _name(value) != field.json_type:
                raise AnswerError(_field_error(value, f"localIdentity.identity.{field.name}", field.go_type))
            if field.raw or value:
                patch[field.name] = value
    return patch


def read_refusal(body: bytes, kratos: str) -> Refusal:
    """Return the messages of a 4xx answer under ``response.parse`` or ``can_interrupt``.

    A missing ``type`` is info, a missing ``text`` or ``id`` is empty or 0, ``#/`` is above the form
    (behaviours.json rows resp.400.*). Raises AnswerError with Kratos' error text.
    """
    document = _decode(body, stream=streams_answer("messages", kratos))
    if document is not None and not isinstance(document, dict):
        raise AnswerError(_value_error(document, "hook.rawHookResponse"))
    groups = _list(document, "messages", "rawHookResponse.messages", "[]hook.errorMessage")
    if not groups:
        raise AnswerError("error while parsing webhook response: got no validation errors")
    messages: list[FormMessage] = []
    pointers: list[str] = []
    for group in groups:
        if group is not None and not isinstance(group, dict):
            raise AnswerError(_field_error(group, "rawHookResponse.messages", "hook.errorMessage"))
        pointer = _text(group, "instance_ptr", "errorMessage.messages")
        pointers.append(pointer)
        details = _list(group, "messages", "errorMessage.messages.messages", "[]hook.detailedMessage")
        messages.extend(_message(detail, _node(pointer)) for detail in details)
    lines = [f"({n}) I[{pointer}] S[] a webhook target returned an error" for n, pointer in enumerate(pointers)]
    return Refusal(tuple(messages), "\n".join([f"{len(lines)} validation errors occurred:", *lines]))


def _message(detail: object, node: str | None) -> FormMessage:
    if detail is not None and not isinstance(detail, dict):
        raise AnswerError(_field_error(detail, "errorMessage.messages.messages", "hook.detailedMessage"))
    where = "detailedMessage.messages.messages"
    return FormMessage(
        node=node,
        id=_number(detail, "id", where),
        type="error" if _text(detail, "type", where) == "error" else "info",
        text=_text(detail, "text", where),
    )


def _node(pointer: str) -> str | None:
    """Return the form node of a JSON pointer (``#/traits/name/last`` is ``traits.name.last``), None for the form."""
    if not pointer.startswith("#/"):
        return None
    parts = [unquote(part).replace("~1", "/").replace("~0", "~") for part in pointer[2:].split("/")]
    return ".".join(part.replace(".", "\\.") for part in parts) or None


def _decode(body: bytes, *, stream: bool) -> Any:
    try:
        return read_json(body, stream=stream)
    except GoJsonError as error:
        raise AnswerError(f"{_UNREADABLE}{error}") from None


def _member(document: Mapping[str, Any] | None, name: str) -> Any:
    # Go finds members in any letter case; the last one counts.
    found = [value for key, value in (document or {}).items() if key.lower() == name]
    return found[-1] if found else None


def _list(document: Mapping[str, Any] | None, name: str, field: str, go_type: str) -> list[Any]:
    value = _member(document, name)
    if value is not None and not isinstance(value, list):
        raise AnswerError(_field_error(value, field, go_type))
    return value or []


def _text(document: Mapping[str, Any] | None, name: str, where: str) -> str:
    value = _member(document, name)
    if value is not None and not isinstance(value, str):
        raise AnswerError(_field_error(value, f"{where}.{name}", "string"))
    return value or ""


def _number(document: Mapping[str, Any] | None, name: str, where: str) -> int:
    value = _member(document, name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        shown = f"number {value}" if isinstance(value, float) else None
        raise AnswerError(_field_error(value, f"{where}.{name}", "int", shown))
    return value


def _field_error(value: object, field: str, go_type: str, shown: str | None = None) -> str:
    return f"{_UNREADABLE}json: cannot unmarshal {shown or _name(value)} into Go struct field {field} of type {go_type}"


def _value_error(value: object, go_type: str) -> str:
    return f"{_UNREADABLE}json: cannot unmarshal {_name(value)} into Go value of type {go_type}"


def _name(value: object) -> str:
    """Return Go's name for the kind of a JSON value."""
    names = {str: "string", bool: "bool", list: "array", dict: "object"}
    return names.get(type(value), "number")
