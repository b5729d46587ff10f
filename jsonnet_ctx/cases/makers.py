"""Which line of a template makes the value at a payload path, and of which ctx paths."""

from collections.abc import Iterator
from functools import cached_property

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.facts import output_fields
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.record import OutputField
from jsonnet_ctx.syntax.tree import Name, Node, ObjectField, String, walk


class Makers(Frozen):
    """The fields of a template's output."""

    template: Template

    def lines(self, path: Path) -> Iterator[str]:
        """``t.jsonnet:4 from ctx.flow.id`` for the value at a payload path; nothing where the text does not show it."""
        starts, sources = self._made(path)
        if starts:
            lines = dict.fromkeys(line_column(self.template.text, start)[0] for start in starts)
            names = dict.fromkeys(f"ctx.{format_path(source)}" if source else "ctx" for source in sources)
            of = f" from {', '.join(names)}" if names else ""
            yield f"{self.template.name}:{' or '.join(map(str, lines))}{of}"

    def _made(self, path: Path) -> tuple[list[int], list[Path]]:
        """Where the value is made: the field itself, else the nearest around it, by itself or by what is in it."""
        for depth in range(len(path), -1, -1):
            start = path[:depth]
            inside = [field for field in self._fields if _is_prefix(start, field.path)]
            exact = [field for field in inside if len(field.path) == depth]
            if exact or (len(inside) == 1 and depth == len(path)):
                made = exact or inside
                return [field.span[0] for field in made], [source for field in made for source in field.sources]
            if inside:
                return [self._key_of(start, min(field.span[0] for field in inside))], []
        return [], []

    def _key_of(self, path: Path, inside: int) -> int:
        """Where the key of an object field stands that holds a place in the text; the place itself without one."""
        if not path or self._tree is None:
            return inside
        fields = [node for node in walk(self._tree) if isinstance(node, ObjectField) and _key(node) == path[-1]]
        holding = [field for field in fields if field.value.start <= inside < field.value.end]
        return min(holding, key=lambda field: field.value.end - field.value.start).key.start if holding else inside

    @cached_property
    def _tree(self) -> Node | None:
        try:
            return parse(self.template.text)
        except SyntaxProblem:
            return None  # the engine says what is wrong with it

    @cached_property
    def _fields(self) -> tuple[OutputField, ...]:
        return output_fields(self._tree) if self._tree is not None else ()


def _key(field: ObjectField) -> str | None:
    """The name of a field that the template writes itself; None for a computed one."""
    return field.key.value if isinstance(field.key, Name | String) and not field.computed else None


def _is_prefix(start: Path, path: Path) -> bool:
    return len(start) <= len(path) and all(
        "*" in (one, two) or one == two for one, two in zip(start, path, strict=False)
    )
