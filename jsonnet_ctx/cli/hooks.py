"""``jsonnet-ctx hooks``: which web hooks of a Kratos config run, which never do, and why."""

import os
from pathlib import Path

import click

from jsonnet_ctx.check.wiring import wiring_findings
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.found_config import only_config
from jsonnet_ctx.cli.hook_rows import HookRow, hook_row, plain_table, terminal_table
from jsonnet_ctx.cli.output import remark, wants_color, write_result
from jsonnet_ctx.cli.wired import version_for
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Finding
from jsonnet_ctx.project.kratos_config import load_bindings
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.report.json_report import FORMAT, dump_json, finding_object
from jsonnet_ctx.report.text import render_finding
from jsonnet_ctx.settings import load_settings


@click.command()
@click.argument("config", required=False)
@options.kratos
@options.fail_on
@options.report_format
@options.output
@options.no_notes
def hooks(config: str | None, kratos: str | None, fail_on: str | None, format: str, output: str | None) -> int:
    """List the web hooks of CONFIG (kratos.yml): hook point, template, flags, status, what a failure does.

    Without CONFIG it is the one of the settings, or the only one below the project's root.
    Below the table stands what is wrong in the wiring; a problem at or above --fail-on exits with 1.

    \b
    Examples:
      jsonnet-ctx hooks
      jsonnet-ctx hooks kratos.yml
      jsonnet-ctx hooks kratos.yml --kratos v1.3.1 --format json
    """
    root = project_root(config or Path.cwd())
    settings = load_settings(root, flags={"kratos": kratos, "fail-on": fail_on})
    config = config or os.path.relpath(only_config(settings))
    version = version_for(settings, config)
    loaded = load_bindings(config, path_map=settings.path_map, kratos=version)
    rows = [hook_row(binding, version) for binding in loaded.bindings]
    findings = wiring_findings(loaded)
    if not rows and not findings:
        raise UsageError(
            f"{config} has no web_hook", hint="web hooks stand below selfservice.flows.<flow>.<phase>.hooks"
        )
    for note in dict.fromkeys(note for binding in loaded.bindings for note in binding.notes):
        remark(f"note: {note}")
    color = output is None and wants_color()
    write_result(_json(rows, findings) if format == "json" else _text(rows, findings, color=color), output)
    worst = max((finding.severity for finding in findings), default=None)
    return int(options.fails(worst, settings.fail_on))


def _text(rows: list[HookRow], findings: tuple[Finding, ...], *, color: bool) -> str:
    table = terminal_table(rows) if color else plain_table(rows)
    return "\n".join(
        (table if rows else "no web_hook\n", *(render_finding(finding, color=color) for finding in findings))
    )


def _json(rows: list[HookRow], findings: tuple[Finding, ...]) -> str:
    told = {"format": FORMAT, "hooks": [row.as_json() for row in rows]}
    return dump_json({**told, "findings": [finding_object(finding) for finding in findings]})
