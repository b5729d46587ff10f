"""Findings for people: what, where, with which value; then what was there; then what to do."""

from collections.abc import Iterator

from jsonnet_ctx.finding import Finding
from jsonnet_ctx.report.frame import source_frame
from jsonnet_ctx.report.result import Report, summary
from jsonnet_ctx.report.shown import escape, lines

_MOST_HOOKS = 4
# A line of output and the name of its style; styles are looked up only for a terminal.
Line = tuple[str, str]
STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "underline": "red",
    "hint": "green",
    "quiet": "dim",
    "plain": "",
}


def render_text(report: Report, *, color: bool = False, quiet: bool = False) -> str:
    """The whole report as text that ends in a newline; ``quiet`` leaves out notes and summary.

    ``color`` is for a terminal: it needs rich, plain text does not.
    """
    found: list[Line] = []
    for finding in report.findings:
        found += [*finding_lines(finding), ("", "plain")]
    if not quiet:
        found += [(f"note: {escape(note)}", "quiet") for note in report.notes]
        found.append((summary(report), "plain"))
    elif found:
        found.pop()
    return paint(found, color=color)


def render_finding(finding: Finding, *, color: bool = False) -> str:
    """One finding as text that ends in a newline."""
    return paint(list(finding_lines(finding)), color=color)


def finding_lines(finding: Finding) -> Iterator[Line]:
    """The lines of one finding, top to bottom."""
    names = " ".join(name for name in (finding.rule, finding.slug) if name)
    yield f"{escape(str(finding.location))}: {finding.severity} {names}", str(finding.severity)
    for number, line in enumerate(source_frame(finding)):
        yield line, "underline" if number else "plain"
    yield from _block("", finding.message, "plain")
    if finding.hooks:
        yield f"  at {_hooks(finding)}", "plain"
    if finding.effect:
        yield from _block("effect: ", finding.effect, "plain")
    if finding.hint:
        yield from _block("hint: ", finding.hint, "hint")
    if replayable(finding):
        yield f"  replay: jsonnet-ctx replay {finding.fingerprint}", "quiet"


def replayable(finding: Finding) -> bool:
    """Whether an evaluation stands behind the finding, so that running it again means something."""
    return bool(finding.rule) and (finding.error_kind is not None or bool(finding.edits))


def paint(found: list[Line], *, color: bool) -> str:
    """Join lines to a text; with ``color`` as rich writes them to a terminal."""
    if not color:
        return "".join(f"{text}\n" for text, _ in found)
    import io

    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    # The line breaks are ours: a frame that is wrapped loses its underline.
    console = Console(file=out, force_terminal=True, width=10_000, soft_wrap=True, highlight=False)
    for text, style in found:
        console.print(Text(text, style=STYLES[style]))
    return out.getvalue()


def _block(label: str, text: str, style: str) -> Iterator[Line]:
    """A labelled text, further lines of it set in so that they cannot pass for labels of their own."""
    first, *rest = lines(text)
    yield f"  {label}{first}", style
    for line in rest:
        yield f"  {' ' * max(len(label), 2)}{line}".rstrip(), style


def _hooks(finding: Finding) -> str:
    """``a, b and 3 more hook points (kratos v26.2.0)``."""
    shown = ", ".join(escape(hook) for hook in finding.hooks[:_MOST_HOOKS])
    more = len(finding.hooks) - _MOST_HOOKS
    rest = f" and {more} more" if more > 0 else ""
    versions = f" (kratos {', '.join(finding.kratos)})" if finding.kratos else ""
    return f"{shown}{rest}{versions}"
