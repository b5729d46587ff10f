"""Every block of the documents is run: files are written, commands print what is shown, cases hold."""

import json
import tomllib
from pathlib import Path

import pytest
import yaml
from document_page import ROOT, TUTORIAL, Block, blocks_of, commands_of, documents, prepare, run, shows, write_file
from harness import Project

from jsonnet_ctx.cases.page import load_page
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.syntax.parser import parse

PAGES = documents()
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
LANGUAGES = {"console", "yaml", "json", "toml", "jsonnet", "python", "text"}


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_a_page_does_what_it_shows(project: Project, page: Path) -> None:
    (project.root / ".git").rmdir()
    prepare(page, project.root)
    for block in blocks_of(page):
        if block.kind == "file":
            write_file(project.root, block)
        elif block.kind == "console":
            _run(project.root, block, page)


def _run(root: Path, block: Block, page: Path) -> None:
    for command in commands_of(block):
        if not command.is_run:
            continue
        code, printed = run(command.text, root)
        where = f"{page.name}:{block.line}: $ {command.text}\n{printed}"
        assert code in ((0, 1, 2) if command.shown and "error" in command.shown else (0, 1)), where
        assert command.shown is None or shows(command.shown, printed), where


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_blocks_that_are_not_run_can_be_read(page: Path) -> None:
    for block in blocks_of(page):
        assert block.language in LANGUAGES, f"{page.name}:{block.line}"
        if block.language == "yaml":
            yaml.safe_load(block.text)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "jsonnet":
            parse(block.text)
        elif block.language == "python":
            assert block.kind == "file", f"{page.name}:{block.line}: a test is a file that some command runs"


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_cases_in_a_page_hold(page: Path) -> None:
    assert [case.name for case in load_page(page).cases if run_case(case).mismatches] == []


def test_some_page_shows_cases_of_its_own() -> None:
    assert any(load_page(page).cases for page in PAGES)


def test_the_readme_is_the_path_of_the_tutorial() -> None:
    """The same commands in the same order, so that the first page cannot leave the tutorial."""
    readme, tutorial = (
        [command.text for block in blocks_of(page) if block.kind == "console" for command in commands_of(block)]
        for page in (ROOT / "README.md", TUTORIAL)
    )

    steps = iter(tutorial)
    first = readme[: readme.index("jsonnet-ctx check --fail-on warning") + 1]
    assert len(first) < 10
    assert [command for command in first if command not in steps] == []
