"""The grammar of operands: literals, arrays, indexes, slices, calls."""

from jsonnet_ctx.syntax.lexer import NAME, NUMBER, STRING
from jsonnet_ctx.syntax.object_grammar import ObjectGrammar
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import (
    ApplyBrace,
    Array,
    ArrayComp,
    Assert,
    Bind,
    Boolean,
    Call,
    Dollar,
    Dot,
    If,
    Index,
    Name,
    Named,
    Node,
    Null,
    Number,
    Object,
    ObjectComp,
    Paren,
    Self,
    Slice,
    Super,
    Var,
    walk,
)

_UNFINISHED_IN_SUPER = (Paren, ArrayComp, Object, ObjectComp, ApplyBrace, Slice, Dollar, Dot, Assert)


class PostfixGrammar(ObjectGrammar):
    """Reads operands and what follows them without an operator."""

    def postfix(self) -> Node:
        """Read an operand with its ``.x``, ``[…]``, ``(…)`` and ``{…}``."""
        node = self._atom()
        while True:
            text = self.text
            if text == ".":
                self.advance()
                end = self.end
                node = Dot(node.start, end, node, self.identifier())
            elif text == "(":
                node = self._call(node)
            elif text == "[":
                node = self._index(node)
            elif text == "{":
                added = self.object()
                node = ApplyBrace(node.start, added.end, node, added)
            else:
                return node

    def _atom(self) -> Node:
        kind, text, start = self.kind, self.text, self.start
        node: Node
        if kind is NAME:
            self.free.append((text, start))
            node = Var(start, self.advance(), text)
        elif kind is STRING:
            node = self.string()
        elif kind is NUMBER:
            node = Number(start, self.advance(), text)
        elif text == "{":
            node = self.object()
        elif text == "[":
            node = self._array()
        elif text == "(":
            self.advance()
            inner = self.expression()
            node = Paren(start, self.take(")"), inner)
        else:
            node = self._word()
        return node

    def _word(self) -> Node:
        text, start = self.text, self.start
        if text == "null":
            return Null(start, self.advance())
        if text in ("true", "false"):
            return Boolean(start, self.advance(), text == "true")
        if text in ("self", "$"):
            self.selfish.append(start)
            return (Self if text == "self" else Dollar)(start, self.advance())
        if text == "super":
            return self._super()
        self.fail("an expression")

    def _super(self) -> Super:
        start = self.start
        self.selfish.append(start)
        self.advance()
        if self.skip("."):
            key_start, end = self.start, self.end
            return Super(start, end, Name(key_start, end, self.identifier()))
        self.take("[")
        key = self.expression()
        # The engine crashes on these inside super[…], since it does not prepare them there.
        for node in walk(key):
            unfinished = type(node) in _UNFINISHED_IN_SUPER or (type(node) is Super and type(node.key) is Name)
            missing = (type(node) is If and node.otherwise is None) or (type(node) is Bind and node.params is not None)
            if unfinished or missing:
                raise SyntaxProblem("too much for an index of super", node.start)
        return Super(start, self.take("]"), key)

    def _array(self) -> Node:
        start, since = self.start, len(self.free)
        self.take("[")
        items: list[Node] = []
        while self.text != "]":
            items.append(self.expression())
            comma = self.skip(",")
            if self.text == "for" and len(items) == 1:
                specs = self.specs(since)
                return ArrayComp(start, self.take("]"), items[0], specs)
            if not comma:
                break
        return Array(start, self.take("]"), tuple(items))

    def _index(self, target: Node) -> Node:
        self.take("[")
        parts: list[Node | None] = [None]
        while self.text != "]":
            if self.text in (":", "::"):
                parts += [None] * len(self.text)
                self.advance()
            elif parts[-1] is None:
                parts[-1] = self.expression()
            else:
                self.fail("']'")
        if len(parts) > 3:
            raise SyntaxProblem("too many colons in a slice", self.start)
        if len(parts) > 1:
            begin, stop, step = (*parts, None)[:3]
            return Slice(target.start, self.advance(), target, begin, stop, step)
        key = parts[0]
        if key is None:
            self.fail("an index")
        return Index(target.start, self.advance(), target, key)

    def _call(self, target: Node) -> Call:
        self.take("(")
        positional: list[Node] = []
        named: list[Named] = []
        while self.text != ")":
            if self.kind is NAME and self.next_text() == "=":
                start, name = self.start, self.identifier()
                self.advance()
                value = self.expression()
                named.append(Named(start, value.end, name, value))
            elif named:
                raise SyntaxProblem("an argument without a name after one with a name", self.start)
            else:
                positional.append(self.expression())
            if not self.skip(","):
                break
        end = self.take(")")
        tailstrict = self.text == "tailstrict"
        if tailstrict:
            end = self.advance()
        return Call(target.start, end, target, tuple(positional), tuple(named), tailstrict)
