"""Finding configurations and the root of a project that nobody has configured."""

from pathlib import Path

import pytest

from jsonnet_ctx.project.find_config import find_kratos_configs
from jsonnet_ctx.project.root import project_root

CONFIG = "selfservice:\n  flows: {}\n"


def _write(path: Path, text: str = CONFIG) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_configurations_are_found_wherever_they_lie(tmp_path: Path) -> None:
    _write(tmp_path / "kratos.yml")
    _write(tmp_path / "deploy" / "values.yaml", "kratos:\n  config:\n    selfservice: {methods: {}}\n")
    _write(tmp_path / "deploy" / "kratos.toml", "[selfservice.flows.login]\n")
    _write(
        tmp_path / "deploy" / "project.json", '{"services": {"identity": {"config": {"selfservice": {"flows": {}}}}}}'
    )
    found = [str(path.relative_to(tmp_path)) for path in find_kratos_configs(tmp_path)]
    assert found == ["kratos.yml", "deploy/kratos.toml", "deploy/project.json", "deploy/values.yaml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".git/kratos.yml", CONFIG),
        (".venv/kratos.yml", CONFIG),
        ("node_modules/a/kratos.yml", CONFIG),
        ("a/kratos.txt", CONFIG),
        ("a/other.yml", "serve: {}\nidentity: {}\n"),
        ("a/broken.yml", "selfservice: [\n"),
        ("a/helm.yml", "selfservice:\n  flows: {{ .Values.flows }}\n"),
        ("a/words.yml", "text: about selfservice\n"),
        ("a/big.yml", CONFIG + "#" * (1024 * 1024)),
    ],
)
def test_what_is_no_configuration_of_this_project_is_left_out(tmp_path: Path, name: str, text: str) -> None:
    _write(tmp_path / name, text)
    assert find_kratos_configs(tmp_path) == ()


def test_virtual_environments_are_left_out_under_any_name(tmp_path: Path) -> None:
    _write(tmp_path / "env" / "pyvenv.cfg", "")
    _write(tmp_path / "env" / "lib" / "kratos.yml")
    assert find_kratos_configs(tmp_path) == ()


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    _write(tmp_path / "kratos.yml")
    assert find_kratos_configs(tmp_path) == (tmp_path / "kratos.yml",)


@pytest.mark.parametrize(
    ("marker", "text"), [("jsonnet-ctx.toml", ""), (".git/HEAD", ""), ("pyproject.toml", "[tool.jsonnet-ctx]\n")]
)
def test_the_root_is_the_nearest_folder_with_a_mark(tmp_path: Path, marker: str, text: str) -> None:
    _write(tmp_path / marker, text)
    _write(tmp_path / "a" / "b" / "kratos.yml")
    assert project_root(tmp_path / "a" / "b" / "kratos.yml") == tmp_path
    assert project_root(tmp_path / "a") == tmp_path


@pytest.mark.parametrize("text", ["[tool.ruff]\n", "tool = 1\n", "broken"])
def test_a_pyproject_without_our_table_is_no_mark(tmp_path: Path, text: str) -> None:
    _write(tmp_path / "a" / "pyproject.toml", text)
    _write(tmp_path / "jsonnet-ctx.toml", "")
    assert project_root(tmp_path / "a") == tmp_path
