"""Markdown pages as their fenced blocks, each with its place in the page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.records import Frozen

SUFFIXES = (".md", ".markdown")
MAX_PAGE_BYTES = 1024 * 1024
"""The largest page that is read; a page of a book has some ten thousand bytes."""

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Fence(Frozen):
    """A fenced block: ``words`` of its info string, ``heading`` above it, ``text`` at its lines and columns.

    ``text`` begins with an empty line for each line of the page before it, and its lines are set
    in as in the page: what a reader says of line and column holds for the page.
    """

    words: tuple[str, ...]
    heading: str
    text: str
    location: Location
    source: str

    @property
    def language(self) -> str:
        """The first word, in lower case; empty where there is none."""
        return self.words[0].lower() if self.words else ""

    def location_of(self, word: str) -> Location:
        """Where a word of the info string stands."""
        at = self.source.find(word, (self.location.column or 1) - 1)
        return Location(self.location.path, self.location.line, len(self.source[:at].encode()) + 1)


def load_fences(path: Path, *, name: str) -> tuple[Fence, ...]:
    """Read the fenced blocks of a page, those in lists and quotes too.

    Raises FileError for a page that cannot be read, is over 1 MiB or not UTF-8, and for a block
    that is never closed: it would swallow the blocks below it.
    """
    text = read_text(path, limit=MAX_PAGE_BYTES, name=name)
    return tuple(_fences(text.replace("\r\n", "\n").replace("\r", "\n"), name))


def _fences(text: str, name: str) -> Iterator[Fence]:
    # A parser of its own weight, and most test runs have no page.
    from markdown_it import MarkdownIt

    lines = text.split("\n")
    heading = ""
    before: Any = None
    for token in MarkdownIt("commonmark").disable("inline").parse(text):
        if before is not None and before.type == "heading_open":
            heading = _plain(token.content)
        if token.type == "fence":
            yield _fence(token, lines, heading, name)
        before = token


def _fence(token: Any, lines: list[str], heading: str, name: str) -> Fence:
    first, end = token.map
    source = lines[first]
    place = Location(name, first + 1, len(source[: source.find(token.markup)].encode()) + 1)
    closing = lines[end - 1].strip(" \t>")
    if end - 1 <= first or set(closing) != set(token.markup[0]) or len(closing) < len(token.markup):
        raise FileError(f"the block is never closed: no {token.markup} ends it", place)
    words = tuple(word.lstrip(".") for word in re.sub("[{}]", " ", token.info).split())
    return Fence(words, heading, _at_its_place(token.content, lines, first + 1), place, source)


def _at_its_place(content: str, lines: list[str], start: int) -> str:
    """The content with what the parser took from it given back as empty lines and spaces."""
    body = content.split("\n")
    indent = next((_indent(lines[start + at], line) for at, line in enumerate(body) if line.strip()), 0)
    return "\n" * start + "\n".join(" " * indent + line if line.strip() else line for line in body)


def _indent(written: str, line: str) -> int:
    return len(written) - len(line) if written.endswith(line) else 0


def _plain(heading: str) -> str:
    """A heading without the marks of links, code and emphasis."""
    return " ".join(_LINK.sub(r"\1", heading).replace("`", "").replace("*", "").split())
