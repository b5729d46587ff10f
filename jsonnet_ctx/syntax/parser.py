"""From a Jsonnet text to its tree: what it accepts is what go-jsonnet 0.21 accepts."""

from collections.abc import Callable
from functools import lru_cache

from jsonnet_ctx.syntax.cursor import MAX_DEPTH
from jsonnet_ctx.syntax.lexer import END, tokens
from jsonnet_ctx.syntax.position import byte_text
from jsonnet_ctx.syntax.postfix_grammar import PostfixGrammar
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import (
    Assert,
    Binary,
    Bind,
    Error,
    Function,
    If,
    Import,
    InSuper,
    Local,
    Node,
    String,
    Unary,
)

__all__ = ["SyntaxProblem", "parse"]

_LEVELS = ("||", "&&", "|", "^", "&", "== !=", "< > <= >= in", "<< >>", "+ -", "* / %")
_BINARY = {operator: level for level, operators in enumerate(_LEVELS, start=1) for operator in operators.split()}
_UNARY = frozenset("!-+~")
_UNARY_LEVEL = len(_LEVELS) + 1
_OPEN = 0
"""The level of what takes everything to its right, such as ``local … ;`` and ``else``."""

Pending = tuple[int, Callable[[Node], Node]]
"""An operator level and what to do with the operand that is still to be read."""


@lru_cache(maxsize=32)
def parse(text: str) -> Node:
    """The tree of a text, with byte offsets; the same tree when asked again for the same text.

    Raises SyntaxProblem for a text that the engine refuses before it evaluates anything (bad
    syntax, an unknown variable, ``self`` outside an object), or that nests deeper than we follow.
    """
    try:
        characters = byte_text(text)
    except UnicodeEncodeError as error:
        raise SyntaxProblem("not Unicode: half of a surrogate pair", len(text[: error.start].encode())) from None
    try:
        parser = _Parser(tokens(characters))
        root = parser.expression()
    except RecursionError:
        raise SyntaxProblem("nested too deeply", 0) from None
    if parser.kind is not END:
        parser.fail("the end of the text")
    parser.bound(("std",), 0)
    if parser.free:
        name, offset = parser.free[0]
        raise SyntaxProblem(f"unknown variable: {name}", offset)
    if parser.selfish:
        raise SyntaxProblem("self, super and $ need an object around them", parser.selfish[0])
    return root


class _Parser(PostfixGrammar):
    """Reads whole expressions, with a stack of its own for what takes everything to its right."""

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem("nested too deeply", self.start)
        pending: list[Pending] = []
        while True:
            node = self._operand(pending)
            if node is None:
                continue
            while True:
                operator = self.text
                level = _BINARY.get(operator)
                if level is None:
                    for _, closed in reversed(pending):
                        node = closed(node)
                    self.depth -= 1
                    return node
                while pending and pending[-1][0] >= level:
                    node = pending.pop()[1](node)
                self.advance()
                if operator != "in" or self.text != "super":
                    break
                self.selfish.append(self.start)
                node = InSuper(node.start, self.advance(), node)
                if _BINARY.get(self.text, level) > level:
                    self.fail("the end of an expression")
            pending.append((level, _binary(operator, node)))

    def _operand(self, pending: list[Pending]) -> Node | None:
        """Read an operand; None where something was opened that goes on to the right."""
        start, text = self.start, self.text
        if text in _UNARY:
            self.advance()
            pending.append((_UNARY_LEVEL, lambda operand: Unary(start, operand.end, text, operand)))
            return None
        reader = _OPENERS.get(text)
        return self.postfix() if reader is None else reader(self, pending)

    def read_if(self, pending: list[Pending]) -> Node | None:
        """Read ``if … then …``, and ``else`` if it is there."""
        start = self.start
        self.take("if")
        condition = self.expression()
        self.take("then")
        then = self.expression()
        if not self.skip("else"):
            return If(start, then.end, condition, then, None)
        pending.append((_OPEN, lambda last: If(start, last.end, condition, then, last)))
        return None

    def read_local(self, pending: list[Pending]) -> None:
        """Read ``local … ;``."""
        start, since = self.start, len(self.free)
        self.take("local")
        binds: list[Bind] = []
        names: set[str] = set()
        while True:
            at = self.start
            bind = self.bind()
            if bind.name in names:
                raise SyntaxProblem(f"two locals named {bind.name}", at)
            names.add(bind.name)
            binds.append(bind)
            if not self.skip(","):
                break
        self.take(";")

        def closed(body: Node) -> Node:
            self.bound(names, since)
            return Local(start, body.end, tuple(binds), body)

        pending.append((_OPEN, closed))

    def read_function(self, pending: list[Pending]) -> None:
        """Read ``function(…)``."""
        start, since = self.start, len(self.free)
        self.take("function")
        params = self.params()

        def closed(body: Node) -> Node:
            self.bound((param.name for param in params), since)
            return Function(start, body.end, params, body)

        pending.append((_OPEN, closed))

    def read_assert(self, pending: list[Pending]) -> None:
        """Read ``assert … ;``."""
        start = self.start
        self.take("assert")
        condition = self.expression()
        message = self.expression() if self.skip(":") else None
        self.take(";")
        pending.append((_OPEN, lambda body: Assert(start, body.end, condition, message, body)))

    def read_error(self, pending: list[Pending]) -> None:
        """Read ``error``."""
        start = self.start
        self.take("error")
        pending.append((_OPEN, lambda message: Error(start, message.end, message)))

    def read_import(self, pending: list[Pending]) -> Node:
        """Read an import; the path is a plain string literal, no text block and no expression."""
        start, keyword = self.start, self.text
        self.advance()
        path = self.expression()
        if not isinstance(path, String) or path.quote == "|||":
            raise SyntaxProblem("an import takes a string literal", path.start)
        return Import(start, path.end, keyword, path)


_OPENERS: dict[str, Callable[[_Parser, list[Pending]], Node | None]] = {
    "if": _Parser.read_if,
    "local": _Parser.read_local,
    "function": _Parser.read_function,
    "assert": _Parser.read_assert,
    "error": _Parser.read_error,
    "import": _Parser.read_import,
    "importstr": _Parser.read_import,
    "importbin": _Parser.read_import,
}


def _binary(operator: str, left: Node) -> Callable[[Node], Node]:
    return lambda right: Binary(left.start, right.end, operator, left, right)
