"""The rules on what leaves: tokens, cookies and whole objects of ctx found again in rendered payloads.

The rules on text see what a template names; these see what it sends, through helpers and loops too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonnet_ctx.check.output_rules import output_finding, texts_of
from jsonnet_ctx.check.privacy_rules import TOKENS, WHOLE, is_token_cookie
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.context.edit import value_at
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding
from jsonnet_ctx.syntax.facts import output_fields
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem

_SHORTEST_SECRET = 8
_FEWEST_KEYS = 3


def leaks(state: SearchState) -> Iterator[Finding]:
    """What the payloads of a search hold that the rules on text do not see, each once."""
    named = _named(state.template.text)
    seen: set[Path] = set()
    for base, outcome in state.rendered:
        for path, held_at in _whole_objects(base.ctx, outcome.payload, named | seen):
            seen.add(path)
            yield _whole(state, path, held_at)
        for path, secret in _secrets(base.ctx):
            if any(path[:n] in named | seen for n in range(len(path) + 1)):
                continue
            place = next((at for at, text in texts_of(outcome.payload) if secret in text), None)
            if place is not None:
                seen.add(path)
                yield _secret(state, path, place)


def _whole(state: SearchState, path: Path, place: Path) -> Finding:
    return output_finding(
        state,
        ("JC601", "whole-object"),
        f"the payload holds {WHOLE[path]}",
        place,
        "name the fields that the receiver needs",
        path=path,
    )


def _secret(state: SearchState, path: Path, place: Path) -> Finding:
    return output_finding(
        state,
        ("JC603", "secret-leaves"),
        f"ctx.{format_path(path)} leaves with the payload",
        place,
        "send the identity's id instead, or a hash",
        path=path,
    )


def _named(text: str) -> set[Path]:
    """The ctx paths that the text puts into the payload as they are: the rules on text tell of those."""
    try:
        return {source for field in output_fields(parse(text)) if field.verbatim for source in field.sources}
    except SyntaxProblem:
        return set()


def _secrets(ctx: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """What in this ctx lets its owner act for the person: tokens, cookies, the csrf token of the form."""
    for path in TOKENS:
        value = value_at(ctx, path)
        yield from ((path, text) for text in (value if isinstance(value, list) else [value]) if _is_secret(text))
    cookies, nodes = value_at(ctx, ("request_cookies",)), value_at(ctx, ("flow", "ui", "nodes"))
    # Where a template reads what is not there, the search has put anything.
    for name, text in cookies.items() if isinstance(cookies, dict) else ():
        if is_token_cookie(name) and _is_secret(text):
            yield ("request_cookies", name), text
    for number in range(len(nodes) if isinstance(nodes, list) else 0):
        attributes = ("flow", "ui", "nodes", number, "attributes")
        text = value_at(ctx, (*attributes, "value"))
        if value_at(ctx, (*attributes, "name")) == "csrf_token" and _is_secret(text):
            yield (*attributes, "value"), text


def _is_secret(text: Any) -> bool:
    return isinstance(text, str) and len(text) >= _SHORTEST_SECRET


def _whole_objects(ctx: dict[str, Any], payload: Any, known: set[Path]) -> Iterator[tuple[Path, Path]]:
    """The objects of ctx that the payload holds whole, outermost first, each with its place in the payload."""
    told: set[Path] = set(known)
    for path in WHOLE:
        at = None if any(path[:n] in told for n in range(len(path) + 1)) else _place_of_object(ctx, path, payload)
        if at is not None:
            told.add(path)
            yield path, at


def _place_of_object(ctx: dict[str, Any], path: Path, payload: Any) -> Path | None:
    whole = value_at(ctx, path)
    if not isinstance(whole, dict) or len(whole) < _FEWEST_KEYS:
        return None
    by_name = path in (("request_headers",), ("request_cookies",))
    return next((at for at, held in _objects_of(payload) if _holds(held, whole, by_name=by_name)), None)


def _holds(held: Mapping[str, Any], whole: Mapping[str, Any], *, by_name: bool) -> bool:
    """Whether an object of the payload has every key of the other with its value; headers may be reshaped."""
    return whole.keys() <= held.keys() and (by_name or all(held[key] == value for key, value in whole.items()))


def _objects_of(payload: Any, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(payload, dict):
        yield path, payload
        for key, value in payload.items():
            yield from _objects_of(value, (*path, key))
    elif isinstance(payload, list):
        for index, value in enumerate(payload):
            yield from _objects_of(value, (*path, index))
