"""The fixtures: make a ctx, evaluate a template, render its payload, compare that with a snapshot.

The first three are functions for the whole session that look up the running test when called, so they
work below ``@given`` without a health check of hypothesis, and in fixtures of any scope.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from jsonnet_ctx.pytest_plugin.told import telling

if TYPE_CHECKING:  # a run that asks for no fixture of ours does not wait for what is behind them
    from jsonnet_ctx.engine.outcome import Outcome


@pytest.fixture(scope="session")
def kratos_ctx(request: pytest.FixtureRequest) -> Callable[..., dict[str, Any]]:
    """A function that makes a ctx as Kratos sends it: ``kratos_ctx(hook, given=None, without=(), **more)``.

    ``given`` sets ctx paths (``{"identity.traits.email": "ann@example.org"}``) and ``without``
    leaves some out, both on top of the marker's; ``hook`` defaults to the marker's. ``more`` goes
    to :func:`jsonnet_ctx.kratos_ctx`: kratos, client, identity_schema, seed, minimal, scenario.

    It raises UnknownName for a hook point that does not exist and UsageError for a path that
    Kratos never sends there.
    """
    from jsonnet_ctx.pytest_plugin import evaluation

    telling(evaluation.ready_contexts)(request.config)

    @telling
    def make(
        hook: str | None = None, given: Mapping[str, Any] | None = None, without: Iterable[str] = (), **more: Any
    ) -> dict[str, Any]:
        return evaluation.make_ctx(request.config, hook, given, without, **more)

    return make


@pytest.fixture(scope="session")
def jsonnet_evaluate(request: pytest.FixtureRequest) -> "Callable[..., Outcome]":
    """A function that evaluates once as Kratos does: ``jsonnet_evaluate(template, ctx, hook=None, content_type=None)``.

    The outcome is ``Rendered``, ``Cancelled`` or ``Failed``. ``template`` is a path, looked for
    beside the test file and then from rootdir. Without arguments, template, hook and ctx are the
    marker's. ``content_type`` is the webhook's in the Kratos config, else JSON.
    """
    from jsonnet_ctx.pytest_plugin import evaluation

    telling(evaluation.ready_engine)(request.config)

    @telling
    def evaluate(
        template: Any = None,
        ctx: Mapping[str, Any] | None = None,
        hook: str | None = None,
        content_type: str | None = None,
    ) -> "Outcome":
        return evaluation.evaluate(request.config, template, ctx, hook, content_type)

    return evaluate


@pytest.fixture(scope="session")
def jsonnet_render(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """A function that gives the payload, plain JSON values: ``jsonnet_render(template, ctx, hook=None)``.

    The test fails, with the text of the command line, where the template fails or cancels.
    Arguments are those of ``jsonnet_evaluate``.
    """
    from jsonnet_ctx.pytest_plugin import evaluation

    telling(evaluation.ready_engine)(request.config)

    @telling
    def render(template: Any = None, ctx: Mapping[str, Any] | None = None, hook: str | None = None) -> Any:
        __tracebackhide__ = True
        return evaluation.render(request.config, template, ctx, hook)

    return render


@pytest.fixture
def jsonnet_snapshot(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """A function that compares a payload with a file: ``jsonnet_snapshot(payload, name="")``.

    The file is ``__snapshots__/<module>/<test>.json`` beside the module; a second payload of one
    test has a number or its ``name`` after ``--``. A file that is missing or differs fails the test,
    and so does one that the test does not use any more. Files are written only with
    ``--jsonnet-ctx-update-snapshots``, and never in CI. ``payload`` is what ``jsonnet_render`` gives,
    or an outcome.
    """
    from jsonnet_ctx.pytest_plugin import snapshots

    taken = snapshots.Snapshots(request.node)

    @telling
    def compare(payload: Any, name: str = "") -> None:
        __tracebackhide__ = True
        taken.compare(payload, name)

    yield compare
    telling(taken.end)()
