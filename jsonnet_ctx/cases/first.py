"""A first case file for a template: what it reads is given, what it renders today is expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonnet_ctx.cases.matchers import NOTHING
from jsonnet_ctx.cases.mismatch import changed_values
from jsonnet_ctx.cases.yaml_text import block, scalar
from jsonnet_ctx.context.change import has, value_at
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered
from jsonnet_ctx.errors import SourceError, UsageError
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import ctx_reads

EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class FirstFile:
    """The text of a case file, and what was guessed in it, one line each."""

    text: str
    guesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
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


def first_file(subject: Subject, engine: Engine) -> FirstFile:
    """Write the cases: one with everything that the template reads, one for each part that may be missing."""
    reads = _reads(subject, engine)
    given, guesses = _given(subject, reads)
    ctx = _edited(subject, given, ())
    base = engine.evaluate(subject.template, ctx, content_type=subject.content_type)
    _require_runs(base)
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
    lines += ["cases:", *_case("with everything that the template reads", None, _expectation(base))]
    for path in reads:
        if not _may_be_missing(subject.shape, path):
            continue
        text = format_path(path)
        outcome = engine.evaluate(subject.template, _edited(subject, given, (text,)), content_type=subject.content_type)
        expect = _difference(base, outcome)
        if expect is None:
            continue
        lines += ["", *_case(f"without {text}", text, expect)]
        if not isinstance(outcome, Rendered | Cancelled):
            guesses.append(
                f"without ctx.{text} the template fails ({outcome.error.kind}); the case takes that for right"
            )
    return FirstFile("\n".join(lines) + "\n", tuple(guesses))


def _require_runs(outcome: Outcome) -> None:
    """Raise SourceError for a template that fails whatever it gets: nobody wants a case of that."""
    if isinstance(outcome, Failed) and outcome.error.kind in ("syntax", "entry-point", "import", "std-missing"):
        error = outcome.error
        place = f"{error.location}: " if error.location else ""
        raise SourceError(f"{place}{error.kind}: {error.message}", hint="mend the template first")


def _reads(subject: Subject, engine: Engine) -> list[Path]:
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


def _given(subject: Subject, reads: list[Path]) -> tuple[dict[str, Any], list[str]]:
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
            _edited(subject, {**given, text: value}, ())
        except UsageError:
            continue
        given[text] = value
        if not known:
            guesses.append(f"ctx.{text} is {EXAMPLE!r}: nothing says what stands there")
    return given, guesses


def _edited(subject: Subject, given: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    return apply_given(subject.ctx, subject.shape, given, without, allowlist=subject.allowlist)


def _may_be_missing(shape: Shape, path: Path) -> bool:
    """Whether Kratos may leave a path out: its own field, or anything that clients or admins fill freely."""
    field = shape.field(path)
    return field is not None and (field.presence != "always" or len(field.path) < len(path))


def _expectation(outcome: Outcome) -> dict[str, Any] | str:
    if isinstance(outcome, Rendered):
        return {"payload": outcome.payload}
    if isinstance(outcome, Cancelled):
        return "cancelled"
    words = {"kind": outcome.error.kind, "path": outcome.error.path}
    return {"failed": {word: value for word, value in words.items() if value is not None}}


def _difference(base: Outcome, outcome: Outcome) -> dict[str, Any] | str | None:
    """What a case expects that is not what the first one expects; None where it is the same."""
    if not isinstance(base, Rendered) or not isinstance(outcome, Rendered):
        return _expectation(outcome) if type(base) is not type(outcome) else None
    if not isinstance(outcome.payload, dict):
        return None if base.payload == outcome.payload else _expectation(outcome)
    changed = changed_values(base.payload, outcome.payload)
    if not changed:
        return None
    return {
        "paths": {
            format_path(path): {"absent": True} if value is NOTHING else {"equals": value} for path, value in changed
        }
    }


def _case(name: str, without: str | None, expect: dict[str, Any] | str) -> Iterator[str]:
    yield f"  - name: {scalar(name)}"
    if without is not None:
        yield f"    without: [{scalar(without)}]"
    if isinstance(expect, str):
        yield f"    expect: {expect}"
        return
    yield "    expect:"
    yield from block(expect, 6)
