"""Which cases a command line means: case files, folders, single cases, snapshot files."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jsonnet_ctx.cases.around import Projects, shown_path
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_file import SUFFIXES, CaseFile, is_case_file, load_cases
from jsonnet_ctx.cases.snapshot import FOLDER
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.records import Frozen

# Where pytest looks for no tests either.
_PASSED_OVER = ("node_modules", "venv", "build", "dist")


class Chosen(Frozen):
    """A case file with those of its cases that are meant; ``snapshot`` is the one file that is meant, if one is."""

    file: CaseFile
    cases: tuple[Case, ...]
    whole: bool = True
    snapshot: Path | None = None

    def takes_unused(self, path: Path) -> bool:
        """Whether a snapshot that no case has is meant too."""
        return self.whole or (self.snapshot is not None and _same(path, self.snapshot))


def chosen_cases(names: Sequence[str], projects: Projects) -> Iterator[Chosen]:
    """The case files of some paths, once each, in the order of the paths.

    ``file.cases.yaml::name`` is one case, at every hook point, version and client. Raises UsageError
    for a path that is not there or can hold no cases, UnknownName for a case that is not there.
    """
    seen: set[tuple[str, str]] = set()
    for name in names:
        file, _, case = name.partition("::")
        for found in _of_path(Path(file), case, projects):
            key = (os.path.realpath(found.file.path), case or str(found.snapshot or ""))
            if key not in seen:
                seen.add(key)
                yield found


def _of_path(path: Path, case: str, projects: Projects) -> Iterator[Chosen]:
    if not path.exists() and not (path.suffix == ".json" and FOLDER in path.parts):
        raise UsageError(f"no such file or folder: {path}")
    if path.is_dir():
        if path.name == FOLDER or FOLDER in path.parts:
            raise UsageError(f"{path} holds snapshots, no cases", hint="name the case file or one snapshot")
        for file in _case_files(path):
            yield _whole(file, projects)
    elif path.suffix == ".json" and FOLDER in path.parts:
        yield from _of_snapshot(path, projects)
    elif not is_case_file(path):
        raise UsageError(f"{path} is no case file", hint=f"case files end in {' or '.join(SUFFIXES)}")
    elif case:
        yield _single(path, case, projects)
    else:
        yield _whole(path, projects)


def _whole(path: Path, projects: Projects) -> Chosen:
    loaded = load_cases(path.absolute(), projects)
    return Chosen(loaded, loaded.cases)


def _single(path: Path, name: str, projects: Projects) -> Chosen:
    loaded = load_cases(path.absolute(), projects)
    cases = tuple(case for case in loaded.cases if case.name == name or case.name.startswith(f"{name}["))
    if not cases:
        raise UnknownName(f"case in {shown_path(path)}", name, [case.name for case in loaded.cases])
    return Chosen(loaded, cases, whole=False)


def _of_snapshot(path: Path, projects: Projects) -> Iterator[Chosen]:
    """The case that has a snapshot; for one that no case has, the case file that tells so."""
    parts = path.absolute().parts
    folder = Path(*parts[: len(parts) - 1 - parts[::-1].index(FOLDER)])
    files = [load_cases(file, projects) for file in sorted(folder.iterdir()) if is_case_file(file)]
    for loaded in files:
        cases = tuple(case for case in loaded.cases if case.snapshot is not None and _same(case.snapshot, path))
        if cases:
            yield Chosen(loaded, cases, whole=False, snapshot=path)
            return
    if not files or not path.exists():
        raise UsageError(f"no case has the snapshot {path}")
    yield Chosen(files[0], (), whole=False, snapshot=path)


def _case_files(folder: Path) -> Iterator[Path]:
    """The case files below a folder, in the order of their names."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in (*_PASSED_OVER, FOLDER)
        )
        yield from (Path(place, name) for name in sorted(files) if is_case_file(Path(name)))


def _same(one: Path, two: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(two)
