"""From what the engine said to an outcome, by Kratos's rules: cancel, content types, form shape, limits."""

import json
from collections.abc import Set
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.classify import classify, kind_of_death
from jsonnet_ctx.engine.error_text import parse_error
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Kind, Outcome, Rendered, TemplateError, Usage
from jsonnet_ctx.errors import EngineError
from jsonnet_ctx.kratos.effect_rows import content_type_used, failure_text
from jsonnet_ctx.kratos.limits import Limits
from jsonnet_ctx.project.template import Template

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CANCEL = "RUNTIME ERROR: cancel"

_GO_TYPES: dict[type, str] = {
    bool: "bool",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


class Terms(NamedTuple):
    """What a verdict depends on besides the engine's answer.

    ``content_type`` is the request's, ``std_members`` every name that some version's std has.
    """

    template: Template
    content_type: str
    limits: Limits
    std_members: Set[str] = frozenset()

    @property
    def filename(self) -> str:
        """The file name that Kratos gives the template: the whole URI of the body."""
        return self.template.uri or self.template.name

    @property
    def form(self) -> bool:
        """Whether the output has to be a form."""
        return content_type_used(self.content_type, self.limits.kratos) == FORM


def refused(terms: Terms, input_bytes: int) -> Failed | None:
    """What Kratos refuses before it evaluates: other content types, and messages over the limit.

    behaviours.json rows ct.json-charset, ct.json-upper, ct.text-plain, ct.empty, limit.ctx-70k.
    """
    used = content_type_used(terms.content_type, terms.limits.kratos)
    if used not in (JSON, FORM):
        raw = "invalid config - incorrect Content-Type for request with body"
        return _failed("content-type", f"Kratos sends no request with a body as {used!r}", raw)
    most = terms.limits.input_bytes
    if most is not None and input_bytes > most:
        raw = failure_text("input-too-large") or ""
        message = f"ctx and template make a message of {input_bytes} bytes, over the limit of {most}"
        return _failed("input-too-large", message, raw, Usage(input_bytes=input_bytes))
    return None


def stopped(terms: Terms, stop: ChildStopped, usage: Usage) -> Failed:
    """The verdict on a worker that gave no answer (rows limit.slow-loop, limit.oom-repeat-2)."""
    if stop.timed_out:
        message = f"the evaluation takes longer than {terms.limits.seconds:g} s"
        return _failed("timeout", message, "jsonnetsecure: eval: context deadline exceeded", usage)
    kind, told = kind_of_death(stop.words)
    return _failed(kind, told, f"jsonnetsecure: eval: {told}", usage)


def rendered(terms: Terms, text: str, usage: Usage, payload: Any = ...) -> Outcome:
    """The verdict on output: over the limit, not a form, or fine.

    ``payload`` spares reading ``text`` where it has been read. Rows limit.output-x65521, ct.form.*.
    """
    most = terms.limits.output_bytes
    if most is not None and usage.output_bytes > most:
        raw = "jsonnetsecure: ERROR: scan: bufio.Scanner: token too long"
        message = f"the output has {usage.output_bytes} bytes, over the limit of {most}"
        return _failed("output-too-large", message, raw, usage)
    value = _read(terms, text) if payload is ... else payload
    if terms.form and (fault := _not_a_form(value)):
        message, path = fault
        return _failed("form-shape", message, message, usage, path)
    return Rendered(value, text, usage)


def _read(terms: Terms, text: str) -> Any:
    """Output as plain JSON values. Raises EngineError where it is nested deeper than Python can follow."""
    try:
        return json.loads(text)
    except RecursionError:
        raise EngineError(f"{terms.template.name}: its output is nested too deeply to be judged") from None


def failed(terms: Terms, text: str, usage: Usage) -> Outcome:
    """The verdict on an error text.

    Under JSON a text that contains ``RUNTIME ERROR: cancel`` skips the hook silently, under a
    form content type nothing does (rows cancel.json.*, cancel.form.exact).
    """
    parsed = parse_error(text, filename=terms.filename, name=terms.template.name)
    error = TemplateError(
        kind=classify(parsed, terms.template.text, std_members=terms.std_members),
        message=parsed.message,
        location=parsed.location,
        payload_path=parsed.payload_path,
        frames=parsed.frames,
        raw=f"jsonnetsecure: ERROR: {text}",
    )
    if CANCEL in text and not terms.form:
        return Cancelled(error, usage)
    return Failed(error, usage)


def _not_a_form(value: Any) -> tuple[str, Path | None] | None:
    """Why Go cannot read ``value`` into a ``map[string]string``: its words, and the field."""
    if value is None:
        return None
    if not isinstance(value, dict):
        return f"json: cannot unmarshal {_GO_TYPES[type(value)]} into Go value of type map[string]string", None
    for key, item in value.items():
        if item is not None and not isinstance(item, str):
            return f"json: cannot unmarshal {_GO_TYPES[type(item)]} into Go value of type string", (key,)
    return None


def _failed(kind: Kind, message: str, raw: str, usage: Usage = Usage(), payload_path: Path | None = None) -> Failed:  # noqa: B008
    return Failed(TemplateError(kind, message, payload_path=payload_path, raw=raw), usage)
