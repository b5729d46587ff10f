"""Values that turn what a template does: from a payload to ``error 'cancel'``, or back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonnet_ctx.cases.same import shown
from jsonnet_ctx.context.change import has, value_at
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Cancelled, Outcome, Rendered
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.facts import comparisons, error_texts, whole_uses
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem

_MOST_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Subject:
    """What the cases are for: a template, named as its file, at a hook point with an unedited ctx."""

    template: Template
    name: str
    shape: Shape
    ctx: dict[str, Any]
    content_type: str
    allowlist: tuple[str, ...] | None


def edited(subject: Subject, given: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    """The ctx of the subject with edits. Raises UsageError for one that cannot be."""
    return apply_given(subject.ctx, subject.shape, given, without, allowlist=subject.allowlist)


def takes_whole_ctx(text: str) -> bool:
    """Whether a template puts ctx itself into its output, or gives it away."""
    try:
        return any(not read.path for read in whole_uses(parse(text)))
    except SyntaxProblem:
        return False


def turning_values(
    subject: Subject, given: dict[str, Any], reads: Sequence[Path], base: Outcome, engine: Engine
) -> Iterator[tuple[str, Any, Outcome]]:
    """Paths with a value that makes a template cancel that else sends, or send where it else cancels.

    First what the template compares each path with; where that turns nothing, one single change of
    what it reads.
    """
    compared, changed = _candidates(subject, reads)
    wanted: tuple[type, ...] = (Cancelled,) if isinstance(base, Rendered) else (Rendered,)
    if not isinstance(base, Rendered | Cancelled):
        return
    turned: set[Path] = set()
    for candidates, most in ((compared, len(compared)), (changed, 1)):
        for path, value in candidates:
            if path in turned or (turned and most == 1):
                continue
            outcome = _outcome(subject, {**given, format_path(path): value}, engine)
            if outcome is not None and isinstance(outcome, wanted):
                turned.add(path)
                yield format_path(path), value, outcome


def turning_name(path: str, value: Any) -> str:
    """The name of a case that gives one value: its value where that is short and plain."""
    text = value if isinstance(value, str) and value.isalnum() else shown(value)
    plain = text.isprintable() and "::" not in text and len(text) <= _MOST_CHARACTERS
    return f"with {path} {text}" if plain else f"with another {path}"


def _candidates(subject: Subject, reads: Sequence[Path]) -> tuple[list[tuple[Path, Any]], list[tuple[Path, Any]]]:
    """Values that the template compares paths with, and other ones for what it reads; none where it never cancels."""
    try:
        tree = parse(subject.template.text)
    except SyntaxProblem:
        return [], []
    if not any(error.prefix.startswith("cancel") or error.text is None for error in error_texts(tree)):
        return [], []
    compared = [(fact.path, fact.constant) for fact in comparisons(tree) if fact.path and "*" not in fact.path]
    changed = [(path, value) for path in reads for value in _others(subject.ctx, path)]
    return compared, changed


def _others(ctx: dict[str, Any], path: Path) -> list[Any]:
    """Other values for a path: what a template tells apart without a constant."""
    now = value_at(ctx, path) if has(ctx, path) else None
    values = [not now] if isinstance(now, bool) else [True, False]
    return [*values, "", None, [], {}]


def _outcome(subject: Subject, given: dict[str, Any], engine: Engine) -> Outcome | None:
    """The outcome with these edits, None where they cannot be."""
    try:
        ctx = edited(subject, given, ())
    except UsageError:
        return None
    return engine.evaluate(subject.template, ctx, content_type=subject.content_type)
