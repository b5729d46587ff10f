"""Which keys the objects of some contexts have, so that a traced run need not look for them one by one."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path

FEWEST_CONTEXTS = 8
"""For fewer ones the longer program costs more than it saves."""
MOST_OBJECTS = 12
_MOST_KEYS = 40
_MOST_OPTIONAL = 6
_MOST_ITEMS = 10
_DEPTH = 3
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")


class Keys(NamedTuple):
    """The keys of the object at a path: those that it has in each of the contexts, and those that it has in some.

    At the ``scalar`` ones there is never an object or a list. A path that ends in ``*`` is that of the items of a list.
    """

    path: Path
    always: tuple[str, ...]
    sometimes: tuple[str, ...]
    scalar: frozenset[str]


def layout_of(contexts: Sequence[Any], text: str) -> tuple[Keys, ...]:
    """The keys of the objects that a template's ``text`` can name, parents first.

    Each one makes the program longer that reads them, so the others are left out: large ones, those that
    differ much, and those with keys that are no plain words.
    """
    if len(contexts) < FEWEST_CONTEXTS:
        return ()
    found: list[Keys] = []
    pending: list[tuple[Path, list[Any]]] = [((), list(contexts))]
    while pending and len(found) < MOST_OBJECTS:
        path, values = pending.pop(0)
        objects = [value for value in values if isinstance(value, dict)]
        keys = _keys(path, objects) if objects else None
        if keys is None:
            continue
        found.append(keys)
        inner = (key for key in (*keys.always, *keys.sometimes) if key not in keys.scalar and key in text)
        named = list(inner) if len(path) < _DEPTH else []
        for key in named:
            values = [one[key] for one in objects if key in one]
            pending += [((*path, key), values), ((*path, key, "*"), _items(values))]
    return tuple(found)


def _items(values: Sequence[Any]) -> list[Any]:
    """The items of lists, none where there are so many that looking at them takes longer than it saves."""
    items = (item for value in values if isinstance(value, list) for item in value)
    few = list(islice(items, _MOST_ITEMS * len(values) + 1))
    return few if len(few) <= _MOST_ITEMS * len(values) else []


def _keys(path: Path, objects: Sequence[dict[Any, Any]]) -> Keys | None:
    every = set().union(*objects)
    always = set(objects[0]).intersection(*objects[1:])
    plain = all(isinstance(key, str) and _PLAIN.fullmatch(key) for key in every)
    if not plain or len(every) > _MOST_KEYS or len(every) - len(always) > _MOST_OPTIONAL:
        return None
    held = {key for one in objects for key, value in one.items() if isinstance(value, dict | list)}
    return Keys(path, tuple(sorted(always)), tuple(sorted(every - always)), frozenset(every - held))
