"""A place among the tokens of a text, and the names that are still looking for their binding."""

from collections.abc import Iterable
from typing import NoReturn

from jsonnet_ctx.syntax.lexer import END, NAME, Token
from jsonnet_ctx.syntax.problem import SyntaxProblem

MAX_DEPTH = 120
"""How deep brackets may nest before a text is refused; the engine goes deeper, Python's stack does not."""


class Cursor:
    """Reads tokens one after another and keeps the free variables of what has been read.

    ``free`` holds (name, offset) of variables without a binding so far, ``selfish`` the offsets
    of ``self``, ``super`` and ``$`` that no object encloses so far.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.kind, self.text, self.start, self.end = tokens[0]
        self.depth = 0
        self.free: list[tuple[str, int]] = []
        self.selfish: list[int] = []

    def advance(self) -> int:
        """Go to the next token; the end offset of the one that was left."""
        end = self.end
        self.at += 1
        self.kind, self.text, self.start, self.end = self.tokens[self.at]
        return end

    def take(self, text: str) -> int:
        """Go past the sign or keyword ``text``; its end offset. Raises SyntaxProblem for another token."""
        if self.text != text:
            self.fail(f"{text!r}")
        return self.advance()

    def skip(self, text: str) -> bool:
        """Go past the sign or keyword ``text`` if it is there."""
        if self.text != text:
            return False
        self.advance()
        return True

    def identifier(self) -> str:
        """Go past an identifier. Raises SyntaxProblem for another token."""
        if self.kind is not NAME:
            self.fail("an identifier")
        name = self.text
        self.advance()
        return name

    def next_text(self) -> str:
        """The text of the token after this one."""
        return "" if self.kind is END else self.tokens[self.at + 1][1]

    def fail(self, expected: str) -> NoReturn:
        """Raise SyntaxProblem: something else was expected here."""
        got = "the end of the text" if self.kind is END else repr(self.text[:40])
        raise SyntaxProblem(f"expected {expected}, got {got}", self.start)

    def bound(self, names: Iterable[str], since: int) -> None:
        """Variables named so among the free ones from index ``since`` on have found their binding."""
        if len(self.free) > since:
            known = set(names)
            self.free[since:] = [use for use in self.free[since:] if use[0] not in known]
