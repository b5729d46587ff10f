"""The action JSON of ``ory patch identity-config … --add`` as bindings."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonnet_ctx.ctx_path import Path as KeyPath
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_config_path
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.action_text import Patch, read_patches
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.document import Document
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.project.kratos_config import Config, bindings_of
from jsonnet_ctx.project.places import Places, shown
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.text_place import LineIndex

_SERVICE = ("services", "identity", "config")


def load_action(
    source: str | Path,
    hooks: Sequence[HookPoint] = (),
    *,
    root: str | Path | None = None,
    path_map: Mapping[str, str] | None = None,
    kratos: str = LATEST,
) -> Binding:
    """Return the one binding of an action; its ``hooks`` are all the points where it runs.

    See :func:`load_actions`. Raises UsageError where the text holds several actions.
    """
    config = load_actions(source, hooks, root=root, path_map=path_map, kratos=kratos)
    first = config.bindings[0]
    if any(binding.webhook != first.webhook for binding in config.bindings):
        raise UsageError(f"{config.path} holds {len(config.bindings)} actions", hint="give one action at a time")
    points = dict.fromkeys(hook for binding in config.bindings for hook in binding.hooks)
    return Binding(
        first.template,
        tuple(points),
        first.webhook,
        first.location,
        status=first.status,
        reason=first.reason,
        address=first.address,
        notes=first.notes,
    )


def load_actions(
    source: str | Path,
    hooks: Sequence[HookPoint] = (),
    *,
    root: str | Path | None = None,
    path_map: Mapping[str, str] | None = None,
    kratos: str = LATEST,
) -> Config:
    """Read actions from a file, or from text that holds ``{`` (an argument or standard input).

    A bare ``{"hook": "web_hook", "config": {…}}`` needs ``hooks``; a patch names its place itself
    (``/selfservice/flows/registration/after/oidc/hooks/0``). Raises UsageError for a bare action
    without hooks or with flags that contradict them, FileError for text that is no action.
    """
    is_text = isinstance(source, str) and "{" in source
    name, text = ("action", str(source)) if is_text else (str(source), read_text(Path(source)))
    folder = Path.cwd() if is_text else Path(source).absolute().parent
    top = Path(root).absolute() if root is not None else project_root(folder)
    if not is_text:
        name = shown(folder / Path(source).name, top)
    places = Places(folder, top, dict(path_map or {}))
    patches = read_patches(text, name)
    placed = [(_place_of(patch, name), patch) for patch in patches if patch.pointer is not None]
    for patch in patches:
        if patch.pointer is None:
            _check_flags(patch, hooks, name)
            placed += [(path, patch) for path in dict.fromkeys(_list_item(hook) for hook in hooks)]
    document = _document(placed, text, name)
    config = bindings_of(Entry(document, (), document.value), places, kratos)
    if not config.bindings:
        problem = next(iter(config.problems), None)
        said = f": {problem.message}" if problem else ""
        raise FileError(f"holds no web_hook action{said}", Location(name, 1, 1), hint='write "hook": "web_hook"')
    return config


def _list_item(hook: HookPoint) -> KeyPath:
    """Where a config would hold the action of a hook point."""
    segments = hook_config_path(hook).split(".")
    # The migration hook is no list: its config lies directly in migrate_hook.
    return tuple(segments[:-1]) if segments[-1] == "config" else (*segments, 0)


def _check_flags(patch: Patch, hooks: Sequence[HookPoint], name: str) -> None:
    if not hooks:
        hint = "say where it is wired: --hook registration.after.oidc"
        raise UsageError(f"{name} is an action without a hook point", hint=hint)
    config = patch.value.get("config")
    settings: dict[str, Any] = config if isinstance(config, dict) else {}
    response = settings.get("response")
    parses = isinstance(response, dict) and response.get("parse") is True
    stage = "pre" if parses or settings.get("can_interrupt") is True else "post"
    staged = [hook for hook in hooks if hook.persist is not None]
    if staged and all(hook.persist != stage for hook in staged):
        flag = (
            "has response.parse or can_interrupt" if stage == "pre" else "has neither response.parse nor can_interrupt"
        )
        hint = f"name {staged[0].id.rpartition('.')[0]}: the stage follows from the flags"
        raise UsageError(f"the action {flag}, so it does not run at {staged[0].id}", hint=hint)


def _place_of(patch: Patch, name: str) -> KeyPath:
    """The pointer as a path below the configuration; a list index becomes the first free place."""
    segments = [part.replace("~1", "/").replace("~0", "~") for part in (patch.pointer or "").split("/")[1:]]
    if tuple(segments[:3]) == _SERVICE:
        segments = segments[3:]
    if segments[:1] != ["selfservice"]:
        hint = "an action lies below /selfservice/flows"
        raise FileError(f"{patch.pointer} is no place for an action", Location(name, 1, 1), hint=hint)
    return tuple(0 if before == "hooks" else part for before, part in zip(["", *segments], segments, strict=False))


def _document(placed: Sequence[tuple[KeyPath, Patch]], text: str, name: str) -> Document:
    """A configuration that holds nothing but these values, each located in the text."""
    value: dict[str, Any] = {}
    offsets: dict[KeyPath, int] = {(): 0}
    for path, patch in placed:
        end = _insert(value, path, patch.value, name)
        offsets |= {(*end, *below): offset for below, offset in patch.offsets.items()}
    lines = LineIndex(text)

    def find(path: KeyPath) -> tuple[int, int] | None:
        offset = offsets.get(path)
        return None if offset is None else lines.place_of(offset)

    return Document(name, value, find)


def _insert(root: dict[str, Any], path: KeyPath, value: Any, name: str) -> KeyPath:
    """Put a value at a path, appending to lists; returns the path it came to lie at."""
    target: Any = root
    for segment, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(target, dict) and isinstance(segment, str):
            target = target.setdefault(segment, empty)
        elif isinstance(target, list):
            # A pointer into an item that the text does not hold: an item of its own.
            target.append(empty)
            target = empty
    if isinstance(target, list) and isinstance(path[-1], int):
        target.append(value)
        return (*path[:-1], len(target) - 1)
    if not isinstance(target, dict) or not isinstance(path[-1], str):
        raise FileError(f"{format_path(path)} contradicts what was added before", Location(name, 1, 1))
    target[path[-1]] = value
    return path
