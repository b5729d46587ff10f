"""Where the latest contexts of the strategies are from, so that a failure can be told as ``check`` tells it."""

from collections import deque
from typing import Any

from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.records import Frozen

_KEPT = 16  # a test evaluates what was drawn last


class Drawn(Frozen):
    """A ctx that a strategy has drawn, with what it can hold and the way in which the hook point is reached."""

    ctx: dict[str, Any]
    shape: Shape
    scenario: Scenario


_LATEST: deque[Drawn] = deque(maxlen=_KEPT)


def note_drawn(ctx: dict[str, Any], shape: Shape, scenario: Scenario) -> dict[str, Any]:
    """Remember where a ctx is from; returns the ctx."""
    _LATEST.append(Drawn(ctx, shape, scenario))
    return ctx


def drawn_as(ctx: object) -> Drawn | None:
    """Where this very ctx is from, None where no strategy has drawn it lately."""
    return next((drawn for drawn in reversed(_LATEST) if drawn.ctx is ctx), None)
