"""The nodes that bind names: parameters, locals, loop variables, and the members of objects."""

from jsonnet_ctx.syntax.node import Node


class Name(Node):
    """An identifier that names an object field."""

    value: str


class Param(Node):
    """A parameter, at the start of its span its name."""

    name: str
    default: Node | None


class Bind(Node):
    """``name = value`` or ``name(params) = value`` of a local; ``params`` is None where it is no function."""

    name: str
    params: tuple[Param, ...] | None
    value: Node


class For(Node):
    """``for name in values`` of a comprehension."""

    name: str
    values: Node


class Filter(Node):
    """``if condition`` of a comprehension."""

    condition: Node


class ObjectLocal(Node):
    """``local bind`` inside an object."""

    bind: Bind


class ObjectAssert(Node):
    """``assert condition : message`` inside an object."""

    condition: Node
    message: Node | None


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
    def hidden(self) -> bool:
        """Whether the field stays out of the output (``::``)."""
        return self.operator.endswith("::") and not self.operator.endswith(":::")


Member = ObjectField | ObjectLocal | ObjectAssert
