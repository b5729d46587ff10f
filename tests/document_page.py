"""Documents as projects: what their blocks say is in files, and what their commands print."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorial.md"
HOW_TO = ROOT / "docs" / "how-to"

# They need a network or a checkout of something else; a reader runs them, a test does not.
NOT_RUN = ("pip ", "python3 -m venv", ". .venv", "pre-commit ", "git ", "make ")

_NAMED = re.compile(r"`([\w./-]+\.\w+)`(?: (?:again|now|beside it))?:$")
_MEASURES = (
    (re.compile(r"\d+ contexts, [\d.]+ s \(.*?\)"), "… contexts, … s (…)"),
    (re.compile(r"\bin [\d.]+s\b"), "in …s"),
)


@dataclass(frozen=True)
class Block:
    """A fenced block: a ``file`` (named by the paragraph above it), a ``console``, or ``other``."""

    kind: Literal["file", "console", "other"]
    info: str
    name: str
    text: str
    line: int

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info else ""


@dataclass(frozen=True)
class Command:
    """One command of a console block with the output shown, None where none is."""

    text: str
    shown: str | None

    @property
    def is_run(self) -> bool:
        return not self.text.startswith(NOT_RUN)


def documents() -> list[Path]:
    """The pages whose blocks are run; those of the reference are written from the code."""
    folders = (HOW_TO, ROOT / "docs" / "explanation")
    return [ROOT / "README.md", TUTORIAL, *(page for folder in folders for page in sorted(folder.glob("*.md")))]


def prepare(page: Path, folder: Path) -> None:
    """Write what a page begins with: how-to pages begin where the tutorial ends."""
    if page.parent == HOW_TO:
        for block in blocks_of(TUTORIAL):
            if block.kind == "file":
                write_file(folder, block)


def write_file(folder: Path, block: Block) -> None:
    """Write a block that is a file."""
    path = folder / block.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def blocks_of(page: Path) -> Iterator[Block]:
    """The blocks of a page in their order."""
    above = ""
    for token in MarkdownIt("commonmark").disable("inline").parse(page.read_text(encoding="utf-8")):
        if token.type == "inline":
            above = token.content
        elif token.type == "fence":
            named = _NAMED.search(above)
            kind: Literal["file", "console", "other"] = "file" if named else "other"
            kind = "console" if token.info == "console" else kind
            assert token.map is not None
            yield Block(kind, token.info, named[1] if named else "", token.content, token.map[0] + 1)
            above = ""


def commands_of(block: Block) -> Iterator[Command]:
    """The commands of a console block: lines that begin with ``$``, each with the lines below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        first, _, rest = part.partition("\n")
        while first.endswith("\\"):
            more, _, rest = rest.partition("\n")
            first = f"{first[:-1]}{more.strip()}"
        yield Command(re.split(r"\s+# ", first)[0], rest.rstrip("\n") or None)


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code and what a terminal of 80 columns shows of a command."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "80",
        "CI": "",
        "PYTEST_ADDOPTS": "-p no:randomly -p no:cacheprovider",
        "PYTHONIOENCODING": "utf-8",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"),
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.rstrip("\n")


def shows(shown: str, printed: str) -> bool:
    """Whether a page shows what is printed: word for word but for times, a line of ``…`` for any lines."""
    parts = re.split(r"^…$\n?", without_measures(shown), flags=re.MULTILINE)
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts[:-1])
    pattern = f"{pattern}(?:.*\n)*?{re.escape(parts[-1])}" if len(parts) > 1 else re.escape(parts[0])
    return re.fullmatch(pattern, without_measures(printed)) is not None or _ends_open(parts, printed)


def _ends_open(parts: list[str], printed: str) -> bool:
    """A page whose last line is ``…`` shows the beginning."""
    if len(parts) < 2 or parts[-1]:
        return False
    pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts[:-1])
    return re.match(pattern, without_measures(printed)) is not None


def without_measures(text: str) -> str:
    """A text without the numbers that differ from machine to machine."""
    for pattern, mask in _MEASURES:
        text = pattern.sub(mask, text)
    return text
