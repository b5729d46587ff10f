"""Comments that take findings back: ``// jsonnet-ctx: ignore[JC101] mobile clients always send it``."""

import re

from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.lexer import comments
from jsonnet_ctx.syntax.position import byte_text, line_column, plain_text

_MARK = re.compile(r"\bjsonnet-ctx:\s*ignore(?P<file>-file)?\b\s*(?:\[(?P<rules>[^\]\n]*)\])?(?P<reason>[^\n]*)")
_COMMENT_END = re.compile(r"\s*\*/\s*$")


class Suppression(Frozen):
    """A suppressing comment: the ``rules`` it names, why, and the ``line`` it applies to.

    ``line`` is the comment's own line where code stands before it, else the next line with code,
    and None for the whole file (``ignore-file[…]`` in a comment before all code). Without rules
    in brackets it takes nothing back. ``span`` are the byte offsets of the comment.
    """

    rules: tuple[str, ...]
    reason: str
    line: int | None
    span: tuple[int, int]

    def covers(self, rule: str, line: int | None) -> bool:
        """Whether a finding of ``rule`` at ``line`` is taken back."""
        return rule in self.rules and self.line in (None, line)


def suppressions(text: str) -> tuple[Suppression, ...]:
    """The suppressing comments of a text in their order; of a text that is no Jsonnet, those before the fault."""
    if "jsonnet-ctx:" not in text:
        return ()
    characters = byte_text(text.encode(errors="replace").decode())
    found = comments(characters)
    blank = _without_comments(characters, found)
    marks = ((_MARK.search(comment), start, end) for comment, start, end in found)
    return tuple(_suppression(mark, start, end, blank) for mark, start, end in marks if mark is not None)


def _without_comments(characters: str, found: list[tuple[str, int, int]]) -> str:
    """The text with spaces for comments, so that what is left on a line is code."""
    parts: list[str] = []
    at = 0
    for comment, start, end in found:
        parts += [characters[at:start], re.sub(r"[^\n]", " ", comment)]
        at = end
    return "".join([*parts, characters[at:]])


def _suppression(mark: re.Match[str], start: int, end: int, blank: str) -> Suppression:
    rules = tuple(rule.strip() for rule in (mark["rules"] or "").split(",") if rule.strip())
    reason = _COMMENT_END.sub("", plain_text(mark["reason"])).strip()
    before_all_code = not blank[:start].strip()
    line = None if mark["file"] and before_all_code else _line_of_code(blank, start, end)
    return Suppression(rules, reason, line, (start, end))


def _line_of_code(blank: str, start: int, end: int) -> int:
    line_start = blank.rfind("\n", 0, start) + 1
    if blank[line_start:start].strip():
        return line_column(blank, start)[0]
    code = re.compile(r"\S").search(blank, end)
    return line_column(blank, code.start() if code else start)[0]
