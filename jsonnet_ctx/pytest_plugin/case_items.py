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


def add_flag(parser: pytest.Parser) -> None:
    """Make the flag known that lets snapshots be written."""
    group = parser.getgroup("jsonnet_ctx")
    group.addoption(FLAG, dest=UPDATE, action="store_true", default=False, help="write the snapshots of cases")


def refuse_writing(config: pytest.Config) -> None:
    """Raise pytest.UsageError where the flag is given and a CI service runs the tests."""
    if not config.getoption(UPDATE):
        return
    from jsonnet_ctx.cases.snapshot import writing_is_refused

    if writing_is_refused(os.environ):
        raise pytest.UsageError(
            f"{FLAG}: refused, as CI is set to {os.environ['CI']!r}\n"
            "hint: write snapshots where somebody looks at them, and commit them"
        )


def collect_file(path: Path, parent: pytest.Collector) -> "CaseFileNode | None":
    """The collector of a case file or of a page that may hold cases; None for any other file."""
    if path.name.endswith(SUFFIXES):
        return CaseFileNode.from_parent(parent, path=path)
    if path.name.lower().endswith(PAGES) and _may_hold_cases(path):
        return PageNode.from_parent(parent, path=path)
    return None


def _may_hold_cases(path: Path) -> bool:
    from jsonnet_ctx.cases.page import may_hold_cases

    try:
        return may_hold_cases(path)
    except FileError:
        return False  # a page in the way of a run that is not about it


_PROJECTS = pytest.StashKey["Projects"]()
_AHEAD = pytest.StashKey[dict[Path, "Ahead"]]()


class CaseFileNode(pytest.File):
    """One case file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its cases, then the snapshots that no case has. A broken file is a collection error."""
        from jsonnet_ctx.cases.unused import unused_snapshots

        try:
            loaded = self._load()
            stray = unused_snapshots(loaded, self._projects())
        except JsonnetCtxError as error:
            raise self.CollectError(told(error)) from None
        for case in loaded.cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)
        for path in stray:
            name = f"unused snapshot {path.parent.name}/{path.name}"
            yield UnusedSnapshotItem.from_parent(self, name=name, snapshot=path)

    def _load(self) -> "CaseFile":
        from jsonnet_ctx.cases.case_file import load_cases

        return load_cases(self.path, self._projects())

    def _projects(self) -> "Projects":
        if _PROJECTS not in self.config.stash:
            from jsonnet_ctx.cases.around import Projects

            self.config.stash[_PROJECTS] = Projects(given_options(self.config))
        return self.config.stash[_PROJECTS]


class PageNode(CaseFileNode):
    """One Markdown page whose jsonnet blocks have cases beside them."""

    def _load(self) -> "CaseFile":
        from jsonnet_ctx.cases.page import load_page

        return load_page(self.path, self._projects())


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
    """A snapshot that no case has: fails, or is removed where snapshots are written."""

    def __init__(self, *, snapshot: Path, **more: Any) -> None:
        super().__init__(**more)
        self.snapshot = snapshot

    def runtest(self) -> None:
        """Raise CaseFailed, or remove the file."""
        if self.config.getoption(UPDATE):
            self.snapshot.unlink(missing_ok=True)
            return
        from jsonnet_ctx.cases.snapshot import UPDATE as HOW

        raise CaseFailed(f"{os.path.relpath(self.snapshot)}: no case has this snapshot\n  remove it: {HOW}")

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
