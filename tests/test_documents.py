"""What the documents say is so: names exist, examples run, outputs are real."""

import re
from pathlib import Path
from typing import get_args

import pytest
from harness import Project

from jsonnet_ctx.engine.outcome import Kind
from jsonnet_ctx.pytest_plugin.marker import KEYWORDS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "jsonnet_ctx"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_every_module_that_the_architecture_names_exists() -> None:
    named = set(re.findall(r"[\w/]+\.py", ARCHITECTURE))

    assert named
    assert [name for name in sorted(named) if not _exists(name)] == []


def _exists(name: str) -> bool:
    """Whether a file is meant by a name: from the root, from the package, or inside a room."""
    return any((folder / name).exists() for folder in (ROOT, PACKAGE, *PACKAGE.iterdir()))


def test_the_table_of_rooms_has_every_room() -> None:
    table = set(re.findall(r"^\| `(\w+)/`", ARCHITECTURE, re.MULTILINE))
    rooms = {path.name for path in PACKAGE.iterdir() if len(list(path.glob("*.py"))) > 1}

    assert table == rooms


def test_the_architecture_lists_the_error_kinds() -> None:
    listed = ARCHITECTURE.partition("**Error kinds**")[2].partition("\n\n")[0]

    assert re.findall(r"`([\w-]+)`", listed) == list(get_args(Kind))


def test_the_settings_in_the_readme_are_settings(project: Project) -> None:
    from jsonnet_ctx.settings import load_settings

    (table,) = blocks(README, "toml")
    project.write({"pyproject.toml": table})

    assert load_settings(project.root).config == project.root / "deploy" / "kratos.yml"


def test_the_readme_names_every_keyword_of_the_marker() -> None:
    assert all(f"{keyword}=" in README for keyword in KEYWORDS)


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_in_the_documents_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_linked_from_the_contents() -> None:
    contents = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")} - {"README.md"}

    assert pages - set(re.findall(r"\]\(([^)#]+)\)", contents)) == set()
