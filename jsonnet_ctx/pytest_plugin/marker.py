"""The marker `jsonnet_ctx`: what a test says once, so that its fixtures need no arguments."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.records import Frozen, field, replace

MARKER = "jsonnet_ctx"
HOOK_PARAMETER = "jsonnet_ctx_hook"
_WHERE = f"@pytest.mark.{MARKER}"
LINE = (
    "jsonnet_ctx(template=None, hook=None, hooks=None, kratos=None, given=None, without=()): "
    "defaults for the fixtures kratos_ctx, jsonnet_evaluate and jsonnet_render; hooks= runs the test once a hook point"
)


class Defaults(Frozen):
    """What the markers of a test say; its fields are the marker's keywords.

    A nearer marker wins over a farther one. ``given`` and ``without`` add up path by path, so a
    marker above a module or class can hold what all its tests share.
    """

    template: Any = None
    hook: str | None = None
    hooks: tuple[str, ...] = ()
    kratos: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def with_edits(self, given: Mapping[str, Any] | None, without: Iterable[str]) -> "Defaults":
        """These defaults with nearer edits on top; a path that is given is no longer left out."""
        nearer = dict(given or {})
        kept = {path: value for path, value in self.given.items() if path not in nearer}
        left_out = tuple(path for path in self.without if path not in nearer)
        return replace(self, given=kept | nearer, without=left_out + tuple(without))


KEYWORDS = tuple(Defaults.__annotations__)


def defaults_of(item: pytest.Item) -> Defaults:
    """What the markers of a test say, nearest first.

    Raises UnknownName for a wrong keyword and UsageError for a wrong type.
    """
    defaults = Defaults()
    for mark in reversed(list(item.iter_markers(MARKER))):
        _check(mark)
        said = {name: value for name, value in mark.kwargs.items() if value is not None}
        edits = (said.pop("given", None), said.pop("without", ()))
        if "hooks" in said:
            said = {"hook": None} | said | {"hooks": tuple(said["hooks"])}
        elif "hook" in said:
            said = {"hooks": ()} | said
        defaults = replace(defaults, **said).with_edits(*edits)
    hook = getattr(item, "callspec", None)
    return replace(defaults, hook=hook.params[HOOK_PARAMETER]) if defaults.hooks and hook else defaults


def parametrize_hooks(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each hook point that `hooks=` selects; a prefix selects several.

    Raises UnknownName for a hook point that does not exist.
    """
    hooks = defaults_of(metafunc.definition).hooks
    if not hooks:
        return
    from jsonnet_ctx.kratos.hook_point import select_hook_points

    points = dict.fromkeys(point.id for prefix in hooks for point in select_hook_points(prefix))
    metafunc.fixturenames.append(HOOK_PARAMETER)
    metafunc.parametrize(HOOK_PARAMETER, list(points))


def _check(mark: pytest.Mark) -> None:
    if mark.args:
        raise UsageError(f"{_WHERE} takes keywords only, not {mark.args[0]!r}", hint=f"use {LINE}")
    for name in mark.kwargs:
        if name not in KEYWORDS:
            raise UnknownName(f"keyword of {_WHERE}", name, KEYWORDS)
    if mark.kwargs.get("hook") is not None and mark.kwargs.get("hooks") is not None:
        raise UsageError(f"{_WHERE} has both hook= and hooks=", hint="hooks= alone names several")
    check_list("hooks", mark.kwargs.get("hooks"), _WHERE)
    check_list("without", mark.kwargs.get("without"), _WHERE)
    check_given(mark.kwargs.get("given"), _WHERE)


def check_list(name: str, value: object, where: str) -> None:
    """Raise UsageError for a string where a list of names is meant: its characters are no names."""
    if isinstance(value, str):
        raise UsageError(f"{name}= of {where} is a string: {value!r}", hint=f"write a list: {name}=[{value!r}]")


def check_given(value: object, where: str) -> None:
    """Raise UsageError for edits that are no mapping of ctx paths to values."""
    if value is not None and not isinstance(value, Mapping):
        raise UsageError(
            f"given= of {where} is no mapping of ctx paths to values: {value!r}",
            hint="write given={'identity.traits.email': 'ann@example.org'}",
        )
