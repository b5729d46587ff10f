"""The test that is running, and what its jsonnet fixtures have made so far.

The fixtures are session-scoped functions that look here for the test they serve: so they can be
used below hypothesis's ``@given`` and in fixtures of any scope.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.pytest_plugin.marker import Defaults, defaults_of
from jsonnet_ctx.records import Frozen, Plain, field

KEPT = 16  # a hypothesis test evaluates thousands
FIXTURES = frozenset({"kratos_ctx", "jsonnet_evaluate", "jsonnet_render"})


class Made(Frozen):
    """A ctx that a test has made, with the hook point and version it is from."""

    ctx: dict[str, Any]
    hook: str
    kratos: str


class Current(Plain):
    """One running test and what it made.

    ``contexts`` and ``payloads`` are the latest of each; ``last_failure`` makes the text of the
    last evaluation where that failed.
    """

    item: pytest.Item
    payloads: deque[Any] = field(default_factory=lambda: deque(maxlen=KEPT))
    contexts: deque[Made] = field(default_factory=lambda: deque(maxlen=KEPT))
    last_failure: Callable[[], str] | None = None

    @property
    def defaults(self) -> Defaults:
        """What its markers say; read when asked for, since a fixture may add one."""
        return defaults_of(self.item)

    def origin_of(self, ctx: object) -> Made | None:
        """Where a ctx is from, None where the test did not make it with ``kratos_ctx``."""
        return next((made for made in self.contexts if made.ctx is ctx), None)

    def failure_text(self) -> str | None:
        """How the last evaluation failed, None where it did not."""
        return self.last_failure() if self.last_failure else None

    @property
    def uses_fixtures(self) -> bool:
        """Whether the test asks for a fixture of this plugin, directly or through another one."""
        return not FIXTURES.isdisjoint(getattr(self.item, "fixturenames", ()))


_CURRENT = pytest.StashKey[Current]()


def enter(item: pytest.Item) -> None:
    """Note that ``item`` runs now."""
    item.config.stash[_CURRENT] = Current(item)


def leave(config: pytest.Config) -> None:
    """Note that no test runs now."""
    if _CURRENT in config.stash:
        del config.stash[_CURRENT]


def running(config: pytest.Config) -> Current | None:
    """The test that runs now, None between tests."""
    return config.stash.get(_CURRENT, None)


def current(config: pytest.Config) -> Current:
    """The test that runs now. Raises UsageError between tests."""
    test = running(config)
    if test is None:
        raise UsageError("a jsonnet_ctx fixture was used while no test runs")
    return test
