"""Problems with an action's body: no template, or one that Kratos only takes for the time being."""

from collections.abc import Iterator

from jsonnet_ctx.finding import Location, Severity
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.binding import Binding
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


def body_problems(binding: Binding, place: Location) -> Iterator[Problem]:
    """Yield what is wrong with a binding's body; ``place`` is the body's line in the config.

    Of a hook that never runs only what keeps Kratos from starting weighs more than a remark.
    """
    template, webhook = binding.template, binding.webhook
    hooks = tuple(hook.id for hook in binding.hooks)
    if isinstance(template, Template):
        if scheme_of(template.uri) is None:
            message = "a body without a scheme is deprecated and relative to kratos's working directory"
            hint = f"write file://{template.uri}"
            severity = Severity.INFO
            yield Problem(
                "deprecated-bare-path", message, place, severity, VERSIONS, hint, None, binding.address, hooks
            )
        return
    if template.kind == "missing-body" and webhook.method == "TRACE":
        return
    counts = binding.status == "effective" or template.refused_at_start
    yield Problem(
        _SLUG.get(template.kind, template.kind),
        template.message,
        place,
        _SEVERITY.get(template.kind, Severity.ERROR) if counts else Severity.INFO,
        VERSIONS,
        template.hint,
        _effect(template, webhook),
        binding.address,
        hooks,
        refused_at_start=template.refused_at_start,
    )


def _effect(template: Unreadable, webhook: WebHook) -> str:
    if template.refused_at_start:
        return _REFUSED
    if template.kind in _SEVERITY:
        return _UNCHECKED
    return _LOST if webhook.ignore else _FAILS
