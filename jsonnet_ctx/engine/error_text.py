"""Read go-jsonnet's error text (and the C++ engine's): message, frames, payload path.

::

    error    := runtime | static | internal
    runtime  := "RUNTIME ERROR: " message NL { frame }      the message may hold newlines: frames are cut from the end
    frame    := TAB place TAB name NL | TAB "..." NL
    place    := [file ":"] span | note | ""
    span     := L ":" C | L ":" C "-" C2 | "(" L ":" C ")-(" L2 ":" C2 ")"      columns are bytes, the end exclusive
    note     := "During manifestation" | "Top-level function call" | "Field " quoted | "Array element " n | …
    static   := file ":" span SP message NL NL source-lines NL NL
"""

import json
import re

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import Frame
from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen

RUNTIME = "RUNTIME ERROR: "
_SPAN = r"(?:\((?P<l1>\d+):(?P<c1>\d+)\)-\((?P<l2>\d+):(?P<c2>\d+)\)|(?P<l>\d+):(?P<c>\d+)(?:-(?P<ce>\d+))?)"
_PLACE = re.compile(rf"(?:(?P<file>.*):)?{_SPAN}", re.DOTALL)
_FRAME = re.compile(r"\t(?:\.\.\.|(?P<place>[^\t]*)\t(?P<name>[^\t]*))")
_STATIC = re.compile(rf"{_SPAN}:? (?P<message>[^\n]*)")
_LINE_ONE = re.compile(r"(?P<open>\(?)1:(?P<c>\d+)(?:-(?P<ce>\d+)(?=\t))?")


class ErrorText(Frozen):
    """An error as the engine worded it. ``frames`` hold the template's frames, innermost first.

    ``std_first`` says that the innermost frame of all lay inside the standard library.
    """

    static: bool
    message: str
    frames: tuple[Frame, ...] = ()
    payload_path: Path | None = None
    std_first: bool = False

    @property
    def location(self) -> Location | None:
        """The innermost place in the template: the line that failed, or that called std."""
        return next((frame.location for frame in self.frames if frame.location), None)


def parse_error(text: str, *, filename: str, name: str) -> ErrorText:
    """Parse an error text; frames of ``filename`` are shown under ``name``, others are dropped.

    A text of another shape (an internal error) becomes a message without frames.
    """
    if text.startswith(RUNTIME):
        return _runtime(text.removeprefix(RUNTIME), filename, name)
    start = f"{filename}:"
    static = text.removeprefix("STATIC ERROR: ")
    match = _STATIC.match(static, len(start)) if static.startswith(start) else None
    if match is None:
        return ErrorText(False, text.strip().split("\n")[0])
    message = match["message"]
    place = static[: match.start("message")]
    while message.startswith(place):  # errors in string literals carry the place twice since 0.21
        message = message.removeprefix(place)
    return ErrorText(True, message, (_frame(match, name, ""),))


def _runtime(body: str, filename: str, name: str) -> ErrorText:
    lines = body.removesuffix("\n").split("\n")
    end = len(lines)
    while end > 1 and _FRAME.fullmatch(lines[end - 1]):
        end -= 1
    frames: list[Frame] = []
    payload: list[str | int] = []
    std_first = False
    for number, line in enumerate(lines[end:]):
        match = _FRAME.fullmatch(line)
        if match is None or match["place"] is None:
            continue
        place = _PLACE.fullmatch(match["place"])
        if place is None:
            frames.append(Frame(None, None, None, match["place"] or match["name"]))
            payload += _payload_step(match["place"])
        elif place["file"] == filename:
            frames.append(_frame(place, name, match["name"]))
        elif number == 0:
            std_first = True
    return ErrorText(False, "\n".join(lines[:end]), tuple(frames), tuple(reversed(payload)) or None, std_first)


def _frame(match: re.Match[str], name: str, label: str) -> Frame:
    line, column = int(match["l1"] or match["l"]), int(match["c1"] or match["c"])
    end_line = int(match["l2"] or line)
    end_column = int(match["c2"] or match["ce"] or column)
    return Frame(Location(name, line, column), end_line, end_column, label)


def _payload_step(note: str) -> tuple[str | int, ...]:
    """The payload path segment that a note of manifestation names, or none."""
    if note.startswith("Array element "):
        return (int(note.removeprefix("Array element ")),)
    if not note.startswith("Field "):
        return ()
    quoted = note.removeprefix("Field ")
    try:
        return (str(json.loads(quoted)),)
    except ValueError:  # Go quotes some control characters otherwise than JSON
        return (quoted[1:-1],)


def shift_back(text: str, filename: str, width: int) -> str:
    """Take ``width`` bytes off the columns of the first line of ``filename``, in every frame."""

    def shifted(match: re.Match[str]) -> str:
        end = f"-{int(match['ce']) - width}" if match["ce"] else ""
        return f"{match['open']}1:{int(match['c']) - width}{end}"

    start = f"\t{filename}:"
    lines = text.split("\n")
    return "\n".join(
        start + _LINE_ONE.sub(shifted, line.removeprefix(start), count=1)
        if line.startswith((f"{start}1:", f"{start}(1:"))
        else line
        for line in lines
    )
