"""The marker `jsonnet_ctx`: what a test says once, so that its fixtures need no arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from jsonnet_ctx.errors import UnknownName, UsageError

MARKER = "jsonnet_ctx"
HOOK_PARAMETER = "jsonnet_ctx_hook"
LINE = (
    "jsonnet_ctx(template=None, hook=None, hooks=None, kratos=None, given=None, without=()): "
    "defaults for the fixtures kratos_ctx, jsonnet_evaluate and jsonnet_render; hooks= runs the test once a hook point"
)


@dataclass(frozen=True, slots=True)
class Defaults:
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


KEYWORDS = tuple(field.name for field in fields(Defaults))


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
        raise UsageError(f"@pytest.mark.{MARKER} takes keywords only, not {mark.args[0]!r}", hint=f"use {LINE}")
    for name in mark.kwargs:
        if name not in KEYWORDS:
            raise UnknownName(f"keyword of @pytest.mark.{MARKER}", name, KEYWORDS)
    if mark.kwargs.get("hook") is not None and mark.kwargs.get("hooks") is not None:
        raise UsageError(f"@pytest.mark.{MARKER} has both hook= and hooks=", hint="hooks= alone names several")
    for name in ("hooks", "without"):
        if isinstance(mark.kwargs.get(name), str):
            raise UsageError(
                f"{name}= of @pytest.mark.{MARKER} is a string: {mark.kwargs[name]!r}",
                hint=f"write a list: {name}=[{mark.kwargs[name]!r}]",
            )
    given = mark.kwargs.get("given")
    if given is not None and not isinstance(given, Mapping):
        raise UsageError(f"given= of @pytest.mark.{MARKER} is no mapping of ctx paths to values: {given!r}")
