"""A first case file for a template: what it reads is given, what it renders today is expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonnet_ctx.cases.first_values import Subject, edited, takes_whole_ctx, turning_name, turning_values
from jsonnet_ctx.cases.matchers import NOTHING
from jsonnet_ctx.cases.mismatch import changed_values
from jsonnet_ctx.cases.yaml_text import block, scalar
from jsonnet_ctx.context.change import has, value_at
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered
from jsonnet_ctx.errors import SourceError, UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.facts import entry_point
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import ctx_reads

EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class FirstFile:
    """The text of a case file, and what was guessed in it, one line each."""

    text: str
    guesses: tuple[str, ...]


def first_file(subject: Subject, engine: Engine) -> FirstFile:
    """Write the cases: one with everything that the template reads, one for each part that may be missing.

    And one for each value that makes it cancel, or send after all. A template that takes ctx as a
    whole gets the first one only: nobody can say which of its parts matter.
    """
    reads = () if takes_whole_ctx(subject.template.text) else _reads(subject, engine)
    given, guesses = _given(subject, reads)
    ctx = edited(subject, given, ())
    base = engine.evaluate(subject.template, ctx, content_type=subject.content_type)
    require_runs(base, subject.template)
    lines = [
        "# Read every expectation: it is what the template does today, right or wrong.",
        f"template: {scalar(subject.name)}",
        f"hook: {subject.shape.hook.id}",
        f"kratos: {subject.shape.kratos}",
    ]
    if given:
        lines += ["given:", *block(given, 2)]
    lines += ["cases:", *_case("with everything that the template reads", None, expectation_of(base))]
    for path in reads:
        if not _may_be_missing(subject.shape, path):
            continue
        text = format_path(path)
        outcome = engine.evaluate(subject.template, edited(subject, given, (text,)), content_type=subject.content_type)
        expect = _difference(base, outcome)
        if expect is None:
            continue
        lines += ["", *_case(f"without {text}", text, expect)]
        if not isinstance(outcome, Rendered | Cancelled):
            guesses.append(
                f"without ctx.{text} the template fails ({outcome.error.kind}); the case takes that for right"
            )
    for name, value, turned in turning_values(subject, given, reads, base, engine):
        lines += ["", *_case(turning_name(name, value), (name, value), expectation_of(turned))]
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


def _reads(subject: Subject, engine: Engine) -> Sequence[Path]:
    """The ctx paths that the text or an evaluation reads, innermost only, in the order of their names."""
    (trace,) = engine.trace(subject.template, [subject.ctx], content_type=subject.content_type, blame=False)
    paths = trace.reads | trace.tests | _written_reads(subject.template.text)
    leaves = (path for path in paths if not any(path == other[: len(path)] for other in paths if other != path))
    return sorted((path for path in leaves if path and subject.shape.field(path)), key=format_path)


def _written_reads(text: str) -> frozenset[Path]:
    try:
        return frozenset(read.path for read in ctx_reads(text) if read.certain and "*" not in read.path)
    except SyntaxProblem:
        return frozenset()


def _given(subject: Subject, reads: Sequence[Path]) -> tuple[dict[str, Any], list[str]]:
    """What the cases give: the values read, and an example where a client may send anything."""
    given: dict[str, Any] = {}
    guesses: list[str] = []
    for path in reads:
        text = format_path(path)
        known = has(subject.ctx, path)
        value = value_at(subject.ctx, path) if known else EXAMPLE
        if isinstance(value, dict | list) and known:
            continue  # a reader learns nothing from a long value; the fabricated one stays
        try:
            edited(subject, {**given, text: value}, ())
        except UsageError:
            continue
        given[text] = value
        if not known:
            guesses.append(f"ctx.{text} is {EXAMPLE!r}: nothing says what stands there")
    return given, guesses


def _may_be_missing(shape: Shape, path: Path) -> bool:
    """Whether Kratos may leave a path out: its own field, or anything that clients or admins fill freely."""
    field = shape.field(path)
    if field is None or (field.set_by == "server" and any(isinstance(part, int) for part in path)):
        return False  # what differs from item to item of a list is not missing from one item or another
    return field.presence != "always" or len(field.path) < len(path)


def expectation_of(outcome: Outcome) -> dict[str, Any] | str:
    """What a case expects that takes an outcome for right."""
    if isinstance(outcome, Rendered):
        return {"payload": outcome.payload}
    if isinstance(outcome, Cancelled):
        return "cancelled"
    words = {"kind": outcome.error.kind, "path": outcome.error.path}
    return {"failed": {word: value for word, value in words.items() if value is not None}}


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


def _case(name: str, edit: str | tuple[str, Any] | None, expect: dict[str, Any] | str) -> Iterator[str]:
    """A case with a path that it leaves out, or one that it gives with a value."""
    yield f"  - name: {scalar(name)}"
    if isinstance(edit, str):
        yield f"    without: [{scalar(edit)}]"
    elif edit is not None:
        yield from ("    given:", *block({edit[0]: edit[1]}, 6))
    if isinstance(expect, str):
        yield f"    expect: {expect}"
        return
    yield "    expect:"
    yield from block(expect, 6)
