"""The rules on null: a field that is null where the template does not expect it, and raises no error."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.check.output_rules import leaves_of, output_finding, place_finding
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.context.edit import apply_edit, has, value_at
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Edit, Finding, Severity
from jsonnet_ctx.records import replace
from jsonnet_ctx.syntax.facts import concatenations
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import Read, ctx_reads
from jsonnet_ctx.syntax.tree import Call, Null, walk

_MARK = "\ue000mark\ue000"
"""A text that no template holds."""


def null_in_string(state: SearchState) -> Iterator[Finding]:
    """A field that can be null is put into a string, where it arrives as the word `null`.

    Jsonnet joins `null` to a text without an error, so `'/orgs/' + ctx.identity.organization_id`
    is `/orgs/null` for everybody without an organization.

    **bad** `login.after.password`

        function(ctx) { link: '/orgs/' + ctx.identity.organization_id }

    **good** `login.after.password`

        function(ctx) {
          local organization = ctx.identity.organization_id,
          link: if organization == null then '/' else '/orgs/' + organization,
        }
    """
    for path in _joined_paths(state.template.text):
        place = next((found for found in _places_of_null(state, path)), None)
        if place is not None:
            yield output_finding(
                state,
                ("JC112", "null-in-string"),
                f"ctx.{format_path(path)} can be null, and arrives in payload.{format_path(place)} as the word null",
                place,
                f"if ctx.{format_path(path)} == null then … else …",
                path=path,
            )


def null_beats_default(state: SearchState) -> Iterator[Finding]:
    """`std.get` gives a default only for a missing key; here the key is always there, and may be null.

    A remark where the template copes with null elsewhere, a warning where null leaves in place of the default.

    **bad** `login.after.password`

        function(ctx) { metadata: std.get(ctx.identity, 'metadata_public', {}) }

    **good** `login.after.password`

        function(ctx) { metadata: if ctx.identity.metadata_public == null then {} else ctx.identity.metadata_public }
    """
    shape = state.target.shape()
    for read in _gets(state.template.text):
        field = shape.field(read.path)
        if field is None or field.presence != "always" or not field.nullable or field.path != read.path:
            continue
        sent = any(after == _MARK for _, (_, after) in _marked(state, read.path))
        name = f"ctx.{format_path(read.path)}"
        told = place_finding(
            state,
            ("JC109", "null-beats-default"),
            f"{name} is always there and can be null: the default of std.get is never used",
            (read.line, read.column),
            f"if {name} == null then … else …",
            path=read.path,
        )
        end = min(read.column - 1 + read.span[1] - read.span[0], len((told.source or "").encode()))
        yield replace(told, severity=Severity.WARNING if sent else Severity.INFO, underline=(read.column - 1, end))


NULL_RULES: tuple[Rule, ...] = (
    Rule("JC109", "null-beats-default", null_beats_default),
    Rule("JC112", "null-in-string", null_in_string),
)


def _gets(text: str) -> list[Read]:
    """The ``std.get`` calls of a template that have a default other than null."""
    try:
        reads, tree = ctx_reads(text), parse(text)
    except SyntaxProblem:
        return []
    calls = {(node.start, node.end): node for node in walk(tree) if isinstance(node, Call)}
    found = ((read, calls.get(read.span)) for read in reads if read.kind == "get")
    return [read for read, call in found if call is not None and _has_default(call)]


def _has_default(call: Call) -> bool:
    named = (argument.value for argument in call.named if argument.name == "default")
    default = call.positional[2] if len(call.positional) > 2 else next(named, None)
    return default is not None and not isinstance(default, Null)


def _joined_paths(text: str) -> tuple[Path, ...]:
    """The ctx paths that the template joins to texts; what a client sends of its own accord is its own affair."""
    try:
        found = (path for text_made in concatenations(parse(text)) for path in text_made.paths)
    except SyntaxProblem:
        return ()
    return tuple(dict.fromkeys(path for path in found if path[:2] != ("flow", "transient_payload") and "*" not in path))


def _places_of_null(state: SearchState, path: Path) -> Iterator[Path]:
    """Where in a payload null stands inside a text."""
    for at, (before, after) in _marked(state, path):
        # '' + value is how some write std.toString: then the word null may be meant.
        if isinstance(after, str) and _MARK in after and after != _MARK and after.replace(_MARK, "null") == before:
            yield at


def _marked(state: SearchState, path: Path) -> Iterator[tuple[Path, tuple[Any, Any]]]:
    """What a payload holds where ``path`` is null, and what it holds with a mark in the place of that null."""
    for base, outcome in state.rendered:
        if not has(base.ctx, path) or value_at(base.ctx, path) is not None:
            continue
        (trace,) = state.trace([apply_edit(base.ctx, Edit(path, "set", _MARK))])
        if isinstance(trace.outcome, Rendered):
            before = dict(leaves_of(outcome.payload))
            yield from ((at, (before.get(at), after)) for at, after in leaves_of(trace.outcome.payload))
        return
