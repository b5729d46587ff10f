"""A line of source with the part in question underlined."""

from jsonnet_ctx.finding import Finding
from jsonnet_ctx.report.shown import source_columns

_WIDEST = 120


def source_frame(finding: Finding) -> list[str]:
    """Two lines, the source and its underline, or nothing where the finding has no source line."""
    if finding.source is None or finding.location.line is None:
        return []
    start, end = finding.underline or _at_column(finding)
    source = finding.source.removesuffix("\r")  # the other half of a Windows line end
    shown, first, last = source_columns(source, start, end)
    shown, first, last = _window(shown, first, last)
    number = str(finding.location.line)
    marks = " " * first + "^" * max(last - first, 1) if end > start else ""
    frame = [f"  {number} | {shown}".rstrip(), f"  {' ' * len(number)} | {marks}".rstrip()]
    return frame if marks else frame[:1]


def _at_column(finding: Finding) -> tuple[int, int]:
    """The 0-based span of the one byte at the location, empty where no column is known."""
    column = finding.location.column
    return (0, 0) if column is None else (column - 1, column)


def _window(shown: str, first: int, last: int) -> tuple[str, int, int]:
    """A part of a very long line around the underline, with an ellipsis where text was cut.

    Templates of one line (base64 bodies) would otherwise hide the spot in pages of text. Wide
    characters make the cut a little uneven there, never wrong: only ASCII lines are cut.
    """
    if len(shown) <= _WIDEST or not shown.isascii():
        return shown, first, last
    begin = max(0, min(first - 30, len(shown) - _WIDEST))
    end = min(len(shown), begin + _WIDEST)
    head, tail = "…" if begin else "", "…" if end < len(shown) else ""
    shift = len(head) - begin
    return head + shown[begin:end] + tail, first + shift, min(last, end) + shift
