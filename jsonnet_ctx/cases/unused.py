"""Snapshots that no case has, or two cases have, over all case files of a folder."""

import pathlib
from collections.abc import Iterator

from jsonnet_ctx.cases.around import Projects
from jsonnet_ctx.cases.case_file import CaseFile, is_case_file, load_cases
from jsonnet_ctx.cases.snapshot import FOLDER, is_ours, unused
from jsonnet_ctx.errors import FileError, JsonnetCtxError


def unused_snapshots(loaded: CaseFile, projects: Projects) -> tuple[pathlib.Path, ...]:
    """The snapshots beside a case file that no case has; the first case file of a folder tells those of all.

    Those of a template that no case file names count too, but not what another program or a test
    module keeps there. Nothing is run: which snapshots there should be follows from the files.
    While another case file of the folder is broken nothing is unused: it may be that file's.
    """
    folder = loaded.path.parent
    if not (folder / FOLDER).is_dir():
        return ()
    if not is_case_file(loaded.path):  # a page has a folder of snapshots of its own
        return unused(folder, [loaded.stem], [case.snapshot for case in loaded.cases if case.snapshot is not None])
    if _case_files(folder)[0] != loaded.path:
        return ()
    files = [loaded, *_others(loaded, projects)]
    if len(files) < len(_case_files(folder)):
        return ()
    used = [case.snapshot for file in files for case in file.cases if case.snapshot is not None]
    stems = {path.name.removesuffix(".jsonnet") for path in folder.glob("*.jsonnet")} | {file.stem for file in files}
    forsaken = (path for path in (folder / FOLDER).glob("*/*.json") if path.parent.name not in stems)
    return (*unused(folder, stems, used), *sorted(path for path in forsaken if _is_left(path)))


def require_own_snapshots(loaded: CaseFile, projects: Projects) -> None:
    """Raise FileError where a case has the snapshot of a case in a file before it: each would overwrite the other's."""
    own = {case.snapshot: case for case in loaded.cases if case.snapshot is not None}
    if not own or not is_case_file(loaded.path) or len(_case_files(loaded.path.parent)) == 1:
        return
    for other in _others(loaded, projects):
        if other.path.name > loaded.path.name:
            continue
        for case in other.cases:
            if case.snapshot is not None and case.snapshot in own:
                hint = f"{case.name!r} in {other.path.name} has it: name one of them otherwise"
                raise FileError("two cases share a snapshot", own[case.snapshot].location, hint=hint)


def is_forsaken(path: pathlib.Path, projects: Projects) -> bool:
    """Whether a snapshot of ours lies where nothing can have it: no case file, no test module, but a project of ours.

    Raises SettingsError.
    """
    return _is_left(path) and projects.around(path).settings.source is not None


def _is_left(path: pathlib.Path) -> bool:
    """Whether this is a snapshot of ours, and of no test module and no page."""
    owners = (path.parents[2] / f"{path.parent.name}.py", path.parents[2] / path.parent.name)
    return not any(owner.is_file() for owner in owners) and is_ours(path)


def _others(loaded: CaseFile, projects: Projects) -> Iterator[CaseFile]:
    """The other case files of the folder that can be read; each is read once for all that look at it."""
    for path in _case_files(loaded.path.parent):
        if path == loaded.path:
            continue
        if path not in projects.beside:
            try:
                projects.beside[path] = load_cases(path, projects)
            except JsonnetCtxError:  # it says so itself, when it is collected
                projects.beside[path] = None
        if projects.beside[path] is not None:
            yield projects.beside[path]


def _case_files(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(path for path in folder.iterdir() if is_case_file(path))
