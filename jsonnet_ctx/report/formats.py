"""The report formats by name; the choices of ``--format`` and ``--report`` are its keys."""

from collections.abc import Callable

from jsonnet_ctx.report.json_report import render_json
from jsonnet_ctx.report.result import Report
from jsonnet_ctx.report.text import render_text

FORMATS: dict[str, Callable[[Report], str]] = {"text": render_text, "json": render_json}
