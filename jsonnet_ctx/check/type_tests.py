"""Tests for a type that a ctx path never has."""

from collections.abc import Iterator

from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.check.telling import article
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.syntax.facts import type_tests
from jsonnet_ctx.syntax.record import TypeTest

_JSON = {"integer": "number"}


def impossible_type_tests(subject: Subject) -> Iterator[Finding]:
    """Tell of a field whose every type test is for a type that it never has, at no hook point of the template.

    One right test beside a wrong one is caution, and no finding. A test for null is that too.
    """
    tests: dict[Path, list[TypeTest]] = {}
    for test in type_tests(subject.tree):
        tests.setdefault(test.path, []).append(test)
    for path, asked in tests.items():
        real = _types(subject, path)
        if real and not any(test.type_name in real or test.type_name == "null" for test in asked):
            yield subject.finding(
                ("JC108", "guard-always-false"),
                Severity.WARNING,
                f"ctx.{format_path(path)} is never {article(asked[0].type_name)}, so this is always false:"
                f" it is {' or '.join(article(name) for name in real)}",
                asked[0].span,
                path=path,
            )


def _types(subject: Subject, path: Path) -> tuple[str, ...]:
    """The JSON types that a path can have at the template's hook points; none where anything can stand there."""
    concrete = tuple(0 if part == "*" else part for part in path)
    fields = subject.fields(concrete)
    if any(field.is_open for field in fields):
        return ()
    return tuple(dict.fromkeys(_JSON.get(name, name) for field in fields for name in field.types))
