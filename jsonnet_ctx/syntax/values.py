"""What an expression stands for when ctx is not known: a ctx path, a constant, or something made of them.

Like the nodes of a tree, values are compared by identity, and are not frozen only for speed.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.records import Plain, field
from jsonnet_ctx.syntax.guard import NOTHING, UNDECIDED, Cases, Guards, common, path_cases
from jsonnet_ctx.syntax.tree import Bind, Node, ObjectAssert, Param

ANY = "*"
"""The path segment that stands for any list item and any key."""

_MOST_OPTIONS = 12


class At(Plain):
    """What lies at a ctx path; not ``certain`` where the way there could not be followed exactly.

    ``node`` is where it was read and ``guards`` what held there.
    """

    path: Path
    certain: bool = True
    node: Node | None = None
    guards: Guards = NOTHING


class Constant(Plain):
    """A string, number, boolean or null of the template."""

    value: Any


class Derived(Plain):
    """Something computed from ctx ``paths`` (perhaps none), surely a string where ``is_text``.

    ``prefix`` is how the text begins, as far as that is known.
    """

    paths: frozenset[Path] = frozenset()
    prefix: str = ""
    is_text: bool = False


class Measure(Plain):
    """What ``std.type`` (``kind`` ``type``) or ``std.length`` (``length``) says about a ctx path."""

    kind: str
    path: Path


class Test(Plain):
    """A boolean, and what is known where it is true and where it is false."""

    cases: Cases
    paths: frozenset[Path] = frozenset()


class Never(Plain):
    """What never comes to be: ``error``."""


class Std(Plain):
    """``std``."""


class StdFunction(Plain):
    """A member of ``std``."""

    name: str


class Closure(Plain):
    """A function of the template; ``guards`` is what held where it was made."""

    params: tuple[Param, ...]
    body: Node
    env: "Env"
    guards: Guards
    called: bool = False


class Items(Plain):
    """A list whose items are known one by one."""

    items: "tuple[Thunk | Value, ...]"


class ListOf(Plain):
    """A list of unknown length; ``item`` stands for each of its items."""

    item: "Value"


class Either(Plain):
    """One of several values."""

    options: "tuple[Value, ...]"


class Thunk(Plain):
    """An expression that is evaluated when needed, and the guards that held where it was made."""

    node: Node
    env: "Env"
    guards: Guards
    params: tuple[Param, ...] | None = None
    in_force: Guards | None = None
    value: "Value | None" = None
    running: bool = False


class Entry(Plain):
    """A field of an object: ``key`` is None where it is not known; ``operator`` as in the text."""

    key: str | None
    operator: str
    node: Node
    params: tuple[Param, ...] | None
    guards: Guards


class Layer(Plain):
    """An object literal, or one round of an object comprehension, before ``self`` is known."""

    env: "Env"
    locals: tuple[Bind, ...]
    asserts: tuple[ObjectAssert, ...]
    entries: tuple[Entry, ...]
    guards: Guards


class Slot(Plain):
    """A field of an object whose ``self`` is known."""

    entry: Entry
    thunk: Thunk


class Objects(Plain):
    """An object: layers added one over the other, each a literal or something that is not known.

    ``slots`` is filled when a field is first needed, one list for each layer.
    """

    layers: "tuple[Layer | At | Derived, ...]"
    slots: "list[list[Slot]] | None" = None
    known: Guards = field(default=NOTHING)


Value: TypeAlias = (
    At | Constant | Derived | Measure | Test | Never | Std | StdFunction | Closure | Items | ListOf | Either | Objects
)
Env: TypeAlias = dict[str, "Thunk | Value"]

UNKNOWN = Derived()


def one_of(values: Iterable[Value]) -> Value:
    """One of the values: what never comes to be is left out, too many become something derived."""
    options: list[Value] = []
    for value in values:
        options.extend(value.options if isinstance(value, Either) else [value])
    options = [value for value in options if not isinstance(value, Never)]
    if not options:
        return Never()
    if len(options) == 1:
        return options[0]
    if len(options) > _MOST_OPTIONS:
        return Derived(frozenset().union(*(paths_of(value) for value in options)))
    return Either(tuple(options))


def options_of(value: Value) -> tuple[Value, ...]:
    """The values that ``value`` may be."""
    return value.options if isinstance(value, Either) else (value,)


def paths_of(value: Value) -> frozenset[Path]:
    """The ctx paths that a value is made of, as far as it is no container."""
    if isinstance(value, At | Measure):
        return frozenset({value.path})
    if isinstance(value, Derived | Test):
        return value.paths
    if isinstance(value, Either):
        return frozenset().union(*(paths_of(option) for option in value.options))
    return paths_of(value.item) if isinstance(value, ListOf) else frozenset()


def prefix_of(value: Value) -> str:
    """How the text of a value surely begins."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    return value.prefix if isinstance(value, Derived) else ""


def cases_of(value: Value) -> Cases:
    """What is known where a value is true and where it is false."""
    if isinstance(value, Test):
        return value.cases
    if isinstance(value, At):
        return path_cases("compare", value.path, True)
    if isinstance(value, Constant) and isinstance(value.value, bool):
        return (NOTHING, None) if value.value else (None, NOTHING)
    if isinstance(value, Either):
        cases = [cases_of(option) for option in value.options]
        return (common(case[0] for case in cases), common(case[1] for case in cases))
    return UNDECIDED


def text_of(value: "Value | Thunk") -> str | None:
    """The string that a value is, where it is a constant one."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def integer_of(value: Value) -> int | None:
    """The whole number that a value is, where it is a constant one."""
    number = value.value if isinstance(value, Constant) else None
    return int(number) if isinstance(number, float) and number.is_integer() else None
