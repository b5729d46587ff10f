"""Errors of ours as pytest shows them: with their hint, without our own stack."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from jsonnet_ctx.errors import JsonnetCtxError

P = ParamSpec("P")
R = TypeVar("R")


def told(error: JsonnetCtxError) -> str:
    """The message and, on a line of its own, the hint."""
    return f"{error}\nhint: {error.hint}" if error.hint else str(error)


def telling(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function raise our errors with their hint as a note, and as if at the line of its caller."""

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return function(*args, **kwargs)
        except JsonnetCtxError as error:
            if error.hint:
                error.add_note(f"hint: {error.hint}")
            raise error.with_traceback(None) from None

    return called
