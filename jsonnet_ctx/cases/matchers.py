"""The matchers of ``paths``: what a payload's value at a path must be."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from jsonnet_ctx.cases.refuse import require, require_words, wrong
from jsonnet_ctx.cases.same import TYPES, same, shown, type_name
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.records import Frozen


class _Nothing:
    """Stands for a path that leads nowhere."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING: Final = _Nothing()


class Matcher(Frozen):
    """One demand on a value (NOTHING where the path leads nowhere); ``wanted`` says it in words."""

    wanted: str
    holds: Callable[[Any], bool]


def read_matchers(entry: Entry) -> tuple[Matcher, ...]:
    """The matchers of one path; all of them have to hold. Raises FileError for a word or value that is none."""
    if not isinstance(entry.value, dict):
        raise wrong(entry, "a path takes matchers, not a bare value", hint=f"write {{equals: {shown(entry.value)}}}")
    if not entry.value:
        raise wrong(entry, "a path without a matcher demands nothing", hint=f"matchers are {', '.join(MATCHERS)}")
    require_words(entry, (*MATCHERS, "not"), "a matcher")
    return tuple(_matchers(entry))


def contains(actual: Any, part: Any) -> bool:
    """Whether ``part`` is in ``actual``: a recursive subset for objects, each item somewhere in a list, a part of a
    string, all the way down; anything else is equal. A part that is no list is in a list that has such an item.
    """
    if isinstance(actual, list):
        return all(any(contains(item, one) for item in actual) for one in (part if isinstance(part, list) else [part]))
    if isinstance(part, str) and isinstance(actual, str):
        return part in actual
    if isinstance(part, dict) and isinstance(actual, dict):
        return all(key in actual and contains(actual[key], value) for key, value in part.items())
    return same(actual, part)


def _matchers(entry: Entry) -> Iterator[Matcher]:
    for word, child in entry.fields():
        if word == "not":
            yield from map(_negated, _inner(child))
        else:
            yield MATCHERS[word](child)


def _inner(entry: Entry) -> tuple[Matcher, ...]:
    require(entry, "object", "not")
    if "not" in entry.mapping:
        raise wrong(entry.get("not") or entry, "not inside not", hint="leave both out")
    return read_matchers(entry)


def _negated(matcher: Matcher) -> Matcher:
    return Matcher(f"not {matcher.wanted}", lambda value: not matcher.holds(value))


def _equals(entry: Entry) -> Matcher:
    wanted = entry.value
    return Matcher(shown(wanted), lambda value: value is not NOTHING and same(value, wanted))


def _matches(entry: Entry) -> Matcher:
    text = require(entry, "string", "matches")
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise wrong(entry, f"matches: not a regular expression: {error}") from error
    return Matcher(f"a match of {text!r}", lambda value: isinstance(value, str) and pattern.search(value) is not None)


def _type(entry: Entry) -> Matcher:
    names = entry.value if isinstance(entry.value, list) and entry.value else [entry.value]
    for name in names:
        if not isinstance(name, str):
            hint = 'write "null" in quotes' if name is None else f"types are {', '.join(TYPES)}"
            raise wrong(entry, f"type must be the name of a type, not {shown(name)}", hint=hint)
        if name not in TYPES:
            raise wrong(entry, f"unknown type: {name!r}", hint=f"types are {', '.join(TYPES)}")
    return Matcher(f"type {' or '.join(names)}", lambda value: value is not NOTHING and type_name(value) in names)


def _length(entry: Entry) -> Matcher:
    length = require(entry, "whole number", "length")
    if length < 0:
        raise wrong(entry, f"length cannot be {length}")
    return Matcher(f"length {length}", lambda value: isinstance(value, dict | list | str) and len(value) == length)


def _contains(entry: Entry) -> Matcher:
    part = entry.value
    return Matcher(f"something with {shown(part)}", lambda value: value is not NOTHING and contains(value, part))


def _one_of(entry: Entry) -> Matcher:
    choices = require(entry, "list", "one_of")
    if not choices:
        raise wrong(entry, "one_of without a choice can never hold")
    wanted = f"one of {', '.join(map(shown, choices))}"
    return Matcher(wanted, lambda value: value is not NOTHING and any(same(value, choice) for choice in choices))


def _absent(entry: Entry) -> Matcher:
    if require(entry, "boolean", "absent"):
        return Matcher("nothing", lambda value: value is NOTHING)
    return Matcher("something", lambda value: value is not NOTHING)


MATCHERS: dict[str, Callable[[Entry], Matcher]] = {
    "equals": _equals,
    "matches": _matches,
    "type": _type,
    "length": _length,
    "contains": _contains,
    "one_of": _one_of,
    "absent": _absent,
}
