"""What is known about ctx at a place in a template, because a condition above it held."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path


class Guard(NamedTuple):
    """A condition on a ctx path that holds (``positive``) or does not hold at a place.

    ``kind`` is ``exists`` (the key is there), ``type`` (it is of the type named ``value``),
    ``not-null``, ``nonempty`` or ``compare`` (it equals the constant ``value``).
    """

    kind: str
    path: Path
    positive: bool = True
    value: Any = None


Guards = frozenset[Guard]
Cases = tuple[Guards | None, Guards | None]
"""What is known where a condition is true, and where it is false; None where it never comes out so."""

NOTHING: Guards = frozenset()
UNDECIDED: Cases = (NOTHING, NOTHING)


def path_cases(kind: str, path: Path, value: Any = None) -> Cases:
    """The cases of a condition that tests one path."""
    hashable = value if value is None or isinstance(value, str | int | float | bool) else None
    return (frozenset({Guard(kind, path, True, hashable)}), frozenset({Guard(kind, path, False, hashable)}))


def negated(cases: Cases) -> Cases:
    """The cases of ``!condition``."""
    return (cases[1], cases[0])


def all_known(first: Guards | None, second: Guards | None) -> Guards | None:
    """What is known where both hold."""
    return None if first is None or second is None else first | second


def common(known: Iterable[Guards | None]) -> Guards | None:
    """What is known where any one of them holds."""
    possible = [guards for guards in known if guards is not None]
    return frozenset.intersection(*possible) if possible else None


def both(first: Cases, second: Cases) -> Cases:
    """The cases of ``first && second``."""
    return (all_known(first[0], second[0]), common((first[1], all_known(first[0], second[1]))))


def either(first: Cases, second: Cases) -> Cases:
    """The cases of ``first || second``."""
    return negated(both(negated(first), negated(second)))
