"""The grammar of objects, parameters, binds and comprehensions."""

from abc import abstractmethod

from jsonnet_ctx.syntax.cursor import Cursor
from jsonnet_ctx.syntax.lexer import NAME, STRING
from jsonnet_ctx.syntax.position import plain_text
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.string_literal import string_value
from jsonnet_ctx.syntax.tree import (
    Bind,
    Filter,
    For,
    Member,
    Name,
    Node,
    Object,
    ObjectAssert,
    ObjectComp,
    ObjectField,
    ObjectLocal,
    Param,
    String,
)

FIELD_OPERATORS = frozenset({":", "::", ":::", "+:", "+::", "+:::"})


class ObjectGrammar(Cursor):
    """Reads the parts of Jsonnet that bind names."""

    @abstractmethod
    def expression(self) -> Node:
        """Read an expression of any precedence."""

    def string(self) -> String:
        """Read a string literal."""
        start = self.start
        value, quote = string_value(self.text, start)
        return String(start, self.advance(), value, quote)

    def params(self) -> tuple[Param, ...]:
        """Read ``(name, name=default, …)``; an engine sees two parameters of one name only when it calls."""
        self.take("(")
        found: list[Param] = []
        while self.text != ")":
            start, end = self.start, self.end
            name = self.identifier()
            default = self.expression() if self.skip("=") else None
            found.append(Param(start, default.end if default else end, name, default))
            if not self.skip(","):
                break
        self.take(")")
        return tuple(found)

    def bind(self) -> Bind:
        """Read ``name = value`` or ``name(params) = value``."""
        start = self.start
        name = self.identifier()
        since = len(self.free)
        params = self.params() if self.text == "(" else None
        self.take("=")
        value = self.expression()
        if params:
            self.bound((param.name for param in params), since)
        return Bind(start, value.end, name, params, value)

    def specs(self, since: int) -> tuple[For | Filter, ...]:
        """Read ``for … in … if …``; what was read from ``since`` on may use the variables."""
        found: list[For | Filter] = []
        inner = self.free[since:]
        del self.free[since:]
        scopes: list[tuple[str, int]] = []
        while True:
            start = self.start
            if self.skip("for"):
                name = self.identifier()
                self.take("in")
                values = self.expression()
                scopes.append((name, len(self.free)))
                found.append(For(start, values.end, name, values))
            elif found and self.skip("if"):
                condition = self.expression()
                found.append(Filter(start, condition.end, condition))
            else:
                break
        self.free += inner
        for name, at in reversed(scopes):
            self.bound((name,), at)
        return tuple(found)

    def object(self) -> Node:
        """Read ``{…}``: an object or an object comprehension."""
        start = self.start
        self.take("{")
        members: list[Member] = []
        names: set[str] = set()
        outside: list[tuple[str, int]] = []
        outside_selfish: list[int] = []
        since, selfish_since = len(self.free), len(self.selfish)
        while self.text not in {"}", "for"}:
            if self.text == "local":
                members.append(self._object_local(members))
            elif self.text == "assert":
                members.append(self._object_assert())
            else:
                members.append(self._field(names, outside, outside_selfish))
            if not self.skip(",") and self.text not in ("}", "for"):
                self.fail("',' or '}'")
        self.bound((member.bind.name for member in members if type(member) is ObjectLocal), since)
        self.free += outside
        self.selfish[selfish_since:] = outside_selfish
        if self.text == "for":
            self._check_comprehension(members)
            specs = self.specs(since)
            return ObjectComp(start, self.take("}"), tuple(members), specs)
        return Object(start, self.take("}"), tuple(members))

    def _object_local(self, members: list[Member]) -> ObjectLocal:
        start = self.start
        self.take("local")
        at = self.start
        bind = self.bind()
        if any(type(member) is ObjectLocal and member.bind.name == bind.name for member in members):
            raise SyntaxProblem(f"two locals named {bind.name}", at)
        return ObjectLocal(start, bind.end, bind)

    def _object_assert(self) -> ObjectAssert:
        start = self.start
        self.take("assert")
        condition = self.expression()
        message = self.expression() if self.skip(":") else None
        return ObjectAssert(start, (message or condition).end, condition, message)

    def _field(self, names: set[str], outside: list[tuple[str, int]], outside_selfish: list[int]) -> ObjectField:
        start, since, selfish_since = self.start, len(self.free), len(self.selfish)
        computed = self.text == "["
        key, name = (self._computed_key(), None) if computed else self._literal_key()
        if computed:
            # The name of a field is evaluated outside the object: no object locals, no self.
            outside += self.free[since:]
            outside_selfish += self.selfish[selfish_since:]
            del self.free[since:], self.selfish[selfish_since:]
        params = self.params() if self.text == "(" else None
        operator = self.text
        if operator not in FIELD_OPERATORS:
            self.fail("':'")
        if params is not None and operator[0] == "+":
            raise SyntaxProblem("a method cannot be added with +:", start)
        if name is not None:
            if name in names:
                raise SyntaxProblem(f"two fields named {name}", start)
            names.add(name)
        self.advance()
        value = self.expression()
        if params:
            self.bound((param.name for param in params), since)
        return ObjectField(start, value.end, key, computed, params, operator, value)

    def _computed_key(self) -> Node:
        self.take("[")
        key = self.expression()
        self.take("]")
        return key

    def _literal_key(self) -> tuple[Node, str]:
        """A field's written name; the second part is what the engine compares to find two of one name."""
        text, start, end = self.text, self.start, self.end
        if self.kind is NAME:
            self.advance()
            return Name(start, end, text), text
        if self.kind is not STRING:
            self.fail("a field name")
        literal = self.string()
        return literal, plain_text(text[1:-1]) if literal.quote in ("'", '"') else literal.value

    def _check_comprehension(self, members: list[Member]) -> None:
        fields = [member for member in members if type(member) is ObjectField]
        if any(type(member) is ObjectAssert for member in members):
            raise SyntaxProblem("an object comprehension cannot hold an assert", self.start)
        if len(fields) != 1 or not fields[0].computed or fields[0].operator not in (":", "+:"):
            raise SyntaxProblem("an object comprehension holds one visible field with a computed name", self.start)
