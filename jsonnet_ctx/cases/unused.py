"""Snapshots that no case has, over all case files of a folder."""

import pathlib

from jsonnet_ctx.cases.around import Projects
from jsonnet_ctx.cases.case_file import CaseFile, is_case_file, load_cases
from jsonnet_ctx.cases.snapshot import FOLDER, unused


def unused_snapshots(loaded: CaseFile, projects: Projects) -> tuple[pathlib.Path, ...]:
    """The snapshots beside a case file that no case has; the first case file of a folder tells those of all.

    Those of a template that no case file names count too, where the template lies in the folder.
    Nothing is run: which snapshots there should be follows from the files. Raises FileError for
    another case file of the folder that is broken.
    """
    folder = loaded.path.parent
    if not (folder / FOLDER).is_dir():
        return ()
    if not is_case_file(loaded.path):  # a page has a folder of snapshots of its own
        return unused(folder, [loaded.stem], [case.snapshot for case in loaded.cases if case.snapshot is not None])
    names = sorted(path for path in folder.iterdir() if is_case_file(path))
    if names[0] != loaded.path:
        return ()
    files = [loaded if path == loaded.path else load_cases(path, projects) for path in names]
    used = [case.snapshot for file in files for case in file.cases if case.snapshot is not None]
    templates = {path.name.removesuffix(".jsonnet") for path in folder.glob("*.jsonnet")}
    return unused(folder, templates | {file.stem for file in files}, used)
