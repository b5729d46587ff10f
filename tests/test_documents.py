"""What the documents say is so: names exist, examples run, outputs are real."""

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
from harness import Project

from jsonnet_ctx.engine.outcome import Kind
from jsonnet_ctx.pytest_plugin.marker import KEYWORDS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "jsonnet_ctx"
EXAMPLE = ROOT / "fixtures" / "activate"
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.fixture
def example(project: Project) -> Project:
    """A copy of the running example; its careful template also goes by the name that README uses."""
    shutil.copytree(EXAMPLE, project.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(EXAMPLE / "webhook.activate.jsonnet", project.root / "webhook.jsonnet")
    return project


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


def test_the_finding_in_the_readme_is_what_check_prints(example: Project) -> None:
    (block,) = (block for block in blocks(README, "console") if "JC101" in block)
    command, _, shown = block.partition("\n")

    done = example.run(*command.removeprefix("$ jsonnet-ctx ").split())

    assert without_measures(done.out) == without_measures(shown)


def without_measures(text: str) -> str:
    """A text without the numbers that differ from machine to machine."""
    return re.sub(r"\d+ contexts, [\d.]+ s \(.*?\)", "… contexts, … s (…)", text)


def test_the_commands_in_the_readme_can_run(example: Project) -> None:
    commands = [line for block in blocks(README, "console") for line in block.splitlines() if "$ jsonnet-ctx" in line]

    assert len(commands) > 4
    for line in commands:
        done = example.run(*line.removeprefix("$ jsonnet-ctx ").partition(" #")[0].split())
        assert done.code in (0, 1), f"{line}\n{done.err}"


def test_the_test_in_the_readme_passes(example: Project) -> None:
    (module,) = blocks(README, "python")
    example.write({"test_readme.py": module})

    # One table of characters for all tests: hypothesis takes seconds to make it anew.
    storage = {"HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")}
    done = example.run_pytest("-q", "--strict-markers", "-W", "error", "test_readme.py", env=storage)

    assert "2 passed" in done.out, done.out


def test_the_settings_in_the_readme_are_settings(example: Project) -> None:
    from jsonnet_ctx.settings import load_settings

    (table,) = blocks(README, "toml")
    (example.root / "jsonnet-ctx.toml").unlink()
    example.write({"pyproject.toml": table})

    assert load_settings(example.root).config == example.root / "deploy" / "kratos.yml"


def test_the_readme_names_every_keyword_of_the_marker() -> None:
    assert all(f"{keyword}=" in README for keyword in KEYWORDS)


def test_links_in_the_documents_lead_somewhere() -> None:
    targets = [target for text in (README, ARCHITECTURE) for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text)]

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
