"""Fixing: the edits of a template that are certain, and only those.

Certain are a field that is read at its old or misspelt place where only one field has that name,
a header in the wrong case, and an error text that means to cancel. What to send for a value that
is missing is for the author to decide.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from jsonnet_ctx.check.paths import shown
from jsonnet_ctx.check.possible import is_possible
from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.ctx_path import Path as CtxPath
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.headers import canonical
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import byte_text
from jsonnet_ctx.syntax.span_edit import SpanEdit, edited
from jsonnet_ctx.syntax.tree import Dot, Error, Index, Node, String, walk


def fixes_of(subject: Subject) -> tuple[SpanEdit, ...]:
    """The certain edits of one template, none of them overlapping."""
    text = byte_text(subject.template.text)
    wrong = {read.path: read.span for read in subject.reads if read.certain and "*" not in read.path}
    found = [edit for path, span in wrong.items() if (edit := _moved(subject, text, path, span)) is not None]
    found += _headers(subject)
    found += _cancels(subject.tree)
    return _apart(found)


def write_fixes(subjects: Iterable[Subject], root: Path) -> dict[str, int]:
    """Write the fixed templates below ``root``; the number of edits by file. A body inside a config is left alone.

    Raises UsageError where a file cannot be written.
    """
    counts: dict[str, int] = {}
    for subject in subjects:
        file, edits = root / subject.template.location.path, fixes_of(subject)
        if edits and file.suffix == ".jsonnet" and file.is_file():
            _replace(file, edited(subject.template.text, edits).text)
            counts[shown(file)] = len(edits)
    return counts


def _moved(subject: Subject, text: str, path: CtxPath, span: tuple[int, int]) -> SpanEdit | None:
    """A read written out as ``ctx.a.b`` of a path that is never there, where one field alone has that name."""
    written = f"ctx.{format_path(path)}"
    if text[span[0] : span[1]] != written or any(is_possible(target, path) for target in subject.targets):
        return None
    if len(path) > 1 and not any(is_possible(target, path[:-1]) for target in subject.targets):
        return None
    namesakes = {field.path for shape in subject.shapes for field in shape.fields if field.path[-1] == path[-1]}
    plain = [found for found in namesakes if "*" not in found and found[:2] != ("session", "identity")]
    if len(plain) != 1 or not all(is_possible(target, plain[0]) for target in subject.targets):
        return None
    return SpanEdit(span[0], span[1], f"ctx.{format_path(plain[0])}")


def _headers(subject: Subject) -> list[SpanEdit]:
    """``ctx.request_headers['user-agent']`` in the case in which Kratos writes it, where that passes."""
    found = []
    for node in walk(subject.tree):
        if not isinstance(node, Index) or not isinstance(node.key, String) or not _is_headers(node.target):
            continue
        right = canonical(node.key.value)
        if right != node.key.value and all(
            is_possible(target, ("request_headers", right)) for target in subject.targets
        ):
            found.append(SpanEdit(node.key.start, node.key.end, f"'{right}'"))
    return found


def _is_headers(node: Node) -> bool:
    return isinstance(node, Dot) and node.name == "request_headers"


def _cancels(tree: Node) -> list[SpanEdit]:
    """``error 'Cancel'`` and ``error ' cancel'`` as they were meant."""
    texts = [node.message for node in walk(tree) if isinstance(node, Error)]
    return [
        SpanEdit(text.start, text.end, "'cancel'")
        for text in texts
        if isinstance(text, String) and text.value != "cancel" and text.value.strip().lower() == "cancel"
    ]


def _apart(found: Iterable[SpanEdit]) -> tuple[SpanEdit, ...]:
    kept: list[SpanEdit] = []
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return tuple(kept)


def _replace(file: Path, text: str) -> None:
    """Write whole or not at all; what we made must still be Jsonnet."""
    parse(text)
    place = Path(os.path.realpath(file))
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            os.chmod(name, place.stat().st_mode)
            os.replace(name, place)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        raise UsageError(f"cannot write {shown(file)}: {(error.strerror or str(error)).lower()}") from error
