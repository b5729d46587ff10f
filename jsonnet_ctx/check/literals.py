"""The constants of a template as values worth trying: what it compares a ctx path with, and its strings."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsonnet_ctx.context.change import edit_alone
from jsonnet_ctx.context.edit import value_at
from jsonnet_ctx.context.vary import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.traits import still_valid, trait_allows
from jsonnet_ctx.records import Frozen, field
from jsonnet_ctx.syntax.facts import comparisons, field_names, self_calls, separators, string_literals
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem

_FREE = ("flow", "transient_payload")
_METADATA = ("identity", "metadata_public")
_TRAITS = ("identity", "traits")
_MAX_WORDS = 20
_MAX_SEPARATORS = 3
_LONG = 1000
"""More letters than Kratos gives a template stack frames."""
_NONE = object()


class Literals(Frozen):
    """``compared`` maps a ctx path to the constants it is compared with; ``words`` are its strings and field names.

    ``separators`` are what it splits text at; ``recursive`` says that a function calls itself.
    """

    compared: dict[Path, tuple[Any, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    recursive: bool = False

    def of(self, path: Path) -> tuple[Any, ...]:
        """The constants that the template compares ``path`` with; any list item stands for all."""
        general = tuple("*" if isinstance(part, int) else part for part in path)
        return self.compared.get(path, ()) or self.compared.get(general, ())

    def swaps(self, ctx: dict[str, Any], reads: Iterable[Path]) -> Iterator[Edit]:
        """Edits that put the template's own words at each string it reads that a client or a schema decides."""
        for path in sorted(reads, key=str):
            if path[:2] in (_FREE, _TRAITS, _METADATA) and isinstance(value_at(ctx, path), str):
                for text in self.words[:_MAX_WORDS]:
                    yield Edit(path, "set", text)


def literals_of(text: str) -> Literals:
    """The constants of a template; empty where our parser cannot read it (the engine judges validity)."""
    try:
        tree = parse(text)
    except SyntaxProblem:
        return Literals()
    compared: dict[Path, tuple[Any, ...]] = {}
    for comparison in comparisons(tree):
        compared[comparison.path] = (*compared.get(comparison.path, ()), comparison.constant)
    return Literals(compared, (*field_names(tree), *string_literals(tree)), separators(tree), bool(self_calls(tree)))


def literal_edits(
    shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path, literals: Literals
) -> Iterator[Variation]:
    """Set ``path`` to each constant it is compared with, where a client, an admin or the schema allows it."""
    if not _settable(shape, scenario, ctx, path):
        return
    present = value_at(ctx, path, "text" if isinstance(value_at(ctx, path[:-1]), dict) else None)
    for constant in literals.of(path):
        ways = (way for way in _ways(constant, present) if way != present)
        allowed = (way for way in ways if _allows(shape, ctx, path, way))
        value = next(allowed, _NONE)
        if value is not _NONE:
            yield Variation(Edit(path, "set", value), True, f"it is {value!r}")
    if isinstance(present, str) and _allows(shape, ctx, path, "text"):
        yield from _other_lengths(shape, ctx, path, present, literals)


def _allows(shape: Shape, ctx: dict[str, Any], path: Path, value: Any) -> bool:
    """Whether the identity schema allows a value at a path, by itself and with the other traits."""
    schema = shape.identity_schema
    if not trait_allows(schema, path, value, formats=True):
        return False
    if schema is None or path[:2] != _TRAITS:
        return True
    after = edit_alone(ctx, Edit(path, "set", value))
    return still_valid(schema, value_at(ctx, _TRAITS), value_at(after, _TRAITS))


def _other_lengths(
    shape: Shape, ctx: dict[str, Any], path: Path, present: str, literals: Literals
) -> Iterator[Variation]:
    """Free text of one, two and three parts, and, for a function that calls itself, more than it can go through."""
    by_person = path[:2] == _TRAITS
    for separator in literals.separators[:_MAX_SEPARATORS]:
        for text in (separator.join(["text"] * parts) for parts in (1, 2, 3)):
            if text != present:
                yield Variation(Edit(path, "set", text), by_person, f"it is {text!r}")
    if literals.recursive and _allows(shape, ctx, path, "x" * _LONG):
        who = "it has" if by_person else "the client sends"
        yield Variation(Edit(path, "set", "x" * _LONG), False, f"{who} {_LONG} letters")


def _ways(constant: Any, present: Any) -> Iterator[Any]:
    """The constant itself, else a text that ends or begins with it, where the schema wants more than that."""
    yield constant
    if isinstance(constant, str) and isinstance(present, str):
        yield f"a{constant}"
        yield f"{constant}{present}"


def _settable(shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path) -> bool:
    if path[:2] == _FREE:
        return scenario.transient_payload == "client" and len(path) > len(_FREE)
    if path[:2] == _METADATA:
        return len(path) > len(_METADATA) and isinstance(value_at(ctx, _METADATA), dict)
    return path[:2] == _TRAITS and shape.field(path) is not None
