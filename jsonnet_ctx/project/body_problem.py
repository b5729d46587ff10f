"""Problems with an action's body: no template, or one that Kratos only takes for the time being."""

from collections.abc import Iterator

from jsonnet_ctx.finding import Location, Severity
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.body_uri import scheme_of
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.webhook import WebHook

_REFUSED = "kratos refuses to start with this config"
_UNCHECKED = "the template is not checked"
_FAILS = "every call fails"
_LOST = "no call is sent, and nobody sees it but the log"

# Kinds that say nothing about what Kratos does: it may well read the template.
_SEVERITY = {"remote": Severity.INFO, "outside-root": Severity.WARNING}
_SLUG = {"remote": "remote-body"}


def body_problem(
    template: Template | Unreadable, webhook: WebHook, place: Location, address: str, hook: HookPoint
) -> Iterator[Problem]:
    """Yield what is wrong with the body; ``place`` is the body's line in the config."""
    if isinstance(template, Template):
        if scheme_of(template.uri) is None:
            message = "a body without a scheme is deprecated and relative to kratos's working directory"
            hint = f"write file://{template.uri}"
            yield Problem(
                "deprecated-bare-path", message, place, Severity.INFO, VERSIONS, hint, None, address, (hook.id,)
            )
        return
    if template.kind == "missing-body" and webhook.method == "TRACE":
        return
    yield Problem(
        _SLUG.get(template.kind, template.kind),
        template.message,
        place,
        _SEVERITY.get(template.kind, Severity.ERROR),
        VERSIONS,
        template.hint,
        _effect(template, webhook),
        address,
        (hook.id,),
        refused_at_start=template.refused_at_start,
    )


def _effect(template: Unreadable, webhook: WebHook) -> str:
    if template.refused_at_start:
        return _REFUSED
    if template.kind in _SEVERITY:
        return _UNCHECKED
    return _LOST if webhook.ignore else _FAILS
