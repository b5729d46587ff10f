"""A variation: one reachable change of a ctx and what has to happen for it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.schema_branch import type_of

_EXAMPLES: dict[str, Any] = {"string": "text", "integer": 1, "boolean": True, "object": {}, "array": []}
_A = {"string": "a string", "integer": "a number", "boolean": "a boolean", "object": "an object", "array": "a list"}


class Variation(NamedTuple):
    """An edit that some client, admin or identity makes true.

    ``ordinary`` says that no odd value and no guess about missing files is needed; ``why``
    completes the sentence "this happens when …". ``guessed`` says that something is ordinary at
    this place, but that its type was made up.
    """

    edit: Edit
    ordinary: bool
    why: str
    guessed: bool = False


def any_values(path: Path, present: Any, who: str, *, only_others: bool) -> Iterator[Variation]:
    """Null and a value of every JSON type at ``path``, none ordinary; ``who`` is the subject of ``why``.

    With ``only_others`` the type of ``present`` is left out, but its empty value is tried.
    """
    if not (only_others and present is None):
        yield Variation(Edit(path, "null"), False, f"{who} null")
    held = type_of(present) if only_others else None
    held = "integer" if held == "number" else held
    if held in {"string", "object", "array"} and present:
        yield Variation(Edit(path, "empty"), False, f"{who} {_A[str(held)]} that is empty")
    for name, value in _EXAMPLES.items():
        if name != held:
            yield Variation(Edit(path, "set", value), False, f"{who} {_A[name]}")
