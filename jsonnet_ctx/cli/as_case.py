"""``replay --as-case``: a stored failure as a case in the case file of its template."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from jsonnet_ctx.cases.append import appended, case_lines
from jsonnet_ctx.cases.around import Around, Projects, find_source, shown_path
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_file import SUFFIXES, load_cases
from jsonnet_ctx.cases.contexts import Contexts
from jsonnet_ctx.cases.first import expectation_of
from jsonnet_ctx.cases.from_ctx import Wanted, case_words
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.cases.snapshot import slug
from jsonnet_ctx.cases.yaml_text import scalar
from jsonnet_ctx.check.store import StoredFailure
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import JsonnetCtxError, UsageError
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.whole_file import write_whole
from jsonnet_ctx.records import Frozen


class _Target(Frozen):
    """The case file to write to, what it calls the template, the case's name and the projects to read it in."""

    file: Path
    source: str
    name: str
    projects: Projects


def write_case(failure: StoredFailure, template: Template, place: Path, name: str, engine: str | None) -> Case:
    """Write the case and return it; ``place`` is the template's file, or the config that holds it.

    The file is the template's own, made or extended. Raises UsageError for a name that is taken or
    cannot be one, and where the file cannot be written; the file is never left half written.
    """
    address = failure.template.partition("::")[2]
    source = f"{place.name}::{address}" if address else place.name
    target = _Target(_case_file(place, address), source, name, Projects({"engine": engine}))
    around = target.projects.around(place)
    worker = shared_engine(failure.kratos, around.settings.engine)
    words = {"name": name, **_at(failure, place, source, around)}
    config = around.config(failure.kratos)
    contexts = Contexts(around.identity_schema(failure.kratos), config.header_allowlist if config else None)
    wanted = Wanted(template, parse_hook_point(failure.hook), failure.kratos, failure.ctx, failure.content_type)
    edits = case_words(wanted, contexts, worker)
    written = None if edits is None else _try(target, {**words, **edits})
    if written is not None:
        return written
    outcome = worker.evaluate(template, failure.ctx, content_type=failure.content_type)
    fixture = target.file.with_name(f"{target.file.name.removesuffix(_suffix(target.file))}.{slug(name)}.json")
    recorded = {"format": 1, "hook": failure.hook, "kratos": failure.kratos, "redacted": [], "ctx": failure.ctx}
    _write(fixture, json.dumps(recorded, indent=2, ensure_ascii=False) + "\n")
    written = _try(target, {**words, "fixture": fixture.name, "expect": expectation_of(outcome)})
    if written is None:
        raise UsageError(f"no case leads to what {failure.fingerprint} shows", hint=f"its ctx is in {fixture.name}")
    return written


def _at(failure: StoredFailure, place: Path, source: str, around: Around) -> dict[str, Any]:
    """The words that say where the case runs, and the Content-Type where no config says it."""
    words: dict[str, Any] = {"hook": failure.hook, "kratos": failure.kratos}
    found = find_source(source, place.absolute().parent, around)
    binding = found.binding_near(around, parse_hook_point(failure.hook), failure.kratos)
    if ((binding.webhook.content_type if binding else None) or "application/json") != failure.content_type:
        words["webhook"] = {"headers": {"Content-Type": failure.content_type}}
    return words


def _case_file(place: Path, address: str) -> Path:
    """The case file of a template: one that is there, else the one that ``new`` would write."""
    stem = slug(f"{place.stem} {address}") if address else place.name.removesuffix(".jsonnet")
    names = [place.with_name(f"{stem}{suffix}") for suffix in SUFFIXES]
    return next((name for name in names if name.exists()), names[0])


def _suffix(file: Path) -> str:
    return next(suffix for suffix in SUFFIXES if file.name.endswith(suffix))


def _try(target: _Target, words: dict[str, Any]) -> Case | None:
    """Write the case where it holds; None where it does not, and then nothing is written."""
    text = _text(target, words)
    folder = target.file.absolute().parent
    try:
        with tempfile.NamedTemporaryFile("wb", dir=folder, prefix=".", suffix=_suffix(target.file)) as draft:
            draft.write(text.encode())
            draft.flush()
            case = _case_in(Path(draft.name), target)
            holds = case is not None and not run_case(case, with_snapshot=False).mismatches
    except OSError as error:
        raise UsageError(f"cannot write below {os.path.relpath(folder)}: {_reason(error)}") from None
    if not holds:
        return None
    _write(target.file, text)
    return _case_in(target.file.absolute(), target)


def _case_in(file: Path, target: _Target) -> Case | None:
    """The case of the name; None where the words of a case file cannot say it."""
    try:
        loaded = load_cases(file, target.projects)
    except JsonnetCtxError as error:
        if "cannot be named" in str(error):
            raise UsageError(f"a case cannot be named {target.name!r}", hint=error.hint) from None
        return None
    return next((case for case in loaded.cases if case.name == target.name), None)


def _text(target: _Target, words: dict[str, Any]) -> str:
    """The text of the case file with the case in it. Raises FileError for a file that is broken already."""
    if not target.file.exists():
        lines = [f"template: {scalar(target.source)}", "cases:", *(f"  {line}" for line in case_lines(words))]
        return "\n".join(lines) + "\n"
    there = load_cases(target.file.absolute(), target.projects)
    if any(case.name == target.name or case.name.startswith(f"{target.name}[") for case in there.cases):
        hint = "choose another name"
        raise UsageError(f"{shown_path(target.file)} has a case named {target.name!r} already", hint=hint)
    return appended(target.file.read_bytes().decode("utf-8"), words, shown_path(target.file))


def _write(file: Path, text: str) -> None:
    try:
        write_whole(file, text)
    except OSError as error:
        raise UsageError(f"cannot write {os.path.relpath(file)}: {_reason(error)}") from None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
