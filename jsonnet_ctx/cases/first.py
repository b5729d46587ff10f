"""A first case file for a template: what it reads is given, what it renders today is expected."""

import json
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cases.guess import Subject, best_guess, compared_with
from jsonnet_ctx.cases.matchers import NOTHING
from jsonnet_ctx.cases.mismatch import changed_values
from jsonnet_ctx.cases.yaml_text import block, scalar
from jsonnet_ctx.ctx_path import Path, format_path, parse_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered
from jsonnet_ctx.errors import SourceError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.facts import entry_point
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem

_LONG = 1500
_MOST_CONSTANTS = 6
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


class FirstFile(Frozen):
    """The text of a case file, and what was guessed in it, one line each."""

    text: str
    guesses: tuple[str, ...]


def first_file(subject: Subject, engine: Engine) -> FirstFile:
    """Write the cases: one with all that is read, one for each part that may be missing, one for each constant."""
    guess = best_guess(subject, engine)
    base, given = guess.outcome, guess.given
    require_runs(base, subject.template)
    lines = [
        "# Read every expectation: it is what the template does today, right or wrong.",
        f"template: {scalar(subject.name)}",
        f"hook: {subject.shape.hook.id}",
        f"kratos: {subject.shape.kratos}",
    ]
    if subject.schema_file:
        lines.append(f"identity-schema: {scalar(subject.schema_file)}")
    if given:
        lines += ["given:", *block(given, 2)]
    lines += ["cases:", *_case("with everything that the template reads", (), expectation_of(base))]
    guesses = [*guess.told()]
    if isinstance(base, Failed):
        guesses.append(f"no values were found with which the template renders ({base.error.kind}): give some")
    for text in given:
        if not _may_be_missing(subject.shape, parse_path(text)):
            continue
        outcome = subject.outcome(engine, given, (text,))
        expect = _difference(base, outcome)
        if expect is None:
            continue
        lines += ["", *_case(f"without {text}", (f"without: [{scalar(text)}]",), expect)]
        if isinstance(outcome, Failed):
            guesses.append(
                f"without ctx.{text} the template fails ({outcome.error.kind}); the case takes that for right"
            )
    for text, constant in list(compared_with(subject))[:_MOST_CONSTANTS]:
        expect = _difference(base, subject.outcome(engine, {**given, text: constant}))
        if expect is not None and given.get(text) != constant:
            name = f"{text} is {constant if isinstance(constant, str) and constant else json.dumps(constant)}"
            lines += ["", *_case(name, (f"given: {scalar({text: constant})}",), expect)]
    return FirstFile("\n".join(lines) + "\n", tuple(guesses))


def require_runs(outcome: Outcome, template: Template) -> None:
    """Raise SourceError for a template that fails whatever it gets: nobody wants a case of that."""
    if isinstance(outcome, Failed) and outcome.error.kind in ("syntax", "entry-point", "import", "std-missing"):
        error = outcome.error
        place = error.location or _entry_point(template)
        raise SourceError(f"{place}: {error.kind}: {error.message}", hint="mend the template first")


def _entry_point(template: Template) -> Location:
    """Where the function is that Kratos calls: what is wrong with it has no other place."""
    try:
        start = entry_point(parse(template.text)).span[0]
    except SyntaxProblem:
        return Location(template.name)
    return Location(template.name, *line_column(template.text, start))


def _may_be_missing(shape: Shape, path: Path) -> bool:
    """Whether Kratos may leave a path out: its own field, or anything that clients or admins fill freely."""
    field = shape.field(path)
    if field is None or (field.set_by == "server" and any(isinstance(part, int) for part in path)):
        return False  # what differs from item to item of a list is not missing from one item or another
    return field.presence != "always" or len(field.path) < len(path)


def expectation_of(outcome: Outcome) -> dict[str, Any] | str:
    """What a case expects that takes an outcome for right."""
    if isinstance(outcome, Rendered):
        return _of_payload(outcome.payload)
    if isinstance(outcome, Cancelled):
        return "cancelled"
    words = {"kind": outcome.error.kind, "path": outcome.error.path}
    return {"failed": {word: value for word, value in words.items() if value is not None}}


def _of_payload(payload: Any) -> dict[str, Any]:
    """The payload; of one that nobody would read, the types of its parts."""
    if not isinstance(payload, dict) or len(json.dumps(payload)) <= _LONG:
        return {"payload": payload}
    return {
        "paths": {format_path((key,)): {"type": _TYPES.get(type(value), "number")} for key, value in payload.items()}
    }


def _difference(base: Outcome, outcome: Outcome) -> dict[str, Any] | str | None:
    """What a case expects that is not what the first one expects; None where it is the same."""
    if not isinstance(base, Rendered) or not isinstance(outcome, Rendered):
        return expectation_of(outcome) if type(base) is not type(outcome) else None
    if not isinstance(outcome.payload, dict):
        return None if base.payload == outcome.payload else expectation_of(outcome)
    changed = changed_values(base.payload, outcome.payload)
    if not changed:
        return None
    return {
        "paths": {
            format_path(path): {"absent": True} if value is NOTHING else {"equals": value} for path, value in changed
        }
    }


def _case(name: str, words: tuple[str, ...], expect: dict[str, Any] | str) -> Iterator[str]:
    yield f"  - name: {scalar(name)}"
    yield from (f"    {word}" for word in words)
    if isinstance(expect, str):
        yield f"    expect: {expect}"
        return
    if "failed" in expect:
        yield "    # The hook fails here: say what should be sent instead, then mend the template."
    yield "    expect:"
    yield from block(expect, 6)
