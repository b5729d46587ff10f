"""Sort an engine's error into a kind; the wording of two engines, one list of kinds."""

import re
from collections.abc import Set

from jsonnet_ctx.engine.error_text import ErrorText
from jsonnet_ctx.engine.outcome import Frame, Kind

_RUNTIME: tuple[tuple[str, Kind], ...] = (
    (r"max stack frames exceeded", "stack"),
    (r"import not available ", "import"),
    (r"couldn't open import ", "import"),
    (r"[Ff]ield does not exist: ", "missing-field"),
    (r"No such field: ", "missing-field"),  # what '%(name)s' % object says
    (r"Value non indexable: \*jsonnet\.valueNull", "null-index"),
    (r"can only index objects, strings, and arrays, got null", "null-index"),
    (r"Index \S+ out of bounds", "index-out-of-range"),
    (r"(array|string) bounds error: ", "index-out-of-range"),
    (r"Object assertion failed\.$", "assert"),
    (r"Assertion failed\.?$", "assert"),
    (r"[Uu]ndefined external variable: ", "entry-point"),
)
_TOP_CALL = re.compile(r"function has no parameter |Missing argument: |function parameter \S+ not bound in call")
_KEYWORD = re.compile(rb"(error|assert)\b")
_STD_RECEIVER = re.compile(rb"std\s*(?:\.\s*\w+|\[[^\[\]()]*\])")
_OUT_OF_MEMORY = ("out of memory", "cannot allocate", "MemoryError", "bad_alloc", "failed to reserve")
_STD_ALIAS = re.compile(rb"(?:local\s|,)\s*(\w+)\s*=\s*std\s*[;,]")


def classify(error: ErrorText, source: str, *, std_members: Set[str] = frozenset()) -> Kind:
    """Give the kind of ``error``, raised by the template text ``source``.

    ``std_members`` are all names that some version's std has: a missing one of them, asked of
    std under another name, is ``std-missing`` too.
    """
    if error.static:
        return "entry-point" if error.message == "Unknown variable: ctx" else "syntax"
    first = None if error.std_first else next(iter(error.frames), None)
    spelled = _source_at(first, source)
    if keyword := _KEYWORD.match(spelled):
        return "explicit" if keyword[1] == b"error" else "assert"
    if _TOP_CALL.match(error.message) and (first is None or first.location is None):
        return "entry-point"
    kind: Kind = next((kind for pattern, kind in _RUNTIME if re.match(pattern, error.message)), "type")
    if kind == "assert" and error.std_first:
        return "type"
    if kind == "missing-field" and _asks_std(_within(spelled, first), error.message, source, std_members):
        return "std-missing"
    return kind


def _source_at(frame: Frame | None, source: str) -> bytes:
    """The template's bytes from the start of ``frame``; empty where the frame has no place.

    The C++ engine places a failed object assert at its condition or message, so text that stands
    behind ``assert`` counts from there.
    """
    if frame is None or frame.location is None or frame.location.line is None or frame.location.column is None:
        return b""
    lines = source.encode().split(b"\n")
    if frame.location.line > len(lines):
        return b""
    before = lines[frame.location.line - 1][: frame.location.column - 1]
    rest = b"\n".join((lines[frame.location.line - 1][frame.location.column - 1 :], *lines[frame.location.line :]))
    if frame.name == "thunk <object_assert>" and b"assert" in before:
        return b"assert " + rest
    return rest


def _within(spelled: bytes, frame: Frame | None) -> bytes:
    """The bytes of a frame that ends on the line it begins on; all that follows for a longer one."""
    place = frame.location if frame is not None else None
    if frame is None or place is None or place.line != frame.end_line or not place.column or not frame.end_column:
        return spelled
    return spelled[: frame.end_column - place.column]


def _asks_std(spelled: bytes, message: str, source: str, std_members: Set[str]) -> bool:
    """Whether the field was asked of std itself, not of what one of its functions gave."""
    if _STD_RECEIVER.fullmatch(spelled):
        return True
    name = message.partition(": ")[2]
    aliases = _STD_ALIAS.findall(source.encode())
    return name in std_members and any(spelled.startswith((alias + b".", alias + b"[")) for alias in aliases)


def kind_of_death(words: str) -> tuple[Kind, str]:
    """Give kind and message for an evaluator that ended, from what it wrote to stderr.

    behaviours.json row limit.oom-repeat-2 (out of memory); Go also ends a process whose own
    stack exceeds 1 GB.
    """
    lines = [line for line in words.splitlines() if line.strip()]
    telling = next((line for line in lines if line.startswith(("fatal error:", "runtime:", "Error:"))), None)
    told = telling or (lines[-1] if lines else "no words on stderr")
    if "stack overflow" in words or "stack exceeds" in words:
        return "stack", told
    if any(sign in words for sign in _OUT_OF_MEMORY):
        return "memory", told
    return "worker-died", told
