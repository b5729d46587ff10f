"""What the fixtures do: fill in what the marker says, evaluate, and remember it for the report."""

import functools
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.pytest_plugin.current import Made, current
from jsonnet_ctx.pytest_plugin.failure_text import drawn_failure_text, failure_text
from jsonnet_ctx.pytest_plugin.marker import MARKER, check_given, check_list
from jsonnet_ctx.pytest_plugin.template_path import find_template
from jsonnet_ctx.pytest_plugin.wiring import wiring_of

# What the author wrote on purpose is no finding.
_DELIBERATE = frozenset({"explicit", "assert"})
_ANY_HOOK = "login.after.password"
_ANY_TEMPLATE = Template("function(ctx) ctx.flow.id", "<start>", "<start>", Location("<start>"))


def ready_contexts(config: pytest.Config) -> dict[str, Any]:
    """Read settings and catalog and make a first ctx, before the clock of a test runs.

    Hypothesis gives each example 200 ms: a first one that paid for imports would be called flaky.
    """
    from jsonnet_ctx.context.build import kratos_ctx

    return kratos_ctx(_ANY_HOOK, kratos=wiring_of(config).kratos)


def ready_engine(config: pytest.Config) -> None:
    """Start the engine of the run with a first evaluation, for the same reason. Raises EngineError."""
    from jsonnet_ctx.engine.pool import shared_engine

    ctx, wiring = ready_contexts(config), wiring_of(config)
    shared_engine(wiring.kratos, wiring.engine).evaluate(_ANY_TEMPLATE, ctx)


def make_ctx(
    config: pytest.Config,
    hook: object = None,
    given: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """A new ctx for the running test; see the fixture ``kratos_ctx``."""
    from jsonnet_ctx.context.build import kratos_ctx

    check_given(given, "kratos_ctx")
    check_list("without", without, "kratos_ctx")
    test, wiring = current(config), wiring_of(config)
    defaults = test.defaults.with_edits(given, without)
    if hook is None and defaults.hook is None:
        raise UsageError(
            "no hook point: neither the call nor a marker names one",
            hint=f"kratos_ctx('registration.after.oidc.post_persist') or @pytest.mark.{MARKER}(hook=…)",
        )
    chosen = str(hook or defaults.hook)
    options = {"kratos": defaults.kratos or wiring.kratos, "identity_schema": wiring.identity_schema} | more
    ctx = kratos_ctx(chosen, given=defaults.given, without=defaults.without, **options)
    test.contexts.append(Made(ctx, chosen, str(options["kratos"])))
    return ctx


def evaluate(
    config: pytest.Config,
    template: object = None,
    ctx: Mapping[str, Any] | None = None,
    hook: object = None,
    content_type: str | None = None,
) -> Outcome:
    """The outcome of one evaluation on the exact path; see the fixture ``jsonnet_evaluate``."""
    from jsonnet_ctx.engine.pool import shared_engine
    from jsonnet_ctx.kratos.hook_point import parse_hook_point

    test, wiring = current(config), wiring_of(config)
    named = test.defaults.template if template is None else template
    if named is None:
        raise UsageError(
            "no template: neither the call nor a marker names one",
            hint=f"jsonnet_render('webhook.jsonnet', ctx) or @pytest.mark.{MARKER}(template=…)",
        )
    found = find_template(named, test_file=test.item.path, rootdir=config.rootpath)
    given = make_ctx(config, hook) if ctx is None else ctx
    origin, drawn = test.origin_of(given), _drawn_as(given)
    made_at = origin.hook if origin else drawn.shape.hook.id if drawn else test.defaults.hook
    hook_id = str(hook) if hook is not None else made_at
    point = parse_hook_point(hook_id) if hook_id else None
    # A ctx of an old Kratos is evaluated as that Kratos does.
    made_by = origin.kratos if origin else drawn.shape.kratos if drawn else None
    kratos = made_by or test.defaults.kratos or wiring.kratos
    webhook = wiring.webhook_of(found, hook_id)
    plain = dict(given)
    outcome = shared_engine(kratos, wiring.engine).evaluate(
        found, plain, content_type=content_type or webhook.content_type or "application/json"
    )
    test.last_failure = None
    if isinstance(outcome, Rendered):
        test.payloads.append(outcome.payload)
    elif isinstance(outcome, Failed):
        if drawn is not None and drawn.shape.hook == point and outcome.error.kind not in _DELIBERATE:
            root = wiring.root
            test.last_failure = functools.partial(
                drawn_failure_text, found, outcome.error, drawn, webhook=webhook, root=root
            )
        else:
            test.last_failure = functools.partial(
                failure_text, found, outcome.error, plain, hook=point, kratos=kratos, webhook=webhook
            )
    return outcome


def _drawn_as(ctx: object) -> Any:
    """Where a ctx is from that a strategy has drawn; a run without strategies imports nothing for it."""
    drawn: Any = sys.modules.get("jsonnet_ctx.context.drawn")
    return drawn.drawn_as(ctx) if drawn else None


def render(
    config: pytest.Config, template: object = None, ctx: Mapping[str, Any] | None = None, hook: object = None
) -> Any:
    """The payload; the running test fails where there is none. See the fixture ``jsonnet_render``."""
    __tracebackhide__ = True
    outcome = evaluate(config, template, ctx, hook)
    if isinstance(outcome, Rendered):
        return outcome.payload
    if isinstance(outcome, Cancelled):
        place = f"{outcome.error.location}: " if outcome.error.location else ""
        pytest.fail(
            f"{place}the template cancels: no webhook is sent, so there is no payload ({outcome.error.message})"
        )
    text = current(config).failure_text()
    pytest.fail(text or outcome.error.message)
