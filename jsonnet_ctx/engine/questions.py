"""Edit a template so that its questions about keys (``in``, ``std.objectHas``, ``std.get``) go to other functions."""

from collections.abc import Iterator

from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import byte_text, plain_text
from jsonnet_ctx.syntax.tree import Binary, Bind, Dot, For, Node, Param, Var, walk

QUESTIONS: tuple[str, ...] = ("objectHas", "objectHasAll", "get")
"""Members of std that ask for a key."""

Edit = tuple[int, int, int, int, str]
"""``(begin, rank, order, end, new text)``: sorted, the edits of one offset are in the right order."""


def with_asking(text: str, key: str) -> str:
    """Make ``k in o`` a call of ``in{key}(k, o)`` and ``std.get`` the function ``get{key}``.

    A text that binds a ``std`` of its own keeps its functions. Raises SyntaxProblem for a text
    that does not parse.
    """
    nodes = list(walk(parse(text)))
    own_std = any(isinstance(node, Bind | Param | For) and node.name == "std" for node in nodes)
    source = byte_text(text)
    parts: list[str] = []
    at = 0
    for begin, _rank, _order, end, new in sorted(
        edit for node in nodes if not (own_std and isinstance(node, Dot)) for edit in _edits(node, key)
    ):
        parts += (source[at:begin], new)
        at = end
    return plain_text("".join((*parts, source[at:])))


def _edits(node: Node, key: str) -> Iterator[Edit]:
    """At one offset what ends comes before what begins; inner ends come first, outer begins do."""
    if isinstance(node, Binary) and node.operator == "in":
        span = node.end - node.start
        yield (node.left.start, 2, -span, node.left.start, f"in{key}((")
        yield (node.left.end, 1, span, node.right.start, "),(")
        yield (node.right.end, 0, span, node.right.end, "))")
    if isinstance(node, Dot) and isinstance(node.target, Var) and node.target.name == "std" and node.name in QUESTIONS:
        yield (node.start, 3, 0, node.end, node.name + key)
