"""Read tracing: which ctx paths an evaluation reads, and which it only asks for.

The ctx is handed over as lazy objects that report each field and item when it is forced, and
that know their own path by a hidden field. Questions that laziness cannot see (``std.objectHas``,
``std.objectHasAll``, ``std.get``, ``in``) are put to functions that report them first. Places
move, so an error of a traced run is never shown: the exact path tells it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.bulk import Program, new_key
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


def _lazy_ctx(key: str, *, asks: bool) -> str:
    """Bind ``wrap``: objects and arrays whose members report themselves.

    Objects know their path where the template ``asks`` for keys. A name of our own for what
    stands in std saves a look-up in std for each field.
    """
    identity = f" + {{ id{key}:: id }}" if asks else ""
    return (
        f"local typeOf = std.type, fields = std.objectFieldsEx;"
        f"local lazy(v, id) = local type = typeOf(v); if type == 'object' then"
        f" {{ [k]: local n = read(id, k); if n > 0 then lazy(v[k], n) for k in fields(v, false) }}{identity}"
        f" else if type == 'array' then"
        f" std.mapWithIndex(function(i, x) local n = read(id, i); if n > 0 then lazy(x, n), v)"
        f" else v, wrap(c) = lazy(c, 0);"
    )


def _questions(key: str) -> str:
    """Bind the functions that report a question and then answer it.

    On anything but an object from ctx they are the functions they stand for.
    """
    return (
        f"local test{key} = std.native('test{key}'), has{key} = std.objectHasEx,"
        f" ask{key}(o, k) = if has{key}(o, 'id{key}', true) then test{key}(o.id{key}, k) else true,"
        f" in{key}(k, o) = if ask{key}(o, k) then has{key}(o, k, true),"
        f" objectHas{key}(o, f) = if ask{key}(o, f) then has{key}(o, f, false),"
        f" objectHasAll{key}(o, f) = if ask{key}(o, f) then has{key}(o, f, true),"
        f" get{key}(o, f, default=null, inc_hidden=true) ="
        f" if ask{key}(o, f) then std.get(o, f, default, inc_hidden); "
    )


def _own_std(key: str, questions: Sequence[str]) -> str:
    """Bind a std with those functions, for a template that hands std around; each use of it is slower."""
    fields = ", ".join(f"{name}:: {name}{key}" for name in questions)
    return f"local std{key} = std; local std = std{key} {{ {fields} }}; "
