"""500 cases: what one costs beside an empty test, and the same results and snapshots serially and with ``-n 2``."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.commands import EXAMPLE
from benchmarks.timing import Row, as_installed, cold

CASES = 500
_PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-p",
    "no:hypothesispytest",
)
_UPDATE = "--jsonnet-ctx-update-snapshots"
_EMPTY = """\
import pytest


@pytest.mark.parametrize("number", range({count}))
def test_empty(number):
    pass
"""
_HEAD = """\
template: webhook.jsonnet
hook: registration.after.oidc.post_persist
given: {identity.traits.name: {first: Ann}}
cases:
"""
_CASE = """\
  - name: number {number}
    given: {{identity.traits.email: ann.{number}@example.org, flow.transient_payload: {{oidc_provider: google}}}}
    expect:
      contains: {{user: {{email: ann.{number}@example.org, name: Ann}}, provider: google}}
      snapshot: {snapshot}
"""


def case_rows(rounds: int) -> list[Row]:
    """The cost of a case in empty tests, and whether both ways to run the cases agree."""
    with tempfile.TemporaryDirectory() as name:
        folder, compiled = Path(name, "serial"), Path(name, "compiled")
        _project(folder)
        shutil.copytree(folder, other := Path(name, "spread"))
        serial = _run(folder, compiled, ("webhook.cases.yaml", _UPDATE))
        spread = _run(other, compiled, ("webhook.cases.yaml", _UPDATE, "-n", "2"))
        agree = serial == spread and _snapshots(folder) == _snapshots(other) and len(_snapshots(folder)) == CASES
        agree &= list(serial.values()) == ["passed"] * CASES
        files = {
            "cases": "webhook.cases.yaml",
            "empty": "test_empty.py",
            "one case": "alone/one.cases.yaml",
            "one": "test_one.py",
        }
        commands: dict[str, tuple[Sequence[str], Path]] = {
            key: ((*_PYTEST, file), folder) for key, file in files.items()
        }
        commands["spread"] = ((*_PYTEST, "webhook.cases.yaml", "-n", "2"), folder)
        times = cold(commands, rounds, compiled)
    spent = {key: kinds["processor"] for key, kinds in times.items()}
    return [
        Row(f"{CASES} cases, serially", times["cases"]["wall"], unit="s"),
        Row(f"{CASES} cases, -n 2", times["spread"]["wall"], unit="s"),
        Row("results and snapshots differ between serial and -n 2", float(not agree), "<= 0"),
        Row(
            "a case with snapshot against an empty test, whole runs",
            times["cases"]["wall"] / times["empty"]["wall"],
            "<= 2",
        ),
        Row("the same as processor time, that of the worker too", spent["cases"] / spent["empty"]),
        Row(
            "one more case against one more empty test",
            (spent["cases"] - spent["one case"]) / (spent["empty"] - spent["one"]),
        ),
        Row("one more case", (spent["cases"] - spent["one case"]) / (CASES - 1) * 1e3, unit="ms"),
        Row("one more empty test", (spent["empty"] - spent["one"]) / (CASES - 1) * 1e3, unit="ms"),
    ]


def _project(folder: Path) -> None:
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.jsonnet-ctx]\n[tool.pytest.ini_options]\n", encoding="utf-8")
    template = (EXAMPLE / "webhook.activate.jsonnet").read_text(encoding="utf-8")
    (folder / "webhook.jsonnet").write_text(template, encoding="utf-8")
    cases = "".join(_CASE.format(number=number, snapshot="true") for number in range(CASES))
    (folder / "webhook.cases.yaml").write_text(_HEAD + cases, encoding="utf-8")
    alone = folder / "alone"  # beside the many, a run of one would read them too, for snapshots that no case has
    alone.mkdir()
    one = (_HEAD + _CASE.format(number=0, snapshot="false")).replace("webhook.jsonnet", "one.jsonnet")
    (alone / "one.jsonnet").write_text(template, encoding="utf-8")
    (alone / "one.cases.yaml").write_text(one, encoding="utf-8")
    (folder / "test_empty.py").write_text(_EMPTY.format(count=CASES), encoding="utf-8")
    (folder / "test_one.py").write_text(_EMPTY.format(count=1), encoding="utf-8")


def _run(folder: Path, compiled: Path, words: Sequence[str]) -> dict[str, str]:
    """The result of each test of a run, by its name."""
    report = folder / "junit.xml"
    subprocess.run(
        [*_PYTEST, *words, f"--junitxml={report}"],
        cwd=folder,
        env=as_installed(compiled),
        capture_output=True,
        check=False,
    )
    found = {
        str(case.get("name")): next(
            (part.tag for part in case if part.tag in ("failure", "error", "skipped")), "passed"
        )
        for case in ElementTree.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it just now
    }
    report.unlink()
    return dict(sorted(found.items()))


def _snapshots(folder: Path) -> dict[str, str]:
    """The digest of each snapshot by its path."""
    files = sorted((folder / "__snapshots__").rglob("*.json"))
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
