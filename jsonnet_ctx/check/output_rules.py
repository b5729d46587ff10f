"""The rules on output: what rendered payloads say that nobody can have meant."""

import json
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.check.place import payload_place
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.records import replace
from jsonnet_ctx.syntax.facts import LARGEST_EXACT_INTEGER
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import Number, walk

_UNSET = ("00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00Z")
"""What Go writes for an id and a time that nobody has set (captures registration.after.*.pre_persist)."""


def nil_id_before_persist(state: SearchState) -> Iterator[Finding]:
    """An id or a time is sent before it exists, so it is all zeros.

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
        for path, text in texts_of(outcome.payload):
            zeros = next((value for value in _UNSET if value in text), None)
            if zeros is None:
                continue
            reason, hint = _unstored(base.shape.hook)
            yield output_finding(
                state,
                ("JC404", "nil-id-before-persist"),
                f"payload.{format_path(path)} {'is' if text == zeros else 'holds'} {zeros} at {base.shape.hook.id}:"
                f" {reason}",
                path,
                hint,
            )


def _unstored(hook: HookPoint) -> tuple[str, str]:
    """What is not stored yet at a hook point, and what to do about it."""
    if hook.phase == "before":
        return "the flow is not stored yet", "send flow.issued_at instead"
    if hook.persist == "pre":
        reason = "the change is not stored yet" if hook.flow == "settings" else "nothing is stored yet"
        return reason, "wire the hook without response.parse and can_interrupt, or send what is known already"
    hint = "send identity.id instead: the session gets its id only after the hooks"
    return "the new session is not stored yet", hint


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
        for path in (place for place, text in texts_of(outcome.payload) if _is_json_text(text)):
            where = f"payload.{format_path(path)}" if path else "the payload"
            yield output_finding(
                state,
                ("JC303", "json-in-string"),
                f"{where} is a string that holds JSON",
                path,
                "put the object there itself: the payload is written as JSON anyway",
            )


def large_integer_sent(state: SearchState) -> Iterator[Finding]:
    """Tell of whole numbers in payloads that Jsonnet computed or read, and cannot hold exactly (rule JC503).

    Those that the template writes itself are the business of the rule on text.
    """
    written = _numbers(state.template.text)
    for _, outcome in state.rendered:
        for path, value in leaves_of(outcome.payload):
            if type(value) is int and abs(value) > LARGEST_EXACT_INTEGER and float(value) not in written:
                yield output_finding(
                    state,
                    ("JC503", "large-integer"),
                    f"payload.{format_path(path)} is {value}: whole numbers beyond 2^53 change",
                    path,
                    "send it as a string, and keep it one on the way",
                )


def texts_of(payload: Any) -> Iterator[tuple[Path, str]]:
    """Every string of a payload with its path."""
    return ((path, value) for path, value in leaves_of(payload) if isinstance(value, str))


OUTPUT_RULES: tuple[Rule, ...] = (
    Rule("JC303", "json-in-string", json_in_string),
    Rule("JC404", "nil-id-before-persist", nil_id_before_persist),
)


def _numbers(text: str) -> set[float]:
    try:
        return {float(node.text) for node in walk(parse(text)) if isinstance(node, Number)}
    except SyntaxProblem:
        return set()


def leaves_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that a payload holds besides objects and lists, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves_of(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves_of(item, (*path, index))
    else:
        yield path, value


def _is_json_text(text: str) -> bool:
    """Whether a string holds a JSON object, or a list of some: a list of words may be meant as text."""
    if not text.startswith(("{", "[")) or len(text) < 3:
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return bool(value) and (isinstance(value, dict) or any(isinstance(item, dict) for item in value))


def output_finding(
    state: SearchState,
    rule: tuple[str, str],
    message: str,
    place: Path,
    hint: str,
    *,
    path: Path | None = None,
) -> Finding:
    """A warning of ``rule`` (id and slug) about the payload path ``place``; ``path`` is the ctx path to blame."""
    at = payload_place(state.target.template.text, place)
    subject = "" if path else f"payload.{format_path(place)}"
    return replace(place_finding(state, rule, message, at, hint, path=path), subject=subject)


def place_finding(
    state: SearchState,
    rule: tuple[str, str],
    message: str,
    at: tuple[int, int],
    hint: str,
    *,
    path: Path | None = None,
) -> Finding:
    """A warning of ``rule`` at a line and column of the template."""
    template = state.target.template
    line, column = at
    return Finding(
        rule=rule[0],
        slug=rule[1],
        severity=Severity.WARNING,
        message=message,
        location=Location(template.name, line, column),
        hint=hint,
        hooks=(state.target.hook.id,),
        kratos=(state.target.kratos,),
        path=format_path(path) if path else None,
        template=template.name,
        source=template.text.split("\n")[line - 1],
        underline=(column - 1, column),
    )
