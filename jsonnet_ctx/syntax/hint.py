"""What to write instead of a read that failed: an expression that works on the ctx that failed."""

import re
from collections.abc import Sequence
from typing import Protocol

from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.default_value import Parents, default_for, parents_of
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import offset_of
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.scope import scope
from jsonnet_ctx.syntax.tree import ApplyBrace, Binary, Call, Dot, Index, Node, Number, Slice, Unary, source, walk

_KINDS = frozenset(("missing-field", "null-index", "index-out-of-range", "type"))
_MOST_LENGTH = 200


class Place(Protocol):
    """A place of a stack trace: where it begins, and its end (line and column in bytes from 1, exclusive)."""

    @property
    def location(self) -> Location | None: ...

    @property
    def end_line(self) -> int | None: ...

    @property
    def end_column(self) -> int | None: ...


class Failure(Protocol):
    """What a hint needs to know of a failed evaluation: its kind, and its places."""

    @property
    def kind(self) -> str: ...

    @property
    def frames(self) -> Sequence[Place]: ...


class Replacement(Frozen):
    """The ``expression`` to put in place of the bytes of ``span``."""

    span: tuple[int, int]
    expression: str


def replacement(text: str, line: int, column: int, error: Failure) -> str | None:
    """An expression for the read that failed at a place, or None where no expression is known to mend it.

    ``ctx.flow.transient_payload.oidc_provider`` becomes
    ``std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')``.
    """
    end = next((_end(text, frame) for frame in error.frames if _starts_at(frame, line, column)), None)
    found = replacement_at(text, offset_of(text, line, column), end, error.kind)
    return None if found is None or len(found.expression) > _MOST_LENGTH else found.expression


def _starts_at(frame: Place, line: int, column: int) -> bool:
    return frame.location is not None and (frame.location.line, frame.location.column) == (line, column)


def _end(text: str, frame: Place) -> int | None:
    if frame.end_line is None or frame.end_column is None:
        return None
    return offset_of(text, frame.end_line, frame.end_column)


def replacement_at(text: str, start: int, end: int | None, kind: str, default: str | None = None) -> Replacement | None:
    """The replacement for the read from byte ``start`` to ``end`` that failed with a kind of TemplateError.

    ``default`` is the Jsonnet expression for what is not there; None takes one that fits the
    place. The span is that of the whole chain of fields, since what follows has to change too.
    None where no read lies there, or where the text is no Jsonnet.
    """
    try:
        tree = parse(text)
    except SyntaxProblem:
        return None
    parents = parents_of(tree)
    read = _failed_read(tree, start, end, parents)
    if read is None or kind not in _KINDS:
        return None
    top = read
    later: list[Dot | Index] = []
    while isinstance(parent := parents.get(top), Dot | Index) and parent.target is top:
        top = parent
        later.append(parent)
    parent = parents.get(top)
    if isinstance(parent, Call) and parent.target is top:
        return None
    default = default or default_for(top, parents, scope(tree))
    expression = _expression(text, read, later, kind, default)
    if expression.startswith("if ") and _needs_brackets(top, parent):
        expression = f"({expression})"
    return Replacement((top.start, top.end), expression)


def _failed_read(tree: Node, start: int, end: int | None, parents: Parents) -> Dot | Index | None:
    reads = [node for node in walk(tree) if isinstance(node, Dot | Index) and node.start == start]
    if end is not None:
        return next((node for node in reads if node.end == end), None)
    return reads[0] if reads else None


def _expression(text: str, read: Dot | Index, later: list[Dot | Index], kind: str, default: str) -> str:
    base = _source(text, read.target)
    chain = _source(text, later[-1] if later else read)
    key = _key(text, read)
    if kind == "index-out-of-range":
        return f"if std.length({base}) > {key} then {chain} else {default}"
    by_name = not _is_numbered(read) and not any(_is_numbered(node) for node in later)
    if kind == "type":
        inner = f"std.get({base}, {key}, {default})" if by_name and not later else chain
        return f"if std.isObject({base}) then {inner} else {default}"
    if not by_name:
        test = f"{base} != null" if kind == "null-index" else f"std.objectHas({base}, {key})"
        return f"if {test} then {chain} else {default}"
    found = f"if {base} == null then {{}} else {base}" if kind == "null-index" else base
    for node in [read, *later]:
        value = default if node is [read, *later][-1] else "{}"
        found = f"std.get({found}, {_key(text, node)}, {value})"
    return found


def _is_numbered(node: Dot | Index) -> bool:
    return isinstance(node, Index) and isinstance(node.key, Number)


def _key(text: str, node: Dot | Index) -> str:
    return f"'{node.name}'" if isinstance(node, Dot) else _source(text, node.key)


def _source(text: str, node: Node) -> str:
    """The text of a node on one line, unless a comment or a string in it may need its line breaks."""
    written = source(text, node)
    return written if re.search(r"//|#|/\*|['\"|]", written) else re.sub(r"\s+", " ", written)


def _needs_brackets(node: Node, parent: Node | None) -> bool:
    """Whether an ``if`` at this place would take more to its right than it should."""
    if isinstance(parent, Slice | ApplyBrace):
        return True
    return isinstance(parent, Binary | Unary)
