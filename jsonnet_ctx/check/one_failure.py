"""One failed evaluation as a finding: what ``eval`` and a test say about a template that failed."""

from typing import Any

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.check.verdict import findings_of
from jsonnet_ctx.engine.effect import effect_of
from jsonnet_ctx.engine.outcome import Failed, TemplateError
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.effect_rows import Client
from jsonnet_ctx.records import replace

# What an author writes on purpose is no fault of the template, so no rule tells about it.
_DELIBERATE = frozenset({"explicit", "assert"})


def failure_finding(target: Target, error: TemplateError, ctx: dict[str, Any], client: Client) -> Finding:
    """The finding on a failure at ``target`` with ``ctx``; it names no rule, as nothing was judged.

    Its slug is the error kind, and its effect that of a receiver that would answer 200.
    """
    if error.kind in _DELIBERATE:
        return _deliberate(target, error, client)
    possible = error.ctx_path is None or target.shape().field(error.ctx_path) is not None
    fault = Fault(target, error, (), ctx, client, possible=possible)
    return replace(findings_of([fault])[0], rule="", slug=error.kind, severity=Severity.ERROR)


def _deliberate(target: Target, error: TemplateError, client: Client) -> Finding:
    template = target.template
    location = error.location or Location(template.name)
    lines = template.text.split("\n") if location.path == template.name else []
    effect = effect_of(target.webhook, Failed(error), hook=target.hook, client=client, kratos=target.kratos)
    return Finding(
        rule="",
        slug=error.kind,
        severity=Severity.ERROR,
        message=error.message,
        location=location,
        effect=effect.summary,
        hooks=(target.hook.id,),
        kratos=(target.kratos,),
        error_kind=error.kind,
        error_message=error.message,
        template=template.name,
        source=lines[location.line - 1] if location.line and location.line <= len(lines) else None,
    )
