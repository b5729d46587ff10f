"""Read tracing: which ctx paths an evaluation reads, and which it only asks for.

The ctx is handed over as lazy objects that report each field and item when it is forced, and
that know their own path by a hidden field. Questions that laziness cannot see (``std.objectHas``,
``std.objectHasAll``, ``std.get``, ``in``) are put to functions that report them first. Places
move, so an error of a traced run is never shown: the exact path tells it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.bulk import Program, new_key
from jsonnet_ctx.engine.layout import Keys
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.std_mask import StdMask
from jsonnet_ctx.syntax.problem import SyntaxProblem

_BARE_STD = re.compile(r"\bstd\b(?!\s*\.)")
_SHOWS_HIDDEN = re.compile(r"\bobject(?:Fields|Values|KeysValues)All\b")


class Trace(NamedTuple):
    """An outcome, the ctx paths that were read on the way, and those only asked for, present or not."""

    outcome: Outcome
    reads: frozenset[Path] = frozenset()
    tests: frozenset[Path] = frozenset()


@lru_cache(maxsize=64)
def traced_program(text: str, mask: StdMask) -> Program | None:
    """The program that evaluates the template ``text`` with tracing; None for one that does not parse."""
    from jsonnet_ctx.engine.questions import QUESTIONS, with_asking  # reads the template, which plain runs do not

    key = new_key()
    try:
        edited = with_asking(text, key)
    except SyntaxProblem:
        return None
    own_std = _own_std(key, QUESTIONS) if _BARE_STD.search(text) else ""
    asks = bool(own_std) or edited != text
    questions = _questions(key) + own_std if asks else ""
    return Program(mask.prefix_for(text) + questions + edited, key, _lazy_ctx(key, asks=asks))


def sees_hidden_fields(text: str) -> bool:
    """Whether ``text`` could see the field that holds the path, so that a traced result is not to be trusted."""
    return _SHOWS_HIDDEN.search(text) is not None


def with_layout(program: Program, layout: Sequence[Keys]) -> Program:
    """The same program for contexts of this layout, whose objects are made faster."""
    return program._replace(wrap=_lazy_ctx(program.key, asks=_id(program.key) in program.wrap, layout=layout))


def _lazy_ctx(key: str, *, asks: bool, layout: Sequence[Keys] = ()) -> str:
    """Bind ``wrap``: objects and arrays whose members report themselves.

    Objects know their path where the template ``asks`` for keys. A name of our own for what
    stands in std saves a look-up in std for each field. An object of the ``layout`` is written out:
    making one key after the other takes several times as long.
    """
    identity = f"{_id(key)}:: id" if asks else ""
    names = {keys.path: f"w{number}" for number, keys in enumerate(layout)}
    written = "".join(_written(keys, names, identity) for keys in layout)
    ending = f" + {{ {identity} }}" if identity else ""
    return (
        f"local typeOf = std.type, fields = std.objectFieldsEx, has = std.objectHasEx;"
        f"local items(v, id, w) = std.mapWithIndex(function(i, x) local n = read(id, i); if n > 0 then w(x, n), v),"
        f" list(v, id, w) = if typeOf(v) == 'array' then items(v, id, w) else lazy(v, id),"
        f" lazy(v, id) = local type = typeOf(v); if type == 'object' then"
        f" {{ [k]: local n = read(id, k); if n > 0 then lazy(v[k], n) for k in fields(v, false) }}{ending}"
        f" else if type == 'array' then items(v, id, lazy) else v{written},"
        f" wrap(c) = {names.get((), 'lazy')}(c, 0);"
    )


def _written(keys: Keys, names: Mapping[Path, str], identity: str) -> str:
    """Bind what makes the object at a path; anything else that stands there is made as everywhere."""
    members = [f'"{key}": {_member(keys, key, names)}' for key in keys.always]
    members += [f'[if has(v, "{key}", true) then "{key}"]: {_member(keys, key, names)}' for key in keys.sometimes]
    members += [identity] if identity else []
    return f", {names[keys.path]}(v, id) = if typeOf(v) == 'object' then {{ {', '.join(members)} }} else lazy(v, id)"


def _member(keys: Keys, key: str, names: Mapping[Path, str]) -> str:
    if key in keys.scalar:
        return f'if read(id, "{key}") > 0 then v["{key}"]'
    path = (*keys.path, key)
    made = f'{names.get(path, "lazy")}(v["{key}"], n)'
    if path not in names and (*path, "*") in names:
        made = f'list(v["{key}"], n, {names[*path, "*"]})'
    return f'local n = read(id, "{key}"); if n > 0 then {made}'


def _id(key: str) -> str:
    """The name of the field that holds the path of an object."""
    return f"id{key}"


def _questions(key: str) -> str:
    """Bind the functions that report a question and then answer it.

    On anything but an object from ctx they are the functions they stand for.
    """
    asked = f"if (if has{key}(o, 'id{key}', true) then test{key}(o.id{key}, f) else true) then"
    return (
        f"local test{key} = std.native('test{key}'), has{key} = std.objectHasEx,"
        f" in{key}(f, o) = {asked} has{key}(o, f, true),"
        f" objectHas{key}(o, f) = {asked} has{key}(o, f, false),"
        f" objectHasAll{key}(o, f) = {asked} has{key}(o, f, true),"
        f" get{key}(o, f, default=null, inc_hidden=true) = {asked} std.get(o, f, default, inc_hidden); "
    )


def _own_std(key: str, questions: Sequence[str]) -> str:
    """Bind a std with those functions, for a template that hands std around; each use of it is slower."""
    fields = ", ".join(f"{name}:: {name}{key}" for name in questions)
    return f"local std{key} = std; local std = std{key} {{ {fields} }}; "
