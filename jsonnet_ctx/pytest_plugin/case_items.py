"""Case files and Markdown pages as pytest items: one for each case, and one for each snapshot that no case has."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jsonnet_ctx.errors import FileError, JsonnetCtxError
from jsonnet_ctx.pytest_plugin.options import given_options
from jsonnet_ctx.pytest_plugin.told import told

if TYPE_CHECKING:
    from jsonnet_ctx.cases.ahead import Ahead
    from jsonnet_ctx.cases.around import Projects
    from jsonnet_ctx.cases.case import Case
    from jsonnet_ctx.cases.case_file import CaseFile

UPDATE = "jsonnet_ctx_update_snapshots"
FLAG = "--jsonnet-ctx-update-snapshots"
SUFFIXES = (".cases.yaml", ".cases.yml")
PAGES = (".md", ".markdown")
FOLDER = "__snapshots__"


def add_flag(parser: pytest.Parser) -> None:
    """Make the flag known that lets snapshots be written."""
    group = parser.getgroup("jsonnet_ctx")
    group.addoption(
        FLAG, dest=UPDATE, action="store_true", default=False, help="write the snapshots of cases and tests"
    )


def refuse_writing(config: pytest.Config) -> None:
    """Raise pytest.UsageError where the flag is given and a CI service runs the tests."""
    if not config.getoption(UPDATE):
        return
    from jsonnet_ctx.cases.snapshot import refuse_writing as refuse

    try:
        refuse(FLAG, os.environ)
    except JsonnetCtxError as error:
        raise pytest.UsageError(told(error)) from None


def collect_file(path: Path, parent: pytest.Collector) -> "CaseFileNode | ForsakenNode | None":
    """The collector of a case file, of a page that may hold cases, or of a snapshot in a folder without case files.

    None for any other file.
    """
    if path.name.endswith(SUFFIXES):
        return CaseFileNode.from_parent(parent, path=path, **_outside(path, parent.config))
    if path.name.lower().endswith(PAGES) and _may_hold_cases(path):
        return PageNode.from_parent(parent, path=path, **_outside(path, parent.config))
    if path.suffix == ".json" and path.parents[1].name == FOLDER:
        beside = os.listdir(path.parents[2])
        return None if any(name.endswith(SUFFIXES) for name in beside) else ForsakenNode.from_parent(parent, path=path)
    return None


def _may_hold_cases(path: Path) -> bool:
    from jsonnet_ctx.cases.page import may_hold_cases

    try:
        return may_hold_cases(path)
    except FileError:
        return False  # a page in the way of a run that is not about it


def odd_nodes(folder: pytest.Directory) -> Iterator["CaseFileNode"]:
    """What is called like a case file and is no file: pytest passes it over, which looks like green cases."""
    for path in sorted(folder.path.iterdir()):
        if path.name.endswith(SUFFIXES) and not path.is_file():
            yield CaseFileNode.from_parent(folder, path=path)


def leave_out_unused(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Judge no unused snapshots where words or marks choose tests: the words are not about them."""
    if not config.option.keyword and not config.option.markexpr:
        return
    unused = [item for item in items if isinstance(item, UnusedSnapshotItem)]
    if unused:
        items[:] = [item for item in items if not isinstance(item, UnusedSnapshotItem)]
        config.hook.pytest_deselected(items=unused)


def _outside(path: Path, config: pytest.Config) -> dict[str, Any]:
    """The node id of a file outside the root: pytest then shows it as seen from the working directory."""
    if path.is_relative_to(config.rootpath):
        return {}
    return {"nodeid": Path(os.path.relpath(path, config.rootpath)).as_posix()}


def _projects(config: pytest.Config) -> "Projects":
    if _PROJECTS not in config.stash:
        from jsonnet_ctx.cases.around import Projects

        config.stash[_PROJECTS] = Projects(given_options(config))
    return config.stash[_PROJECTS]


_PROJECTS = pytest.StashKey["Projects"]()
_AHEAD = pytest.StashKey[dict[Path, "Ahead"]]()


