"""A ctx that was found elsewhere as a case: a fixture beside the template, and a case that names it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonnet_ctx.cases.case_file import load_cases
from jsonnet_ctx.cases.snapshot import slug
from jsonnet_ctx.cases.yaml_text import scalar
from jsonnet_ctx.errors import FileError, JsonnetCtxError, UsageError
from jsonnet_ctx.finding import Location

_ITEM = re.compile(r"^(?P<indent> *)- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """A ctx at a hook point of a version, and the name that its case gets."""

    name: str
    hook: str
    kratos: str
    ctx: dict[str, Any]


def append_case(template: Path, found: Found) -> tuple[Path, Path]:
    """Write the fixture and the case, which demands that the template renders; returns case file and fixture.

    Nothing is changed where a case has that name, or where the case file would not be one any more.
    Raises UsageError and FileError.
    """
    stem = template.name.removesuffix(".jsonnet")
    file, fixture = template.with_name(f"{stem}.cases.yaml"), template.with_name(f"{stem}.{slug(found.name)}.json")
    before = file.read_text(encoding="utf-8") if file.exists() else None
    if before is not None and any(case.name == found.name for case in load_cases(file).cases):
        raise UsageError(f"{file} has a case {found.name!r} already", hint="give it another name")
    if fixture.exists():
        raise UsageError(f"{fixture} is there already", hint="give the case another name")
    text = _with_case(before or f"template: {scalar(template.name)}\nhook: {found.hook}\ncases:\n", found, fixture.name)
    plain = {"format": 1, "hook": found.hook, "kratos": found.kratos, "ctx": found.ctx}
    _write(fixture, json.dumps(plain, indent=2) + "\n")
    _write(file, text)
    try:
        load_cases(file)
    except JsonnetCtxError as error:
        _restore(file, before)
        fixture.unlink()
        hint = f"add it by hand:\n{_with_case('', found, fixture.name)}"
        raise FileError(f"the case does not fit in: {error}", Location(str(file)), hint=hint) from error
    return file, fixture


def _with_case(text: str, found: Found, fixture: str) -> str:
    """The text with the case at its end, set in as the items before it."""
    items = list(_ITEM.finditer(text.partition("\ncases:")[2]))
    indent = min((item["indent"] for item in items), key=len, default="  ")
    lines = (
        f"- name: {scalar(found.name)}",
        f"  hook: {found.hook}",
        f"  kratos: {found.kratos}",
        f"  fixture: {scalar(fixture)}",
        "  expect: {under: {seconds: 1}}  # it renders, in the second that Kratos gives it",
    )
    gap = "\n" if items else ""
    return (
        text + ("" if text.endswith("\n") or not text else "\n") + gap + "".join(f"{indent}{line}\n" for line in lines)
    )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error


def _restore(file: Path, before: str | None) -> None:
    if before is None:
        file.unlink()
    else:
        _write(file, before)
