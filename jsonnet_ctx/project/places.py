"""Where the files that a config names are looked for: under the project root and nowhere else."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from jsonnet_ctx.project.inline_files import InlineFile
from jsonnet_ctx.project.walk import walk_files
from jsonnet_ctx.records import Frozen, field, replace


class Places(Frozen):
    """Where one config's files may lie.

    Its own folder, the root, how container paths map into the root, and the files that the
    config carries in itself, by name.
    """

    config_dir: Path
    root: Path
    path_map: Mapping[str, str] = field(default_factory=dict)
    inline: Mapping[str, InlineFile] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, list[Path]]:
        """Every file under the root by its name, hidden and vendored folders left out."""
        found: dict[str, list[Path]] = {}
        for path in walk_files(self.root):
            found.setdefault(path.name, []).append(path)
        return found


class Found(Frozen):
    """What a search gave: ``path`` or ``inline``, or why there is none (``kind`` as in Unreadable)."""

    path: Path | None = None
    inline: InlineFile | None = None
    kind: str = "template-not-found"
    message: str = ""
    hint: str | None = None
    note: str = ""


def find_file(written: str, places: Places) -> Found:
    """Find the file that a ``file://`` URI without its scheme, or a bare path, means.

    A relative one from the config's folder, then from the root; an absolute one through
    ``path_map``, then as it stands if that lies under the root, then among the files that the
    config carries in itself, then the file under the root with the longest equal path tail.
    Links that lead out of the root are refused.
    """
    if "\0" in written:
        return Found(message="the path holds a NUL character")
    if written.startswith("/"):
        return _absolute(written, places)
    tried = list(dict.fromkeys([places.config_dir / written, places.root / written]))
    for candidate in tried:
        if _exists(candidate):
            return _inside(candidate, written, places)
    names = ", ".join(shown(path.parent, places.root) for path in tried)
    return Found(message=f"no file {written!r} (looked in {names})", hint="paths are relative to the config's folder")


def shown(path: Path, root: Path) -> str:
    """The path relative to the root where it lies there, for people to read."""
    relative = os.path.relpath(path, root)
    return str(path) if relative.startswith("..") else relative


def _absolute(written: str, places: Places) -> Found:
    for prefix, folder in sorted(places.path_map.items(), key=lambda item: -len(item[0])):
        tail = _below(written, prefix)
        if tail is not None:
            candidate = places.root / folder / tail
            if _exists(candidate):
                return _inside(candidate, written, places)
            message = f"no file {written!r} (path-map takes it to {shown(candidate, places.root)})"
            return Found(message=message, hint=f"correct path-map for {prefix!r}")
    here = Path(written)
    if here.is_relative_to(places.root) and _exists(here):
        return _inside(here, written, places)
    inline = places.inline.get(here.name)
    if inline is not None:
        return Found(inline=inline, note=f"{written} was taken from {inline.location}")
    return _by_tail(written, places)


def _exists(path: Path) -> bool:
    """Whether something is there; a name that the file system refuses is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _below(written: str, prefix: str) -> PurePosixPath | None:
    path, base = PurePosixPath(written), PurePosixPath(prefix)
    return path.relative_to(base) if path.is_relative_to(base) else None


def _by_tail(written: str, places: Places) -> Found:
    """The file under the root whose path ends in most of the same segments."""
    wanted = PurePosixPath(os.path.normpath(written)).parts[1:]
    candidates = places.by_name.get(wanted[-1], []) if wanted else []
    if not candidates:
        hint = 'map the folder in the settings: path-map = {"/etc/config/kratos" = "deploy/kratos"}'
        return Found(message=f"no file {written!r}, and no file of that name under {places.root.name}", hint=hint)
    lengths = {path: _equal_tail(path.relative_to(places.root).parts, wanted) for path in candidates}
    best = max(lengths.values())
    winners = [path for path in candidates if lengths[path] == best]
    if len(winners) > 1:
        names = ", ".join(shown(path, places.root) for path in winners)
        hint = (
            f'say which: path-map = {{"{PurePosixPath(written).parent}" = "{shown(winners[0].parent, places.root)}"}}'
        )
        return Found(message=f"{written!r} could be any of {names}", hint=hint)
    found = _inside(winners[0], written, places)
    note = f"{written} was taken from {shown(winners[0], places.root)}, the file with the longest equal path"
    return replace(found, note=note if found.path else "")


def _equal_tail(parts: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    length = 0
    for have, want in zip(reversed(parts), reversed(wanted), strict=False):
        if have != want:
            break
        length += 1
    return length


def is_inside(path: Path, root: Path) -> bool:
    """Whether the path lies under the root once links are followed."""
    # realpath, unlike resolve(), takes a link that leads to itself for a file.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _inside(candidate: Path, written: str, places: Places) -> Found:
    if is_inside(candidate, places.root):
        return Found(candidate)
    return Found(
        kind="outside-root",
        message=f"{written} lies outside the project root",
        hint="copy the file into the project, or give a root that holds both",
    )
