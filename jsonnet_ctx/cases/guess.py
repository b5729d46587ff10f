"""What a first case gives: the values that the template reads, and guesses that make it render."""

import json
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import has, value_at
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.ctx_path import Path, format_path, parse_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Failed, Outcome
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.facts import comparisons
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import ctx_reads

EXAMPLE = "example"
_OTHERS: tuple[Any, ...] = (1, True, [EXAMPLE], {})
_MOST_READS = 12
_MOST_ROUNDS = 12


class Subject(Frozen):
    """What the cases are for: a template, named as its file, at a hook point with an unedited ctx.

    ``schema_file`` is the identity schema that the file has to name, None where the settings do.
    """

    template: Template
    name: str
    shape: Shape
    ctx: dict[str, Any]
    content_type: str
    allowlist: tuple[str, ...] | None
    schema_file: str | None = None

    def edited(self, given: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
        """The ctx with these edits. Raises UsageError for one that cannot be."""
        return apply_given(self.ctx, self.shape, given, without, allowlist=self.allowlist)

    def outcome(self, engine: Engine, given: dict[str, Any], without: tuple[str, ...] = ()) -> Outcome:
        """What comes of the template then."""
        return engine.evaluate(self.template, self.edited(given, without), content_type=self.content_type)


class Guess(Frozen):
    """What is given, which of it is guessed, and what comes of it."""

    given: dict[str, Any]
    guessed: frozenset[str]
    outcome: Outcome

    def told(self) -> Iterator[str]:
        """Each guessed value, for the person who knows better."""
        for text in sorted(self.guessed):
            value = self.given[text]
            shown = repr(value) if isinstance(value, str) else json.dumps(value)
            yield f"ctx.{text} is {shown}: nothing says what stands there"


def best_guess(subject: Subject, engine: Engine) -> Guess:
    """Give what is read; while the template fails, try other values for what is guessed, and what it misses."""
    given, guessed = _given(subject, _reads(subject, engine))
    guess = Guess(given, guessed, subject.outcome(engine, given))
    seen = {_sign(guess.outcome)}
    for _ in range(_MOST_ROUNDS):
        if not isinstance(guess.outcome, Failed):
            break
        others = [Guess(*other, subject.outcome(engine, other[0])) for other in _others(subject, guess)]
        further = [other for other in others if _sign(other.outcome) not in seen]
        if not further:
            break
        guess = next((other for other in further if not isinstance(other.outcome, Failed)), further[0])
        seen.add(_sign(guess.outcome))
    return guess


def compared_with(subject: Subject) -> Iterator[tuple[str, Any]]:
    """Each ctx path that the text compares with a constant, and the constant, where the ctx can have it."""
    try:
        found = comparisons(parse(subject.template.text))
    except SyntaxProblem:
        return
    for (path, _), constant in {(one.path, json.dumps(one.constant)): one.constant for one in found}.items():
        if "*" in path or constant is None or isinstance(constant, dict | list):
            continue
        value = int(constant) if isinstance(constant, float) and constant.is_integer() else constant
        if subject.shape.field(path) and _can_be(subject, {format_path(path): value}):
            yield format_path(path), value


def _others(subject: Subject, guess: Guess) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """The next things to try: what the error misses, then another value for each guess."""
    error = guess.outcome.error if isinstance(guess.outcome, Failed) else None
    missing = error.path if error and error.kind in ("missing-field", "null-index") else None
    if missing and missing not in guess.given and subject.shape.field(parse_path(missing)):
        # Set below a guessed object, that object needs no value of its own.
        parents = {text for text in guess.guessed if missing.startswith((f"{text}.", f"{text}["))}
        kept = {text: value for text, value in guess.given.items() if text not in parents}
        if _can_be(subject, more := {**kept, missing: EXAMPLE}):
            yield more, (guess.guessed - parents) | {missing}
    for text in sorted(guess.guessed):
        for value in _OTHERS:
            if value != guess.given[text] and _can_be(subject, more := {**guess.given, text: value}):
                yield more, guess.guessed


def _sign(outcome: Outcome) -> tuple[Any, ...]:
    """What tells one failure from another."""
    error = outcome.error if isinstance(outcome, Failed) else None
    return (type(outcome), error and (error.kind, error.line, error.column, error.path))


def _reads(subject: Subject, engine: Engine) -> list[Path]:
    """The ctx paths that the text or an evaluation reads, innermost only, in the order of their names.

    What renders whole parts of ctx reads too much for anybody to read: then those of the text alone.
    """
    (trace,) = engine.trace(subject.template, [subject.ctx], content_type=subject.content_type, blame=False)
    written = _written_reads(subject.template.text)
    paths = _leaves(subject, trace.reads | trace.tests | written)
    return paths if len(paths) <= _MOST_READS else _leaves(subject, written)[:_MOST_READS]


def _leaves(subject: Subject, paths: frozenset[Path]) -> list[Path]:
    leaves = (path for path in paths if not any(path == other[: len(path)] for other in paths if other != path))
    return sorted((path for path in leaves if path and subject.shape.field(path)), key=format_path)


def _written_reads(text: str) -> frozenset[Path]:
    try:
        return frozenset(read.path for read in ctx_reads(text) if read.certain and "*" not in read.path)
    except SyntaxProblem:
        return frozenset()


def _given(subject: Subject, reads: list[Path]) -> tuple[dict[str, Any], frozenset[str]]:
    """The values read, and an example where a client may send anything."""
    given: dict[str, Any] = {}
    guessed = set()
    for path in reads:
        text = format_path(path)
        known = has(subject.ctx, path)
        value = value_at(subject.ctx, path) if known else EXAMPLE
        if isinstance(value, dict | list) and known:
            continue  # a reader learns nothing from a long value; the fabricated one stays
        if not _can_be(subject, {**given, text: value}):
            continue
        given[text] = value
        if not known:
            guessed.add(text)
    return given, frozenset(guessed)


def _can_be(subject: Subject, given: dict[str, Any]) -> bool:
    try:
        subject.edited(given)
    except UsageError:
        return False
    return True
