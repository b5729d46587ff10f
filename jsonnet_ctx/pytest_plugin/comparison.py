"""How a payload differs from what a test expects: one line a path."""

from collections.abc import Iterator, Sequence
from typing import Any

from jsonnet_ctx.ctx_path import Path, format_path

MOST_LINES = 20
MOST_CHARACTERS = 200


def comparison_lines(left: Any, right: Any, payloads: Sequence[Any], *, verbose: bool = False) -> list[str] | None:
    """The lines pytest shows for ``left == right``, None where it should say it its own way.

    Both sides are objects or both are arrays. ``payloads`` are what the test rendered: the side
    that lies in one of them is the actual one, and paths start at its place there. A test that
    compares something made from a payload is taken to have the actual value on the left.
    """
    if not any(isinstance(left, kind) and isinstance(right, kind) for kind in (dict, list)):
        return None
    swapped = _place(right, payloads) is not None and _place(left, payloads) is None
    actual, expected = (right, left) if swapped else (left, right)
    start = _place(actual, payloads) or ()
    lines = list(_difference_lines(expected, actual, start))
    if not lines:
        return None
    if not verbose and len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES} more (-vv shows all)"]
    return [f"{_name(start)} is not as expected", *lines]


def _difference_lines(expected: Any, actual: Any, start: Path) -> Iterator[str]:
    from deepdiff import DeepDiff

    tree = DeepDiff(
        expected,
        actual,
        view="tree",
        zip_ordered_iterables=True,  # by position, as a reader counts, and not by similarity
        ignore_private_variables=False,  # a field may well be called __typename
        threshold_to_diff_deeper=0,  # down to the field, however much differs
    )
    # DeepDiff tells 1 from 1.0, which are one number in JSON; what is equal did not fail the test.
    levels = [(_path_of(level), kind, level) for kind, found in tree.items() for level in found if level.t1 != level.t2]
    for path, kind, level in sorted(levels, key=lambda found: _order(found[0])):
        yield f"{_name((*start, *path))}: {_difference(kind, level.t1, level.t2)}"


def _difference(kind: str, expected: Any, actual: Any) -> str:
    if kind.endswith("_item_added"):
        return f"expected nothing got {_short(actual)}"
    return f"expected {_short(expected)} got {'nothing' if kind.endswith('_item_removed') else _short(actual)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def _path_of(level: Any) -> Path:
    return tuple(level.path(output_format="list"))


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)


def _place(value: Any, payloads: Sequence[Any]) -> Path | None:
    """Where the very object ``value`` lies in one of the payloads."""
    return next((path for payload in reversed(payloads) for path, part in _parts(payload) if part is value), None)


def _parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every object and array of a JSON value with its path, the whole first."""
    if not isinstance(value, dict | list):
        return
    yield path, value
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _parts(part, (*path, key))


def _name(path: Path) -> str:
    text = format_path(path)
    return f"payload{text}" if text.startswith("[") else f"payload.{text}" if text else "payload"