class CaseFileNode(pytest.File):
    """One case file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases, then the snapshots that no case has. A broken file is a collection error."""
        from jsonnet_ctx.cases.unused import require_own_snapshots, unused_snapshots

        projects = _projects(self.config)
        try:
            loaded = self._load(projects)
            require_own_snapshots(loaded, projects)
            stray = unused_snapshots(loaded, projects)
        except JsonnetCtxError as error:
            raise self.CollectError(told(error)) from None
        for case in loaded.cases:
            yield CaseItem.from_parent(self, name=case.name, nodeid=f"{self.nodeid}::{case.name}", case=case)
        for path in stray:
            yield _unused(self, path)

    def _load(self, projects: "Projects") -> "CaseFile":
        from jsonnet_ctx.cases.case_file import load_cases

        return load_cases(self.path, projects)


class ForsakenNode(pytest.File):
    """A snapshot in a folder that has no case files (any more)."""

    def collect(self) -> Iterator[pytest.Item]:
        """The snapshot, where it is one of ours and nothing in the folder can have it."""
        from jsonnet_ctx.cases.unused import is_forsaken

        try:
            forsaken = is_forsaken(self.path, _projects(self.config))
        except JsonnetCtxError as error:
            raise self.CollectError(told(error)) from None
        if forsaken:
            yield _unused(self, self.path)


def _unused(parent: pytest.Collector, path: Path) -> "UnusedSnapshotItem":
    name = f"unused snapshot {path.parent.name}/{path.name}"
    return UnusedSnapshotItem.from_parent(parent, name=name, nodeid=f"{parent.nodeid}::{name}", snapshot=path)


class PageNode(CaseFileNode):
    """One Markdown page whose jsonnet blocks have cases beside them."""

    def _load(self, projects: "Projects") -> "CaseFile":
        from jsonnet_ctx.cases.page import load_page

        return load_page(self.path, projects)


class CaseFailed(Exception):
    """A case did not get what it expects; the message is the whole text."""


class CaseItem(pytest.Item):
    """One case at one hook point of one version."""

    def __init__(self, *, case: "Case", **more: Any) -> None:
        super().__init__(**more)
        self.case = case

    def runtest(self) -> None:
        """Run the case. Raises CaseFailed with the text that people read."""
        from jsonnet_ctx.cases.run import run_case

        for remark in self.case.remarks:
            self.warn(pytest.PytestWarning(remark))
        update = self.config.getoption(UPDATE)
        ahead = None if update else self._ahead().outcome(self.case)
        verdict = run_case(self.case, update_snapshots=update, ahead=ahead)
        if verdict.mismatches and ahead is not None:  # what is said against a case is the exact path's word
            verdict = run_case(self.case)
        if verdict.mismatches:
            from jsonnet_ctx.cases.failure import failure_text

            raise CaseFailed(failure_text(verdict))

    def _ahead(self) -> "Ahead":
        """The cases of this item's file that the run has selected."""
        stash = self.session.stash.setdefault(_AHEAD, {})
        if self.path not in stash:
            from jsonnet_ctx.cases.ahead import Ahead

            items = (item for item in self.session.items if isinstance(item, CaseItem))
            stash[self.path] = Ahead([item.case for item in items if item.path == self.path])
        return stash[self.path]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The text alone: where in pytest it was raised helps nobody."""
        return _text_of(excinfo) or str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the case stands."""
        line = self.case.location.line
        return self.path, None if line is None else line - 1, self.name


class UnusedSnapshotItem(pytest.Item):
    """A snapshot that no case or test has: fails, or is removed where snapshots are written."""

    def __init__(self, *, snapshot: Path, how: str | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.snapshot, self.how = snapshot, how

    def runtest(self) -> None:
        """Raise CaseFailed, or remove the file."""
        from jsonnet_ctx.cases.snapshot import remove, review_command

        if self.config.getoption(UPDATE):
            remove(self.snapshot)
            return
        name = os.path.relpath(self.snapshot)
        whose = "no test" if self.how else "no case"
        raise CaseFailed(f"{name}: {whose} has this snapshot\n  remove it: {self.how or review_command(name)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The text alone."""
        return _text_of(excinfo) or str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The snapshot file."""
        return self.snapshot, None, self.name


def _text_of(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    """What to show for errors of ours."""
    if isinstance(excinfo.value, CaseFailed):
        return str(excinfo.value)
    return told(excinfo.value) if isinstance(excinfo.value, JsonnetCtxError) else None
