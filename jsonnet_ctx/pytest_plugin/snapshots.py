"""What the fixture ``jsonnet_snapshot`` does: compare payloads with files, and tell of files that no test has."""

import os
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.engine.outcome import Cancelled, Failed, Rendered
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.pytest_plugin.case_items import FLAG, UPDATE, UnusedSnapshotItem
from jsonnet_ctx.records import Plain, field

FIXTURE = "jsonnet_snapshot"
FOLDER = "__snapshots__"
_MOST_LINES = 40
_PASSED = pytest.StashKey[bool]()
_SHARED = pytest.StashKey[frozenset[Path]]()


class Snapshots(Plain):
    """The snapshots of one running test; ``used`` are those that it has compared so far."""

    item: pytest.Item
    used: set[Path] = field(default_factory=set)

    def compare(self, payload: Any, name: str = "") -> None:
        """Fail the test where the payload differs from its snapshot; see the fixture ``jsonnet_snapshot``."""
        __tracebackhide__ = True
        from jsonnet_ctx.cases import snapshot

        value = _payload(payload)
        path = self._path(name)
        mismatches = snapshot.compare(path, value, self._command)
        if not mismatches:
            return
        if self.item.config.getoption(UPDATE):
            snapshot.write(path, value)
            return
        lines = [f"{one.what}: expected {one.expected} got {one.actual}" for one in mismatches]
        lines += [f"  {one.note}" for one in mismatches if one.note]
        if not path.exists():
            shown = snapshot.as_text(value).splitlines()
            lines += [f"  + {line}" for line in shown[:_MOST_LINES]]
            lines += [f"  … and {len(shown) - _MOST_LINES} more lines"] if len(shown) > _MOST_LINES else []
        pytest.fail("\n".join(lines), pytrace=False)

    def end(self) -> None:
        """Fail, or remove them where snapshots are written, for files of this test that it has not compared."""
        if not self.item.stash.get(_PASSED, False):
            return
        from jsonnet_ctx.cases import snapshot

        left = [path for path in _files(self.item.path) if _is_of(path, self.item) and path not in self.used]
        if self.item.config.getoption(UPDATE):
            for path in left:
                snapshot.remove(path)
        elif left:
            names = ", ".join(os.path.relpath(path) for path in left)
            pytest.fail(f"{names}: the test does not use this snapshot\n  remove it: {self._command()}", pytrace=False)

    def _path(self, name: str) -> Path:
        from jsonnet_ctx.cases.snapshot import slug

        first = snapshot_file(self.item)
        if first in self.item.config.stash.get(_SHARED, frozenset()):
            raise UsageError(f"two tests of {self.item.path.name} share the snapshot {first.name}", hint="rename one")
        number = len(self.used) + 1
        more = slug(name) if name else str(number) if number > 1 else ""
        path = first.with_name(f"{first.stem}--{more}.json") if more else first
        if path in self.used:
            raise UsageError(f"the test has used the snapshot {path.name} already", hint="give each a name of its own")
        self.used.add(path)
        return path

    def _command(self) -> str:
        return f"pytest {FLAG} {shlex.quote(self.item.nodeid)}"


def note_outcome(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember whether the test itself passed: one that failed midway cannot say what it does not use."""
    if report.when == "call":
        item.stash[_PASSED] = report.passed


def snapshot_file(item: pytest.Item) -> Path:
    """``__snapshots__/<module>/<slug of the test>.json`` beside the module."""
    from jsonnet_ctx.cases.snapshot import snapshot_path

    return snapshot_path(item.path.parent, item.path.stem, item.nodeid.partition("::")[2], "")


def stray_items(config: pytest.Config, items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """An item for each snapshot of a module that none of its tests has; noted are those that two tests share.

    A module of which the command line names single tests is not judged: the others are not known.
    """
    partly = {(config.invocation_params.dir / arg.partition("::")[0]).resolve() for arg in config.args if "::" in arg}
    using = [item for item in items if FIXTURE in getattr(item, "fixturenames", ())]
    counted = Counter(snapshot_file(item) for item in using)
    config.stash[_SHARED] = frozenset(path for path, count in counted.items() if count > 1)
    modules = {item.path: node for item in items if (node := item.getparent(pytest.Module)) is not None}
    for path, module in modules.items():
        if path.resolve() in partly:
            continue
        own = [item for item in using if item.path == path]
        for file in _files(path):
            if not any(_is_of(file, item) for item in own):
                name = f"unused snapshot {file.parent.name}/{file.name}"
                yield UnusedSnapshotItem.from_parent(module, name=name, snapshot=file, how=f"pytest {FLAG}")


def _files(module: Path) -> list[Path]:
    return sorted((module.parent / FOLDER / module.stem).glob("*.json"))


def _is_of(path: Path, item: pytest.Item) -> bool:
    return path.stem.partition("--")[0] == snapshot_file(item).stem


def _payload(given: Any) -> Any:
    """The JSON values to compare. Raises UsageError for what JSON cannot hold."""
    __tracebackhide__ = True
    if isinstance(given, Cancelled | Failed):
        pytest.fail(f"there is no payload to compare: {type(given).__name__.lower()}: {given.error.message}")
    value = given.payload if isinstance(given, Rendered) else given
    import json

    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"a snapshot holds plain JSON values: {error}", hint="pass what jsonnet_render gives"
        ) from None
