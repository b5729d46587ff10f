"""The web hooks of a config as rows: where, what is sent, with which flags, whether it runs, what a failure does."""

from typing import Any

from jsonnet_ctx.cli.columns import aligned
from jsonnet_ctx.engine.effect import effect_of
from jsonnet_ctx.engine.outcome import Failed, TemplateError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.report.shown import escape

HEADER = ("hook point", "status", "method", "URL", "template", "flags")
# Any failure of a template means the same to the person; only its text differs.
_A_FAILURE = Failed(TemplateError("missing-field", "…"))


class HookRow(Frozen):
    """One web_hook action; ``on_failure`` is what a failing template does to the person."""

    hook: str
    status: str
    method: str
    url: str
    template: str
    flags: tuple[str, ...]
    reason: str
    on_failure: str
    address: str
    location: Location

    def cells(self) -> tuple[str, ...]:
        """The cells under :data:`HEADER`."""
        return (self.hook, self.status, self.method, self.url, self.template, ", ".join(self.flags) or "-")

    def remarks(self) -> list[str]:
        """What stands below the row: why it never runs, or what a failure does."""
        if self.status != "effective":
            return [f"never runs: {self.reason}"]
        return [f"on failure: {self.on_failure}"]

    def as_json(self) -> dict[str, Any]:
        """The row as plain JSON values."""
        place = {"path": self.location.path, "line": self.location.line, "column": self.location.column}
        names = ("hook", "status", "reason", "method", "url", "template", "on_failure", "address")
        return {**{name: getattr(self, name) for name in names}, "flags": list(self.flags), "location": place}


def hook_row(binding: Binding, kratos: str) -> HookRow:
    """The row of one binding, judged for one Kratos version."""
    template, webhook = binding.template, binding.webhook
    flags = {"can_interrupt": webhook.can_interrupt, "response.parse": webhook.parse, "response.ignore": webhook.ignore}
    return HookRow(
        hook=", ".join(hook.id for hook in binding.hooks),
        status=binding.status,
        method=webhook.method,
        url=webhook.url,
        template=template.name if isinstance(template, Template) else f"({template.kind})",
        flags=tuple(name for name, is_set in flags.items() if is_set),
        reason=binding.reason,
        on_failure=effect_of(webhook, _A_FAILURE, hook=binding.hooks[0], kratos=kratos).summary,
        address=binding.address,
        location=binding.location,
    )


def plain_table(rows: list[HookRow]) -> str:
    """The rows as aligned text; below each its remarks."""
    head, *lines = aligned([HEADER, *(row.cells() for row in rows)])
    text = [head]
    for row, line in zip(rows, lines, strict=True):
        text += [line, *(f"  {escape(remark)}" for remark in row.remarks())]
    return "".join(f"{line}\n" for line in text)


def terminal_table(rows: list[HookRow]) -> str:
    """The rows as a table for the terminal, as wide as it is."""
    import io

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = io.StringIO()
    table = Table(*HEADER, "and then", header_style="bold")
    styles = {"effective": "green", "shadowed": "yellow", "dead": "red"}
    for row in rows:
        cells = [Text(escape(cell)) for cell in (*row.cells(), *row.remarks())]
        cells[1].stylize(styles[row.status])
        table.add_row(*cells)
    Console(file=out, force_terminal=True).print(table)
    return out.getvalue()
