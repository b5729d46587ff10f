"""The tree of a Jsonnet text: one frozen class for each kind of node, with exact byte spans.

``text[node.start:node.end]`` (of the text's bytes) is what the node was read from. The span of a
call includes ``tailstrict`` and that of ``super.x`` the ``.x``; the engine reports both without.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the text; ``children`` are in the order of the text."""

    start: int
    end: int

    @property
    def children(self) -> "tuple[Node, ...]":
        """The nodes directly below this one, in the order of the text."""
        return ()


@dataclass(frozen=True, slots=True)
class Null(Node):
    """``null``."""


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``true`` and ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; ``text`` is how it is written."""

    text: str

    @property
    def value(self) -> float:
        """The number as the engine holds it; infinite where the engine reports an overflow."""
        return float(self.text)


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string literal; ``value`` is what it stands for, ``quote`` is ``'``, ``"``, ``@'``, ``@"`` or ``|||``."""

    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An identifier that names an object field."""

    value: str


@dataclass(frozen=True, slots=True)
class Var(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Self(Node):
    """``self``."""


@dataclass(frozen=True, slots=True)
class Dollar(Node):
    """``$``."""


@dataclass(frozen=True, slots=True)
class Super(Node):
    """``super.name`` or ``super[key]``."""

    key: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.key,)


@dataclass(frozen=True, slots=True)
class InSuper(Node):
    """``key in super``."""

    key: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.key,)


@dataclass(frozen=True, slots=True)
class Paren(Node):
    """``(inner)``."""

    inner: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.inner,)


@dataclass(frozen=True, slots=True)
class Array(Node):
    """``[item, …]``."""

    items: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for name in values`` of a comprehension."""

    name: str
    values: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.values,)


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``if condition`` of a comprehension."""

    condition: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition,)


@dataclass(frozen=True, slots=True)
class ArrayComp(Node):
    """``[body for …]``; ``specs`` are :class:`For` and :class:`Filter`, the first is a ``For``."""

    body: Node
    specs: tuple[For | Filter, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body, *self.specs)


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A parameter, at the start of its span its name."""

    name: str
    default: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        return () if self.default is None else (self.default,)


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """``name = value`` or ``name(params) = value`` of a local; ``params`` is None where it is no function."""

    name: str
    params: tuple[Param, ...] | None
    value: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (*(self.params or ()), self.value)


@dataclass(frozen=True, slots=True)
class ObjectLocal(Node):
    """``local bind`` inside an object."""

    bind: Bind

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.bind,)


@dataclass(frozen=True, slots=True)
class ObjectAssert(Node):
    """``assert condition : message`` inside an object."""

    condition: Node
    message: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition,) if self.message is None else (self.condition, self.message)


@dataclass(frozen=True, slots=True)
class ObjectField(Node):
    """``key: value``; ``key`` is a Name, a String or, where ``computed``, any expression.

    ``operator`` is one of ``:``, ``::``, ``:::``, ``+:``, ``+::``, ``+:::``; ``params`` is None
    where the field is no method.
    """

    key: Node
    computed: bool
    params: tuple[Param, ...] | None
    operator: str
    value: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.key, *(self.params or ()), self.value)

    @property
    def hidden(self) -> bool:
        """Whether the field stays out of the output (``::``)."""
        return self.operator.endswith("::") and not self.operator.endswith(":::")


Member = ObjectField | ObjectLocal | ObjectAssert


@dataclass(frozen=True, slots=True)
class Object(Node):
    """``{members}``."""

    members: tuple[Member, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.members


@dataclass(frozen=True, slots=True)
class ObjectComp(Node):
    """``{[key]: value for …}``, perhaps with object locals."""

    members: tuple[Member, ...]
    specs: tuple[For | Filter, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.members, *self.specs)


@dataclass(frozen=True, slots=True)
class Dot(Node):
    """``target.name``; the name ends where the node ends."""

    target: Node
    name: str

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.target,)


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``target[key]``."""

    target: Node
    key: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.target, self.key)


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """``target[begin:stop:step]``."""

    target: Node
    begin: Node | None
    stop: Node | None
    step: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(node for node in (self.target, self.begin, self.stop, self.step) if node is not None)


@dataclass(frozen=True, slots=True)
class Named(Node):
    """``name=value`` among the arguments of a call."""

    name: str
    value: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``target(positional, …, name=value, …)``, perhaps ``tailstrict``."""

    target: Node
    positional: tuple[Node, ...]
    named: tuple[Named, ...]
    tailstrict: bool

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.target, *self.positional, *self.named)


@dataclass(frozen=True, slots=True)
class ApplyBrace(Node):
    """``target {members}``, short for ``target + {members}``."""

    target: Node
    added: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.target, self.added)


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``!x``, ``-x``, ``+x``, ``~x``."""

    operator: str
    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``left operator right``; ``in`` is one of the operators."""

    operator: str
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then then else otherwise``."""

    condition: Node
    then: Node
    otherwise: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition, self.then) if self.otherwise is None else (self.condition, self.then, self.otherwise)


@dataclass(frozen=True, slots=True)
class Local(Node):
    """``local binds; body``."""

    binds: tuple[Bind, ...]
    body: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.binds, self.body)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """``function(params) body``."""

    params: tuple[Param, ...]
    body: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.params, self.body)


@dataclass(frozen=True, slots=True)
class Assert(Node):
    """``assert condition : message; body``."""

    condition: Node
    message: Node | None
    body: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition, self.body) if self.message is None else (self.condition, self.message, self.body)


@dataclass(frozen=True, slots=True)
class Error(Node):
    """``error message``."""

    message: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.message,)


@dataclass(frozen=True, slots=True)
class Import(Node):
    """``import 'path'``; ``keyword`` is ``import``, ``importstr`` or ``importbin``."""

    keyword: str
    path: String

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.path,)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text; deep trees are fine."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def source(text: str, node: Node) -> str:
    """What the node was read from; ``text`` is the whole text, as given to the parser."""
    return text[node.start : node.end] if text.isascii() else text.encode()[node.start : node.end].decode()
