"""Plain tables: columns that line up, for pipes and for terminals without colour."""

from collections.abc import Sequence

from jsonnet_ctx.report.shown import escape, width


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line a row, cells escaped and padded to the widest of their column; no trailing blanks."""
    cells = [[escape(cell) for cell in row] for row in rows]
    widths = [max(width(cell) for cell in column) for column in zip(*cells, strict=True)]
    return [_line(row, widths) for row in cells]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (wanted - width(cell)) for cell, wanted in zip(row, widths, strict=True)).rstrip()
