"""The error text with which Kratos fails a hook whose template could not be read or did not render."""

from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.effect_rows import failure_text
from jsonnet_ctx.project.go_base64 import IllegalBase64, decode_base64
from jsonnet_ctx.project.template import Unreadable


def failure_words(failure: Failed | Unreadable) -> str:
    """Return the error text as Kratos logs it and shows it to the client.

    A template error keeps the engine's text (``error.raw``). Raises UsageError for a body of which
    nobody can tell from the files what it would do, or with which Kratos would not start.
    """
    if isinstance(failure, Failed):
        error = failure.error
        return error.raw or failure_text(error.kind) or error.message
    text = failure_text(failure.kind)
    if failure.refused_at_start:
        raise UsageError(f"kratos does not start with this body: {failure.message}", hint=failure.hint)
    if text is None:
        raise UsageError(f"what this body does cannot be told from the files: {failure.message}", hint=failure.hint)
    path = failure.uri.removeprefix("file://")
    return text.format(path=path, uri=failure.uri, byte=_wrong_byte(failure.uri.removeprefix("base64://")))


def _wrong_byte(text: str) -> int | None:
    try:
        decode_base64(text)
    except IllegalBase64 as error:
        return error.offset
    return None
