"""Where a command's result goes: standard output, a file, and which of them take colour."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.report.formats import FORMATS
from jsonnet_ctx.report.result import Report
from jsonnet_ctx.report.text import render_text

_HUSHED = "jsonnet_ctx.hushed"


def write_result(text: str, output: str | None = None) -> None:
    """Write a result as UTF-8, to standard output or to the file of ``--output``.

    Raises UsageError where that cannot be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    if output is None or output == "-":
        _write_all(data)
        return
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        hint = None if Path(output).parent.is_dir() else "name a file in a folder that exists"
        raise UsageError(f"cannot write {output}: {_reason(error)}", hint=hint) from None


def write_report(report: Report, *, format: str, output: str | None, more: tuple[str, ...], quiet: bool) -> None:
    """Write a report once as ``--format`` and ``--output`` say and once for each ``--report FORMAT:FILE``.

    Raises UsageError for a format that is none or a file that cannot be written.
    """
    copies = split_reports(more)
    if format == "text":
        write_result(render_text(report, color=output is None and wants_color(), quiet=quiet), output)
    else:
        write_result(FORMATS[format](report), output)
    for name, path in copies:
        write_result(FORMATS[name](report), path)


def split_reports(values: Iterable[str]) -> list[tuple[str, str]]:
    """Every ``FORMAT:FILE`` as its two parts; a long run wants to hear of a wrong one before it begins."""
    return [split_report(value) for value in values]


def split_report(value: str) -> tuple[str, str]:
    """``json:out.json`` as its two parts; raises UsageError where it is not that."""
    name, colon, path = value.partition(":")
    if not colon or not path or name not in FORMATS:
        raise UsageError(
            f"--report {value}: not FORMAT:FILE", hint=f"such as json:findings.json; formats: {', '.join(FORMATS)}"
        )
    return name, path


def _write_all(data: bytes) -> None:
    """Write to standard output, all of it: an unbuffered stream (``python -u``) may take a part at a time."""
    try:
        sys.stdout.flush()
        rest = memoryview(data)
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read it has left, which is no error
        raise
    except OSError as error:
        leave_standard_output()
        raise UsageError(f"cannot write standard output: {_reason(error)}") from None


def leave_standard_output() -> None:
    """Send what is still buffered nowhere, so that it does not complain when Python closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def remark(text: str) -> None:
    """One line on standard error, for what is no result; nothing after :func:`hush`."""
    from jsonnet_ctx.report.shown import escape

    context = click.get_current_context(silent=True)
    if context is None or _HUSHED not in context.meta:
        click.echo(escape(text), err=True)


def hush(context: click.Context, _param: click.Parameter, wanted: bool) -> None:
    """Keep remarks of this run to ourselves: the callback of ``--quiet``."""
    if wanted:
        context.meta[_HUSHED] = True


def wants_color() -> bool:
    """Whether standard output is a terminal that shows colour; NO_COLOR and a dumb TERM are obeyed."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
