"""The pre-commit hook: which files it looks at, and what a commit with a careless template meets."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "fixtures" / "activate"


@pytest.fixture(scope="module")
def hook() -> dict[str, Any]:
    """The hook as the repository offers it."""
    (offered,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(offered, dict)
    return offered


@pytest.fixture
def repository(tmp_path: Path, hook: dict[str, Any]) -> Path:
    """A git repository whose pre-commit config runs the hook as it stands, with the command that is installed here.

    Only where the command comes from is changed: `language: python` would build an environment
    from the package index.
    """
    installed = Path(sys.executable).with_name("jsonnet-ctx")
    local = hook | {"language": "system", "entry": f"{installed} check"}
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    _run(tmp_path, "git", "init", "-q")
    return tmp_path


def commit_with(repository: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Stage files of the running example and run pre-commit on them, as a commit does."""
    for name in ("identity.schema.json", *names):
        shutil.copy(EXAMPLE / name, repository / name)
    _run(repository, "git", "add", "-A")
    return _run(repository, sys.executable, "-m", "pre_commit", "run", "--color", "never", check=False)


def _run(folder: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"PRE_COMMIT_HOME": str(folder / ".git" / "pre-commit-home"), "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=check)


def test_a_commit_with_a_careless_template_is_stopped_with_its_place(repository: Path) -> None:
    done = commit_with(repository, "kratos.careless.yml", "webhook.activate.careless.jsonnet")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "check Kratos webhook templates...........................................Failed" in done.stdout
    assert "webhook.activate.careless.jsonnet:7:13: error JC101 missing-field" in done.stdout


def test_a_commit_with_a_careful_template_passes(repository: Path) -> None:
    done = commit_with(repository, "kratos.yml", "webhook.activate.jsonnet")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "check Kratos webhook templates...........................................Passed" in done.stdout


def test_a_commit_without_templates_or_configs_runs_nothing(repository: Path) -> None:
    done = commit_with(repository, "README.md")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "(no files to check)Skipped" in done.stdout


@pytest.mark.parametrize(
    "name",
    [
        "webhook.activate.jsonnet",
        "deploy/kratos/webhook.jsonnet",
        "lib/payload.libsonnet",
        "kratos.yml",
        "kratos.yaml",
        "kratos.json",
        "kratos.toml",
        "deploy/kratos.production.yml",
        "contrib/quickstart/kratos/email-password/kratos.yml",
        "my-kratos.yaml",
        "kratos-values.yaml",
        "config/kratos/config.yml",
    ],
)
def test_the_hook_looks_at_templates_and_kratos_configs(hook: dict[str, Any], name: str) -> None:
    assert re.search(hook["files"], name)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "jsonnet.md",
        "webhook.jsonnet.bak",
        "webhook.py",
        "package.json",
        "identity.schema.json",
        "docker-compose.yml",
        "democratos.yml",
        "kratos",
        "kratos/README.md",
        "kratos/identity.schema.json",
        "config.yml",
        "notkratos/config.yml",
    ],
)
def test_the_hook_passes_over_everything_else(hook: dict[str, Any], name: str) -> None:
    assert not re.search(hook["files"], name)


def test_the_manifest_is_valid_for_pre_commit() -> None:
    manifest = str(ROOT / ".pre-commit-hooks.yaml")
    done = subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", manifest], check=False, timeout=60)

    assert done.returncode == 0


def test_the_hook_runs_the_command_that_the_package_installs(hook: dict[str, Any]) -> None:
    command, verb = hook["entry"].split()

    assert Path(sys.executable).with_name(command).exists()
    assert verb == "check"
