"""Findings for machines: one JSON object, format 1."""

import json
from typing import Any

from jsonnet_ctx.finding import Finding
from jsonnet_ctx.report.result import Report
from jsonnet_ctx.report.text import replayable
from jsonnet_ctx.version import version

FORMAT = 1


def render_json(report: Report) -> str:
    """The report as JSON text that ends in a newline."""
    return dump_json(report_object(report))


def dump_json(value: Any) -> str:
    """JSON as every command prints it: two spaces, keys in the order given, text as it is.

    Lone surrogates, which no UTF-8 stream can hold, stay escaped.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return (text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()) + "\n"


def report_object(report: Report) -> dict[str, Any]:
    """The report as plain JSON values."""
    return {
        "format": FORMAT,
        "tool": {"name": "jsonnet-ctx", "version": version(), "engine": report.engine},
        "checked": {
            "templates": report.templates,
            "bindings": report.bindings,
            "contexts": report.contexts,
            "seconds": round(report.seconds, 6),
        },
        "findings": [finding_object(finding) for finding in report.findings],
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """One finding as plain JSON values; what there is none of is null."""
    location = finding.location
    error = None
    if finding.error_kind is not None:
        error = {"kind": finding.error_kind, "message": finding.error_message}
    return {
        "rule": finding.rule,
        "slug": finding.slug,
        "severity": str(finding.severity),
        "message": finding.message,
        "hint": finding.hint,
        "effect": finding.effect,
        "location": {"path": location.path, "line": location.line, "column": location.column},
        "hooks": list(finding.hooks),
        "kratos": list(finding.kratos),
        "path": finding.path,
        "edits": [edit.as_json() for edit in finding.edits],
        "error": error,
        "fingerprint": finding.fingerprint,
        "replay": f"jsonnet-ctx replay {finding.fingerprint}" if replayable(finding) else None,
    }
