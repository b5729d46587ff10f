"""What came of one run of an action inside Kratos: success, an error, messages, or a panic."""

from collections.abc import Mapping
from typing import Any

from jsonnet_ctx.kratos.effect_rows import Cause
from jsonnet_ctx.records import Frozen, field


class FormMessage(Frozen):
    """One message that a form shows: at ``node`` (``traits.email``), or above the form where it is None."""

    node: str | None
    id: int
    type: str
    text: str


class HookResult(Frozen):
    """What came of one run of the action. ``error`` is the text that Kratos logs, None on success.

    ``attempts`` counts the tries, ``requests`` what reached a receiver; ``patch`` are the identity
    fields that Kratos took from the answer; ``reason`` replaces the cause's usual one.
    """

    cause: Cause = "success"
    error: str | None = None
    attempts: int = 0
    requests: int = 0
    messages: tuple[FormMessage, ...] = ()
    patch: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
