"""The rules on output: what rendered payloads say that nobody can have meant."""

import json
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.check.place import payload_place
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Location, Severity

_NIL = "00000000-0000-0000-0000-000000000000"


def nil_id_before_persist(state: SearchState) -> Iterator[Finding]:
    """An id is sent before it exists, so it is all zeros.

    A hook with `response.parse` or `can_interrupt` runs before the identity is stored, and
    `login.after` runs before a new session is.

    **bad** `registration.after.password.pre_persist`

        function(ctx) { id: ctx.identity.id }

    **good** `registration.after.password.post_persist`

        function(ctx) { id: ctx.identity.id }
    """
    if state.target.by_prefix:
        return
    for base, outcome in state.rendered:
        for path in _places(outcome.payload, lambda value: value == _NIL):
            yield _finding(
                state,
                ("JC404", "nil-id-before-persist"),
                f"payload.{format_path(path)} is {_NIL} at {base.shape.hook.id}: nothing is stored yet",
                path,
                "wire the hook without response.parse and can_interrupt, or send what is known already",
                Severity.WARNING if state.target.hook.persist == "pre" else Severity.INFO,
            )


def json_in_string(state: SearchState) -> Iterator[Finding]:
    """The payload holds JSON as text inside a string.

    Kratos writes the payload as JSON itself; `std.manifestJson` and `std.toString` inside it give
    a string with escaped quotes. Evidence: row json.manifest-string.

    **bad** `login.after.password`

        function(ctx) { body: std.manifestJsonMinified({ id: ctx.identity.id }) }

    **good** `login.after.password`

        function(ctx) { body: { id: ctx.identity.id } }
    """
    if state.target.content_type != "application/json":
        return
    for _, outcome in state.rendered:
        for path in _places(outcome.payload, _is_json_text):
            where = f"payload.{format_path(path)}" if path else "the payload"
            yield _finding(
                state,
                ("JC303", "json-in-string"),
                f"{where} is a string that holds JSON",
                path,
                "put the object there itself: the payload is written as JSON anyway",
            )


OUTPUT_RULES: tuple[Rule, ...] = (
    Rule("JC303", "json-in-string", json_in_string),
    Rule("JC404", "nil-id-before-persist", nil_id_before_persist),
)


def _places(value: Any, wanted: Any, path: Path = ()) -> Iterator[Path]:
    """The payload paths of the strings that ``wanted`` picks."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, wanted, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, wanted, (*path, index))
    elif isinstance(value, str) and wanted(value):
        yield path


def _is_json_text(text: str) -> bool:
    """Whether a string holds a JSON object, or a list of some: a list of words may be meant as text."""
    if not text.startswith(("{", "[")) or len(text) < 3:
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return bool(value) and (isinstance(value, dict) or any(isinstance(item, dict) for item in value))


def _finding(
    state: SearchState,
    rule: tuple[str, str],
    message: str,
    path: Path,
    hint: str,
    severity: Severity = Severity.WARNING,
) -> Finding:
    template = state.target.template
    line, column = payload_place(template.text, path)
    return Finding(
        rule=rule[0],
        slug=rule[1],
        severity=severity,
        message=message,
        location=Location(template.name, line, column),
        hint=hint,
        hooks=(state.target.hook.id,),
        kratos=(state.target.kratos,),
        template=template.name,
        source=template.text.split("\n")[line - 1],
        underline=(column - 1, column),
        subject=f"payload.{format_path(path)}",
    )
