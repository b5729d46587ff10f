"""A fault: one way in which a template fails, with the smallest edit of a ctx that shows it."""

from typing import Any

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.records import Frozen

FaultKey = tuple[str, int | None, int | None, int | None, Path | None]


class Fault(Frozen):
    """One way in which a template fails at one target.

    ``edits`` lead from a ctx on which the template gets past this place to ``ctx``, on which it
    fails; ``ordinary`` says that no odd client value is needed; ``why`` is a half sentence about
    when it happens; ``possible`` is False for a field that no Kratos sends there; ``guessed`` are the paths
    of edits whose value has a type that was made up.
    """

    target: Target
    error: TemplateError
    edits: tuple[Edit, ...]
    ctx: dict[str, Any]
    client: str
    ordinary: bool = True
    why: str = ""
    possible: bool = True
    guessed: tuple[Path, ...] = ()

    @property
    def path(self) -> Path | None:
        """The ctx path to blame: the engine's where it knows one, else that of the edit."""
        if self.error.ctx_path is not None or self.error.kind == "form-shape":
            return self.error.ctx_path
        return self.edits[0].path if len(self.edits) == 1 else None

    @property
    def path_text(self) -> str | None:
        """The blamed ctx path as text, None where no field is to blame."""
        return format_path(self.path) if self.path else None

    @property
    def decided(self) -> bool:
        """Whether the files decide that this can happen; traits without an identity schema are open."""
        return self.target.schema is not None or self.path is None or self.path[:2] != ("identity", "traits")

    @property
    def key(self) -> FaultKey:
        """What makes two failures the same fault: kind, place in the template and ctx path."""
        frame = self.error.frames[0] if self.error.frames else None
        end = frame.end_column if frame and frame.location == self.error.location else None
        path = tuple("*" if isinstance(part, int) else part for part in self.path) if self.path else None
        return (self.error.kind, self.error.line, self.error.column, end, path or self.error.payload_path)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Which of two examples of one fault to show: ordinary before odd, then fewer edits, then smaller ones."""
        return (not self.ordinary, len(self.edits), -sum(len(edit.path) for edit in self.edits))
