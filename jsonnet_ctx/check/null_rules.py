"""The rule on null in texts: a field that is null arrives inside a string as the word null."""

from collections.abc import Iterator

from jsonnet_ctx.check.output_rules import output_finding, texts_of
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.context.edit import apply_edit, has, value_at
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Edit, Finding
from jsonnet_ctx.syntax.facts import concatenations
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem

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


NULL_RULES: tuple[Rule, ...] = (Rule("JC112", "null-in-string", null_in_string),)


def _joined_paths(text: str) -> tuple[Path, ...]:
    """The ctx paths that the template joins to texts; what a client sends of its own accord is its own affair."""
    try:
        found = (path for text_made in concatenations(parse(text)) for path in text_made.paths)
    except SyntaxProblem:
        return ()
    return tuple(dict.fromkeys(path for path in found if path[:2] != ("flow", "transient_payload") and "*" not in path))


def _places_of_null(state: SearchState, path: Path) -> Iterator[Path]:
    """Where in a payload null stands inside a text: with a mark in its place, the mark stands there."""
    for base, outcome in state.rendered:
        if not has(base.ctx, path) or value_at(base.ctx, path) is not None:
            continue
        (trace,) = state.trace([apply_edit(base.ctx, Edit(path, "set", _MARK))])
        if isinstance(trace.outcome, Rendered):
            before = dict(texts_of(outcome.payload))
            marked = texts_of(trace.outcome.payload)
            joined = ((at, text) for at, text in marked if _MARK in text and text != _MARK)
            yield from (at for at, text in joined if text.replace(_MARK, "null") == before.get(at))
        return
