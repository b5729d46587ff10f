"""Every place where a template reads ctx, and what is known about ctx there."""

from typing import NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.syntax.guard import Guard
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.resolve import resolve

__all__ = ["Guard", "Read", "ctx_reads"]


class Read(NamedTuple):
    """A ctx path that is read at ``span`` (byte offsets), at ``line`` and ``column`` (bytes, from 1).

    ``kind`` is ``field`` (``.x``, ``['x']``), ``index`` (``[0]``, or a key that is not known: ``*``
    in ``path``), ``exists`` (``in``, ``std.objectHas``), ``get`` (``std.get``), ``type-test``,
    ``compare`` (with anything) or ``whole`` (placed in the output, or given to a std member).
    ``guards`` hold whenever the place is reached. Not ``certain``: the path is a guess, or no
    evaluation seems to reach the place.
    """

    path: Path
    span: tuple[int, int]
    line: int
    column: int
    kind: str
    guards: tuple[Guard, ...]
    certain: bool


def ctx_reads(text: str) -> tuple[Read, ...]:
    """The reads of a template in the order of the text; enclosing reads first where they start together.

    Raises SyntaxProblem for a text that the engine would not evaluate.
    """
    resolved = resolve(parse(text))
    found: list[Read] = []
    for read in resolved.record.reads.values():
        line, column = line_column(text, read.span[0])
        guards = tuple(sorted(read.guards, key=repr))
        certain = read.certain and resolved.complete
        found.append(Read(read.path, read.span, line, column, read.kind, guards, certain))
    return tuple(sorted(found, key=lambda read: (read.span[0], -read.span[1], read.kind, str(read.path))))
