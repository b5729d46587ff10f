"""Numbers that a JSON Schema allows, as a hypothesis strategy."""

from math import ceil, floor
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from jsonnet_ctx.kratos.schema_branch import Branch

_EXACT = 2**53
"""Up to here a double, and so Jsonnet, holds every whole number."""


def numbers(branch: Branch, *, whole: bool) -> SearchStrategy[Any]:
    """Return a strategy for the numbers within the limits of all parts of ``branch``; whole ones only if asked."""
    low, low_excluded = _bound(branch, "minimum", "exclusiveMinimum", 1)
    high, high_excluded = _bound(branch, "maximum", "exclusiveMaximum", -1)
    steps = [part["multipleOf"] for part in branch if _is_number(part.get("multipleOf")) and part["multipleOf"] > 0]

    def fits(value: float) -> bool:
        return (
            (low is None or value > low or (value == low and not low_excluded))
            and (high is None or value < high or (value == high and not high_excluded))
            and all(value % step == 0 for step in steps)
        )

    step = steps[0] if steps else 1
    lowest = ceil((low if low is not None else -_EXACT) / step)
    highest = floor((high if high is not None else _EXACT) / step)
    stepped = st.nothing() if lowest > highest else st.integers(lowest, highest).map(lambda n: n * step).filter(fits)
    if steps or whole:
        return stepped.map(lambda n: int(n) if n == int(n) else n).filter(lambda n: not whole or n == int(n))
    inexact = st.nothing() if low is not None and high is not None and low > high else _floats(low, high).filter(fits)
    return stepped | inexact


def _floats(low: float | None, high: float | None) -> SearchStrategy[float]:
    least = low if low is not None else min(-1e9, high if high is not None else 0)
    most = high if high is not None else max(1e9, least)
    return st.floats(float(least), float(most), allow_nan=False, allow_infinity=False)


def _bound(branch: Branch, inclusive: str, exclusive: str, sign: int) -> tuple[float | None, bool]:
    """The narrowest limit and whether it is itself excluded; draft 4 writes the latter as a boolean."""
    found: list[tuple[float, bool]] = []
    for part in branch:
        if _is_number(part.get(inclusive)):
            found.append((part[inclusive] * sign, part.get(exclusive) is True))
        if _is_number(part.get(exclusive)):
            found.append((part[exclusive] * sign, True))
    if not found:
        return None, False
    limit, excluded = max(found)
    return limit * sign, excluded


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
