"""What was seen while a template was resolved: reads, comparisons, texts put together, errors, output."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.records import Frozen, Plain, field
from jsonnet_ctx.syntax.guard import Guards
from jsonnet_ctx.syntax.tree import Node

Span = tuple[int, int]


class ReadAt(NamedTuple):
    """A ctx path read at a span; ``guards`` held whenever it was read there."""

    path: Path
    span: Span
    kind: str
    guards: Guards
    certain: bool


class Comparison(NamedTuple):
    """A ctx path beside a constant: ``operator`` is one of Jsonnet's, or the std function that compares."""

    path: Path
    operator: str
    constant: Any
    span: Span
    guards: Guards


class TypeTest(NamedTuple):
    """A ctx path is asked whether it is of a JSON type: ``std.isString(ctx.a)``, ``std.type(ctx.a) == 'string'``."""

    path: Path
    type_name: str
    span: Span


class Concatenation(NamedTuple):
    """Text put together (``operator`` ``+``, ``%`` or ``std.format``), and the ctx ``paths`` that go in as they are."""

    paths: tuple[Path, ...]
    operator: str
    span: Span
    guards: Guards


class ErrorText(NamedTuple):
    """An ``error`` or failed ``assert``: its message where that is constant, else how it begins.

    ``certain`` says that the entry point reaches it, on a path that some guards may close.
    """

    text: str | None
    prefix: str
    kind: str
    span: Span
    guards: Guards
    certain: bool


class OutputField(NamedTuple):
    """A value in the output: where it is put, and the ctx paths it is made of.

    ``path`` uses ``*`` for list items and names that are not known; ``verbatim`` says that the
    value is what lies at one of ``sources``, not something computed from it.
    """

    path: Path
    sources: tuple[Path, ...]
    verbatim: bool
    span: Span
    guards: Guards


class ListItem(Frozen):
    """One item of a list is read: ``sources`` are the ctx paths of the list, or what it is made of."""

    index: int
    sources: tuple[Path, ...]
    span: Span
    guards: Guards


class Record(Plain):
    """Everything seen so far; what is seen again at the same place keeps only the guards that always held."""

    reads: dict[tuple[Path, Span, str], ReadAt] = field(default_factory=dict)
    comparisons: dict[tuple[Path, str, str, Span], Comparison] = field(default_factory=dict)
    type_tests: set[TypeTest] = field(default_factory=set)
    concatenations: dict[tuple[Span, tuple[Path, ...]], Concatenation] = field(default_factory=dict)
    errors: dict[Span, ErrorText] = field(default_factory=dict)
    output: dict[tuple[Path, Span, tuple[Path, ...]], OutputField] = field(default_factory=dict)
    list_items: dict[tuple[Span, tuple[Path, ...], int], ListItem] = field(default_factory=dict)
    sure: bool = True
    """Turned off while code is looked at that no evaluation from the entry point reaches."""

    def read(self, path: Path, node: Node, kind: str, guards: Guards, certain: bool = True) -> None:
        """A ctx path is read at a node."""
        span = (node.start, node.end)
        key = (path, span, kind)
        before = self.reads.get(key)
        if before is not None:
            if before.certain and not self.sure:
                return
            guards, certain = before.guards & guards, before.certain or certain
        certain = certain and self.sure
        self.reads[key] = ReadAt(path, span, kind, guards, certain)

    def list_item(self, index: int, sources: Iterable[Path], node: Node, guards: Guards) -> None:
        """An item of a list is read by its number."""
        ordered = tuple(sorted(sources, key=str))
        key = ((node.start, node.end), ordered, index)
        before = self.list_items.get(key)
        known = guards if before is None else before.guards & guards
        self.list_items[key] = ListItem(index, ordered, key[0], known)

    def comparison(self, path: Path, operator: str, constant: Any, node: Node, guards: Guards) -> None:
        """A ctx path is compared with a constant."""
        span = (node.start, node.end)
        key = (path, operator, repr(constant), span)
        before = self.comparisons.get(key)
        known = guards if before is None else before.guards & guards
        self.comparisons[key] = Comparison(path, operator, constant, span, known)

    def type_test(self, path: Path, type_name: str, node: Node) -> None:
        """A ctx path is asked for its type, and the answer is not turned round."""
        self.type_tests.add(TypeTest(path, type_name, (node.start, node.end)))

    def concatenation(self, paths: Iterable[Path], operator: str, node: Node, guards: Guards) -> None:
        """Text is put together."""
        ordered = tuple(sorted(paths, key=str))
        key = ((node.start, node.end), ordered)
        before = self.concatenations.get(key)
        known = guards if before is None else before.guards & guards
        self.concatenations[key] = Concatenation(ordered, operator, key[0], known)

    def error(self, text: str | None, prefix: str, kind: str, node: Node, guards: Guards) -> None:
        """An error is raised; two messages at one place leave none that is constant."""
        span = (node.start, node.end)
        before, certain = self.errors.get(span), self.sure
        if before is not None:
            guards, certain = before.guards & guards, before.certain or certain
            text = text if text == before.text else None
            prefix = prefix if prefix == before.prefix else ""
        self.errors[span] = ErrorText(text, prefix, kind, span, guards, certain)

    def put_out(self, path: Path, sources: Iterable[Path], verbatim: bool, node: Node, guards: Guards) -> None:
        """A value goes into the output."""
        ordered = tuple(sorted(sources, key=str))
        key = (path, (node.start, node.end), ordered)
        before = self.output.get(key)
        known = guards if before is None else before.guards & guards
        self.output[key] = OutputField(path, ordered, verbatim, key[1], known)
