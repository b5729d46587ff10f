"""What was found: a finding, how bad it is, and where it lies."""

import hashlib
from enum import IntEnum
from typing import Any

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.records import Frozen, field


class Severity(IntEnum):
    """How bad a finding is; a higher number is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Location(Frozen):
    """A place in a file: ``path`` as the user wrote it, line and column from 1 (columns in bytes)."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class Edit(Frozen):
    """One change to a ctx. ``op`` is ``absent``, ``null``, ``empty`` or ``set`` (then ``value`` counts)."""

    path: Path
    op: str
    value: Any = field(default=None, hash=False)

    def as_json(self) -> dict[str, Any]:
        """The edit as the JSON report writes it; ``value`` only where ``op`` is ``set``."""
        plain: dict[str, Any] = {"op": self.op, "path": format_path(self.path)}
        return {**plain, "value": self.value} if self.op == "set" else plain


class Finding(Frozen):
    """One thing that is wrong.

    ``path`` is the ctx path without the leading ``ctx.`` (None where no field is to blame),
    ``edits`` the smallest change to a base ctx that shows the fault, ``error`` the kind and
    message of the template error, ``source`` the line of text at ``location`` and
    ``underline`` its 0-based (start, end) columns.
    """

    rule: str
    slug: str
    severity: Severity
    message: str
    location: Location
    hint: str | None = None
    effect: str | None = None
    hooks: tuple[str, ...] = ()
    kratos: tuple[str, ...] = ()
    path: str | None = None
    edits: tuple[Edit, ...] = ()
    error_kind: str | None = None
    error_message: str | None = None
    template: str | None = None
    source: str | None = None
    underline: tuple[int, int] | None = None
    subject: str = ""

    @property
    def fingerprint(self) -> str:
        """12 hex digits over rule, template, ctx path and error kind.

        No line numbers and no wording, so a baseline survives an unrelated edit. ``subject``
        tells apart findings of one rule that have no ctx path (a hook's place in the config).
        """
        parts = (self.rule, self.template or self.location.path, self.path or "", self.error_kind or "", self.subject)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
