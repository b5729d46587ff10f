"""Read tracing: which ctx paths an evaluation reads, and which it only asks for.

The ctx is handed over as lazy objects that report each field and item when it is forced, and
that know their own path by a hidden field. Questions that laziness cannot see (``std.objectHas``,
``std.objectHasAll``, ``std.get``, ``in``) are asked through the same field: the functions by a
``std`` of the template's own, the operator by an edit of the text. Places move, so an error of a
traced run is never shown: the exact path tells it.
"""

import re
from dataclasses import dataclass

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.bulk import Program, new_key
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.std_mask import StdMask
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import byte_text, plain_text
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import Binary, walk

_SHOWS_HIDDEN = re.compile(r"\bobject(?:Fields|Values|KeysValues)All\b")


@dataclass(frozen=True, slots=True)
class Trace:
    """An outcome, the ctx paths that were read on the way, and those only asked for, present or not."""

    outcome: Outcome
    reads: frozenset[Path] = frozenset()
    tests: frozenset[Path] = frozenset()


def traced_program(text: str, mask: StdMask) -> Program | None:
    """The program that evaluates the template ``text`` with tracing; None for one that does not parse."""
    key = new_key()
    try:
        edited = _with_asking_in(text, key)
    except SyntaxProblem:
        return None
    return Program(mask.prefix_for(text) + _own_std(key) + edited, key, _lazy_ctx(key))


def sees_hidden_fields(text: str) -> bool:
    """Whether ``text`` could see the field that holds the path, so that a traced result is not to be trusted."""
    return _SHOWS_HIDDEN.search(text) is not None


def _lazy_ctx(key: str) -> str:
    """Bind ``wrap``: objects and arrays whose members report themselves."""
    return (
        f"local lazy(v, id) = if std.isObject(v) then {{ [k]: local n = read(id, k); if n > 0 then lazy(v[k], n)"
        f" for k in std.objectFields(v) }} + {{ id{key}:: id }} else if std.isArray(v) then"
        f" std.mapWithIndex(function(i, x) local n = read(id, i); if n > 0 then lazy(x, n), v)"
        f" else v, wrap(c) = lazy(c, 0);"
    )


def _own_std(key: str) -> str:
    """Bind a std whose questions about keys report themselves, and what the operator ``in`` asks through."""
    return (
        f"local s{key} = std, test{key} = std.native('test{key}');"
        f"local ask{key}(o, k) = if s{key}.isObject(o) && s{key}.objectHasAll(o, 'id{key}') && s{key}.isString(k)"
        f" then test{key}(o.id{key}, k) else true;"
        f"local in{key}(k, o) = if ask{key}(o, k) then k in o;"
        f"local std = s{key} {{"
        f" objectHas(o, f):: if ask{key}(o, f) then s{key}.objectHas(o, f),"
        f" objectHasAll(o, f):: if ask{key}(o, f) then s{key}.objectHasAll(o, f),"
        f" get(o, f, default=null, inc_hidden=true)::"
        f" if ask{key}(o, f) then s{key}.get(o, f, default, inc_hidden) }}; "
    )


def _with_asking_in(text: str, key: str) -> str:
    """Make each ``k in o`` a call of ``in{key}(k, o)``. Raises SyntaxProblem."""
    tree = parse(text)
    edits = sorted(
        edit for node in walk(tree) if isinstance(node, Binary) and node.operator == "in" for edit in _asking(node, key)
    )
    source = byte_text(text)
    parts: list[str] = []
    at = 0
    for begin, _rank, _span, end, new in edits:
        parts += (source[at:begin], new)
        at = end
    return plain_text("".join((*parts, source[at:])))


def _asking(node: Binary, key: str) -> tuple[tuple[int, int, int, int, str], ...]:
    """Edits ``(begin, rank, order, end, new text)`` for one operator.

    At one offset what ends comes before what begins; inner ends come first, outer begins do.
    """
    left, right, span = node.left, node.right, node.end - node.start
    return (
        (left.start, 2, -span, left.start, f"in{key}(("),
        (left.end, 1, span, right.start, "),("),
        (right.end, 0, span, right.end, "))"),
    )
