"""Markdown pages as case files: a jsonnet block is the template, the case and ctx blocks below it are its cases."""

import difflib
import pathlib
import re
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cases.around import Projects, Source, shown_path
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_file import CaseFile, Reader
from jsonnet_ctx.cases.rows import CASE_WORDS
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.document import Document, parse_documents
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.file_text import read_bytes
from jsonnet_ctx.project.markdown_page import MAX_PAGE_BYTES, SUFFIXES, Fence, load_fences
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Plain, field, replace

BLOCKS = ("case", "ctx", "payload")
"""The second word of a yaml or json block that is ours."""

HINT = "below a ```jsonnet block write a ```yaml case block with hook, given and expect"
_LANGUAGES = ("yaml", "yml", "json")
_WORDS = (*CASE_WORDS, "ctx", "identity-schema")
# A page without a jsonnet block, or without a yaml or json block of more than one word, is not parsed.
_TEMPLATE = re.compile(rb"^[^\n`~]*(?:`{3,}|~{3,})[ \t]*\{?[ \t]*\.?jsonnet\b", re.MULTILINE | re.IGNORECASE)
_BESIDE = re.compile(
    rb"^[^\n`~]*(?:`{3,}|~{3,})[ \t]*\{?[ \t]*\.?(?:ya?ml|json)[ \t]+[{.\w]", re.MULTILINE | re.IGNORECASE
)


class _Written(Plain):
    """One case as the page writes it: the value, and which block holds the part of it at a path."""

    template: Fence
    heading: str
    location: Location
    value: dict[str, Any]
    parts: dict[Path, Document] = field(default_factory=dict)

    def find(self, path: Path) -> tuple[int, int | None] | None:
        """Where the value at a path of ``{cases: [value]}`` stands."""
        below = path[2:] if path[:1] == ("cases",) else path
        for length in range(len(below), -1, -1):
            part = self.parts.get(below[:length])
            if part is not None and (place := part.find(below[length:])) is not None:
                return place
        return (self.location.line or 1, self.location.column)


def is_page(path: pathlib.Path) -> bool:
    """Whether a file is called like a Markdown page."""
    return path.name.lower().endswith(SUFFIXES)


def may_hold_cases(path: pathlib.Path) -> bool:
    """Whether a page is worth parsing. Raises FileError for one that cannot be read or is over 1 MiB."""
    data = read_bytes(path, limit=MAX_PAGE_BYTES, name=shown_path(path)).replace(b"\r", b"\n")
    return bool(_TEMPLATE.search(data) and _BESIDE.search(data))


def load_page(path: pathlib.Path, projects: Projects | None = None) -> CaseFile:
    """Read the cases of a page; it has none where no jsonnet block has a case or ctx block below it.

    Raises FileError with the line and column of the page where anything in one of these blocks is
    wrong, and the errors of the settings.
    """
    around = (projects or Projects()).around(path)
    name = shown_path(path)
    titles: dict[str, Entry] = {}
    snapshots: dict[pathlib.Path, str] = {}
    cases: list[Case] = []
    for written in _written(load_fences(path, name=name), name):
        written.value.setdefault("name", _free_name(written.heading, titles))
        own = {key: value for key, value in written.value.items() if key != "identity-schema"}
        schema = {"identity-schema": written.value["identity-schema"]} if own != written.value else {}
        document = Document(name, {**schema, "cases": [own]}, written.find)
        template = Template(written.template.text, name, name, replace(written.template.location))
        reader = Reader(Entry(document, (), document.value), path, around, Source(template, path, path.name), _WORDS)
        cases += reader.cases(titles, snapshots)
    return CaseFile(path, path.name, tuple(cases))


def _written(fences: tuple[Fence, ...], name: str) -> Iterator[_Written]:
    """The cases in the order of the page."""
    template: Fence | None = None
    case: _Written | None = None
    for fence in fences:
        word = _word(fence, template)
        if word is None:
            template = fence if fence.language == "jsonnet" else template
            continue
        if word == "payload":
            _add_payload(case, fence, name)
            continue
        if template is None:
            raise FileError(f"a {word} block has no jsonnet block above it", fence.location, hint=HINT)
        if case is not None:
            yield case
        case = _case(fence, template, name) if word == "case" else _ctx(fence, template, name)
    if case is not None:
        yield case


def _word(fence: Fence, template: Fence | None) -> str | None:
    """Which of our blocks a fence is. Raises FileError for a word that comes close to one of ours."""
    if fence.language not in _LANGUAGES or len(fence.words) < 2:
        return None
    word = fence.words[1]
    if word in BLOCKS:
        return word
    near = difflib.get_close_matches(word.lower(), BLOCKS, n=1, cutoff=0.7)
    if near and template is not None:
        raise FileError(f"unknown block: {word!r}", fence.location_of(word), hint=f"did you mean {near[0]}?")
    return None


def _case(fence: Fence, template: Fence, name: str) -> _Written:
    document = _document(fence, name)
    if not isinstance(document.value, dict):
        raise FileError("a case block holds the words of a case", document.location_of(()), hint=HINT)
    return _Written(template, fence.heading, fence.location, dict(document.value), {(): document})


def _ctx(fence: Fence, template: Fence, name: str) -> _Written:
    """A ctx as it is: the third word of the block names its hook point, unless the ctx is a whole fixture."""
    document = _document(fence, name)
    value: dict[str, Any] = {"ctx": document.value}
    parts: dict[Path, Document] = {("ctx",): document}
    if len(fence.words) > 2:
        value["hook"] = fence.words[2].removeprefix("hook=").strip("\"'")
        place = fence.location_of(fence.words[2])
        parts["hook",] = Document(name, None, lambda _: (place.line or 1, place.column))
    elif not (isinstance(document.value, dict) and "hook" in document.value):
        hint = f"name it after the word ctx: ```{fence.language} ctx registration.after.password.post_persist"
        raise FileError("the ctx block names no hook point", fence.location, hint=hint)
    return _Written(template, fence.heading, fence.location, value, parts)


def _add_payload(case: _Written | None, fence: Fence, name: str) -> None:
    """Take a payload block for what the case above it expects."""
    if case is None:
        raise FileError("a payload block has no case or ctx block above it", fence.location, hint=HINT)
    expect = case.value.setdefault("expect", {})
    if not isinstance(expect, dict) or "payload" in expect:
        raise FileError("the case above says already what it expects", fence.location, hint="keep one of the two")
    document = _document(fence, name)
    case.value["expect"] = {**expect, "payload": document.value}
    case.parts["expect", "payload"] = document


def _document(fence: Fence, name: str) -> Document:
    first, *others = parse_documents(fence.text, name, suffix=f".{fence.language}")
    if others:
        raise FileError("a block holds one YAML document", others[0].location_of(()), hint="give each a block")
    return first._replace(value={}) if first.value is None and fence.words[1] == "case" else first


def _free_name(heading: str, taken: dict[str, Entry]) -> str:
    """The heading above, with a number where several cases stand below it."""
    plain = heading.replace("::", ":").strip() or "case"
    number = 1
    while (name := plain if number == 1 else f"{plain} {number}") in taken:
        number += 1
    return name
