"""What a test says about a template that failed: the text of the command line."""

from dataclasses import replace
from typing import Any

from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook

# What an author writes on purpose is no fault of the template, so no rule tells about it.
_DELIBERATE = frozenset({"explicit", "assert"})


def failure_text(
    template: Template,
    error: TemplateError,
    ctx: dict[str, Any],
    *,
    hook: HookPoint | None,
    kratos: str,
    webhook: WebHook,
) -> str:
    """Why a template failed: place, source line, ctx path, effect on the person, and what to do.

    Without a hook point nothing is said about the effect, since that is what decides it.
    """
    from jsonnet_ctx.report.text import render_finding

    if hook is None or error.kind in _DELIBERATE:
        finding = _plain_finding(template, error)
    else:
        finding = _finding_at(template, error, ctx, hook=hook, kratos=kratos, webhook=webhook)
    # A test is its own replay, so the finding carries no rule to replay it by.
    return render_finding(replace(finding, rule="")).rstrip("\n")


def _finding_at(
    template: Template, error: TemplateError, ctx: dict[str, Any], *, hook: HookPoint, kratos: str, webhook: WebHook
) -> Finding:
    from jsonnet_ctx.check.fault import Fault
    from jsonnet_ctx.check.target import Target
    from jsonnet_ctx.check.verdict import findings_of

    target = Target(template, hook, kratos, webhook, schema=None, header_allowlist=None)
    possible = error.ctx_path is None or target.shape().field(error.ctx_path) is not None
    client = str(ctx.get("flow", {}).get("type", "api"))
    return findings_of([Fault(target, error, (), ctx, client, possible=possible)])[0]


def _plain_finding(template: Template, error: TemplateError) -> Finding:
    location = error.location or Location(template.name)
    lines = template.text.split("\n") if location.path == template.name else []
    place = f" (ctx.{error.path})" if error.path else ""
    return Finding(
        rule="",
        slug=error.kind,
        severity=Severity.ERROR,
        message=error.message + place,
        location=location,
        source=lines[location.line - 1] if location.line and location.line <= len(lines) else None,
    )
