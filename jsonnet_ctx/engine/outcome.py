"""What came of one evaluation: rendered, cancelled or failed. A wrong template is a value."""

from typing import Any, Literal, NamedTuple

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen

Kind = Literal[
    "syntax",
    "entry-point",
    "missing-field",
    "null-index",
    "index-out-of-range",
    "type",
    "explicit",
    "assert",
    "import",
    "std-missing",
    "stack",
    "timeout",
    "input-too-large",
    "output-too-large",
    "memory",
    "form-shape",
    "content-type",
    "worker-died",
]


class Frame(NamedTuple):
    """One line of the engine's stack trace: a span (columns in bytes, end exclusive), or a note."""

    location: Location | None
    end_line: int | None
    end_column: int | None
    name: str


class TemplateError(Frozen):
    """Why a template failed. ``kind`` is compared, ``message`` (the engine's wording) is shown.

    ``ctx_path`` is the ctx path to blame where it is known; ``payload_path`` the output field
    that was being made; ``raw`` the engine's whole text as Kratos would log it.
    """

    kind: Kind
    message: str
    location: Location | None = None
    ctx_path: Path | None = None
    payload_path: Path | None = None
    frames: tuple[Frame, ...] = ()
    raw: str = ""

    @property
    def line(self) -> int | None:
        return self.location.line if self.location else None

    @property
    def column(self) -> int | None:
        return self.location.column if self.location else None

    @property
    def path(self) -> str | None:
        """The ctx path as text, without the leading ``ctx.``."""
        return format_path(self.ctx_path) if self.ctx_path is not None else None


class Usage(NamedTuple):
    """What an evaluation cost: seconds in the engine, bytes of message in and of output."""

    seconds: float = 0.0
    input_bytes: int = 0
    output_bytes: int = 0


_NOT_MEASURED = Usage()


class Rendered(Frozen):
    """The template made a payload; ``text`` is Jsonnet's own output, byte for byte."""

    payload: Any
    text: str
    usage: Usage = _NOT_MEASURED


class Cancelled(Frozen):
    """The template said ``error "cancel…"`` under a JSON content type: no webhook, the flow goes on."""

    error: TemplateError
    usage: Usage = _NOT_MEASURED


class Failed(Frozen):
    """The template failed; what that means for the person depends on the hook."""

    error: TemplateError
    usage: Usage = _NOT_MEASURED


Outcome = Rendered | Cancelled | Failed
