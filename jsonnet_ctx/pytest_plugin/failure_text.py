"""What a test says about a template that failed: the text of the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook

if TYPE_CHECKING:
    from jsonnet_ctx.context.drawn import Drawn


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

    Without a hook point only the place and the engine's words are known.
    """
    from jsonnet_ctx.check.one_failure import failure_finding
    from jsonnet_ctx.check.target import Target
    from jsonnet_ctx.report.text import render_finding

    if hook is None:
        finding = _bare_finding(template, error)
    else:
        target = Target(template, hook, kratos, webhook, schema=None, header_allowlist=None)
        finding = failure_finding(target, error, ctx, "browser" if _flow_type(ctx) == "browser" else "api")
    return render_finding(finding).rstrip("\n")


def drawn_failure_text(
    template: Template, error: TemplateError, drawn: "Drawn", *, webhook: WebHook, root: Path
) -> str:
    """Why a template failed with a ctx of a strategy: the text of ``check``, stored for ``replay`` as there."""
    from jsonnet_ctx.check.explained import explained
    from jsonnet_ctx.check.store import failures_of, store_failures
    from jsonnet_ctx.check.target import Target
    from jsonnet_ctx.check.verdict import findings_of
    from jsonnet_ctx.report.text import render_finding

    document, shape = drawn.shape.identity_schema, drawn.shape
    schema = IdentitySchema("default", document, Location(template.name)) if document else None
    target = Target(template, shape.hook, shape.kratos, webhook, schema=schema, header_allowlist=None)
    fault = explained(target, error, drawn.ctx, drawn.scenario)
    (finding,) = findings_of([fault])
    store_failures(root, failures_of([finding], [fault]))
    return render_finding(finding).rstrip("\n")


def _flow_type(ctx: dict[str, Any]) -> Any:
    """What the flow says of its client; a ctx that a test wrote itself may have no flow."""
    flow = ctx.get("flow")
    return flow.get("type") if isinstance(flow, dict) else None


def _bare_finding(template: Template, error: TemplateError) -> Finding:
    location = error.location or Location(template.name)
    lines = template.text.split("\n") if location.path == template.name else []
    return Finding(
        rule="",
        slug=error.kind,
        severity=Severity.ERROR,
        message=f"{error.message} (ctx.{error.path})" if error.path else error.message,
        location=location,
        source=lines[location.line - 1] if location.line and location.line <= len(lines) else None,
    )
