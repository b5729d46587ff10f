"""What a case demanded and did not get, and how two payloads differ path by path."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cases.matchers import NOTHING, contains
from jsonnet_ctx.cases.same import same, shown, shown_apart
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.records import Frozen


class Mismatch(Frozen):
    """One demand that does not hold: ``what`` was looked at, what it should be and what it is.

    ``payload_path`` is the output field that a template line can be told for; ``note`` a line of advice.
    """

    what: str
    expected: str
    actual: str
    payload_path: Path | None = None
    note: str | None = None


def payload_name(path: Path) -> str:
    """``payload.user.email``; the whole payload is ``payload``."""
    text = format_path(path)
    return f"payload{text}" if not text or text.startswith("[") else f"payload.{text}"


def at_payload(path: Path, expected: str, actual: Any) -> Mismatch:
    """A mismatch at a path of the payload; ``actual`` is NOTHING where the path leads nowhere."""
    said = words(actual)
    if _look_alike(expected, said):
        expected, said = _escaped(expected), _escaped(said)
    return Mismatch(payload_name(path), expected, said, path)


def value_at(payload: Any, path: Path) -> Any:
    """The value at a path, NOTHING where it leads nowhere."""
    value = payload
    for segment in path:
        if isinstance(segment, str):
            value = value.get(segment, NOTHING) if isinstance(value, dict) else NOTHING
        else:
            value = value[segment] if isinstance(value, list) and segment < len(value) else NOTHING
    return value


def words(value: Any) -> str:
    """A value as JSON, or ``nothing``."""
    return "nothing" if value is NOTHING else shown(value)


def differences(expected: Any, actual: Any) -> Iterator[Mismatch]:
    """Where two payloads that should be equal differ, in the order of their paths."""
    for path, one, two in different(expected, actual):
        yield Mismatch(payload_name(path), *_apart(one, two), path)


def _apart(one: Any, two: Any) -> tuple[str, str]:
    """Two values that differ, as texts that look different."""
    first, second = words(one), words(two)
    return shown_apart(one, two) if _look_alike(first, second) else (first, second)


def _look_alike(one: str, two: str) -> bool:
    """Whether two texts are the same to a reader, as composed and decomposed letters are."""
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", two)


def _escaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def changed_values(old: Any, new: Any) -> list[tuple[Path, Any]]:
    """The paths at which a payload differs from another, with what stands there (NOTHING where nothing does)."""
    return [(path, two) for path, _, two in different(old, new)]


def error_words(error: TemplateError) -> str:
    """An error of a template with its place and the ctx path to blame."""
    place = f"{error.location}: " if error.location else ""
    path = f" (ctx.{error.path})" if error.path else ""
    return f"{place}{error.message}{path}"


def different(expected: Any, actual: Any) -> list[tuple[Path, Any, Any]]:
    """The paths at which two payloads differ, with what stands there in each (NOTHING where nothing does)."""
    if same(expected, actual):
        return []
    from deepdiff import DeepDiff

    tree = DeepDiff(
        expected,
        actual,
        view="tree",
        zip_ordered_iterables=True,  # by position, as a reader counts, and not by similarity
        ignore_private_variables=False,  # a field may well be called __typename
        threshold_to_diff_deeper=0,  # down to the field, however much differs
    )
    found: list[tuple[Path, Any, Any]] = []
    for kind, levels in tree.items():
        for level in levels:
            one = NOTHING if kind.endswith("_item_added") else level.t1
            two = NOTHING if kind.endswith("_item_removed") else level.t2
            if one is NOTHING or two is NOTHING or not same(one, two):
                found.append((tuple(level.path(output_format="list")), one, two))
    return sorted(found, key=lambda difference: _order(difference[0]))


def missing_parts(part: Any, actual: Any, path: Path = ()) -> Iterator[Mismatch]:
    """Where ``actual`` does not contain ``part``, as deep down as it can be told."""
    if isinstance(part, dict) and isinstance(actual, dict):
        for key, wanted in part.items():
            found = actual.get(key, NOTHING)
            if found is NOTHING:
                yield at_payload((*path, key), _wanted(wanted), found)
            else:
                yield from missing_parts(wanted, found, (*path, key))
    elif isinstance(part, list) and isinstance(actual, list):
        for wanted in part:
            if not contains(actual, [wanted]):
                yield at_payload(path, f"an item {shown(wanted)}", actual)
    elif not contains(actual, part):
        yield at_payload(path, _wanted(part), actual)


def _wanted(part: Any) -> str:
    """What is missing: numbers, booleans and null are equal or not, the rest can be a part."""
    return f"something with {shown(part)}" if isinstance(part, str | dict | list) else shown(part)


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)
