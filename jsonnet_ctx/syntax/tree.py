"""The tree of a Jsonnet text: one class for each kind of node, with exact byte spans.

``text[node.start:node.end]`` (of the text's bytes) is what the node was read from. The span of a
call includes ``tailstrict`` and that of ``super.x`` the ``.x``; the engine reports both without.
Nodes are compared by identity: two that read alike at two places are two nodes. Nobody changes a
node; the classes are not frozen only because that costs a fifth of the time of parsing, and a
tenth of a cold start.
"""

from jsonnet_ctx.syntax.binder_tree import (
    Bind,
    Filter,
    For,
    Member,
    Name,
    ObjectAssert,
    ObjectField,
    ObjectLocal,
    Param,
)
from jsonnet_ctx.syntax.node import Node, source, walk

__all__ = [
    "ApplyBrace",
    "Array",
    "ArrayComp",
    "Assert",
    "Binary",
    "Bind",
    "Boolean",
    "Call",
    "Dollar",
    "Dot",
    "Error",
    "Filter",
    "For",
    "Function",
    "If",
    "Import",
    "InSuper",
    "Index",
    "Local",
    "Member",
    "Name",
    "Named",
    "Node",
    "Null",
    "Number",
    "Object",
    "ObjectAssert",
    "ObjectComp",
    "ObjectField",
    "ObjectLocal",
    "Param",
    "Paren",
    "Self",
    "Slice",
    "String",
    "Super",
    "Unary",
    "Var",
    "source",
    "walk",
]


class Null(Node):
    """``null``."""


class Boolean(Node):
    """``true`` and ``false``."""

    value: bool


class Number(Node):
    """A number; ``text`` is how it is written."""

    text: str

    @property
    def value(self) -> float:
        """The number as the engine holds it; infinite where the engine reports an overflow."""
        return float(self.text)


class String(Node):
    """A string literal; ``value`` is what it stands for, ``quote`` is ``'``, ``"``, ``@'``, ``@"`` or ``|||``."""

    value: str
    quote: str


class Var(Node):
    """A variable."""

    name: str


class Self(Node):
    """``self``."""


class Dollar(Node):
    """``$``."""


class Super(Node):
    """``super.name`` or ``super[key]``."""

    key: Node


class InSuper(Node):
    """``key in super``."""

    key: Node


class Paren(Node):
    """``(inner)``."""

    inner: Node


class Array(Node):
    """``[item, …]``."""

    items: tuple[Node, ...]


class ArrayComp(Node):
    """``[body for …]``; ``specs`` are :class:`For` and :class:`Filter`, the first is a ``For``."""

    body: Node
    specs: tuple[For | Filter, ...]


class Object(Node):
    """``{members}``."""

    members: tuple[Member, ...]


class ObjectComp(Node):
    """``{[key]: value for …}``, perhaps with object locals."""

    members: tuple[Member, ...]
    specs: tuple[For | Filter, ...]


class Dot(Node):
    """``target.name``; the name ends where the node ends."""

    target: Node
    name: str


class Index(Node):
    """``target[key]``."""

    target: Node
    key: Node


class Slice(Node):
    """``target[begin:stop:step]``."""

    target: Node
    begin: Node | None
    stop: Node | None
    step: Node | None


class Named(Node):
    """``name=value`` among the arguments of a call."""

    name: str
    value: Node


class Call(Node):
    """``target(positional, …, name=value, …)``, perhaps ``tailstrict``."""

    target: Node
    positional: tuple[Node, ...]
    named: tuple[Named, ...]
    tailstrict: bool


class ApplyBrace(Node):
    """``target {members}``, short for ``target + {members}``."""

    target: Node
    added: Node


class Unary(Node):
    """``!x``, ``-x``, ``+x``, ``~x``."""

    operator: str
    operand: Node


class Binary(Node):
    """``left operator right``; ``in`` is one of the operators."""

    operator: str
    left: Node
    right: Node


class If(Node):
    """``if condition then then else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node | None


class Local(Node):
    """``local binds; body``."""

    binds: tuple[Bind, ...]
    body: Node


class Function(Node):
    """``function(params) body``."""

    params: tuple[Param, ...]
    body: Node


class Assert(Node):
    """``assert condition : message; body``."""

    condition: Node
    message: Node | None
    body: Node


class Error(Node):
    """``error message``."""

    message: Node


class Import(Node):
    """``import 'path'``; ``keyword`` is ``import``, ``importstr`` or ``importbin``."""

    keyword: str
    path: String
