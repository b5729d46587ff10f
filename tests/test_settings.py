"""Settings: one table, one order, and errors that name the key."""

from pathlib import Path

import pytest

from jsonnet_ctx.errors import SettingsError
from jsonnet_ctx.settings import OPTIONS, Settings, load_settings


def _write(folder: Path, text: str, name: str = "jsonnet-ctx.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_option_is_a_field_of_the_settings() -> None:
    assert {option.attribute for option in OPTIONS} == set(Settings.__annotations__) - {"root", "source"}


def test_names_of_flags_ini_keys_and_variables_follow_from_one_name() -> None:
    option = next(option for option in OPTIONS if option.name == "check.max-examples")
    assert (option.flag, option.ini_key, option.variable) == (
        "--max-examples",
        "jsonnet_ctx_check_max_examples",
        "JSONNET_CTX_CHECK_MAX_EXAMPLES",
    )


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, environ={})
    assert settings.source is None
    assert (settings.engine, settings.fail_on, settings.kratos) == ("go-jsonnet", "error", ())


def test_pyproject_holds_the_same_keys_as_our_own_file(tmp_path: Path) -> None:
    keys = 'config = "deploy/kratos.yml"\nkratos = ["v1.3.1", "v26.2.0"]\npath-map = {"/etc" = "deploy"}\n'
    own, shared = tmp_path / "own", tmp_path / "shared"
    own.mkdir()
    shared.mkdir()
    first = load_settings(_write(own, keys), environ={})
    second = load_settings(_write(shared, "[tool.jsonnet-ctx]\n" + keys, "pyproject.toml"), environ={})
    assert (first.kratos, first.path_map) == (second.kratos, second.path_map)
    assert first.config == own / "deploy/kratos.yml"
    assert second.config == shared / "deploy/kratos.yml"


def test_our_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    _write(tmp_path, '[tool.jsonnet-ctx]\nengine = "cpp"\n', "pyproject.toml")
    assert load_settings(_write(tmp_path, 'engine = "kratos"\n'), environ={}).engine == "kratos"


def test_a_pyproject_without_our_table_says_nothing(tmp_path: Path) -> None:
    assert load_settings(_write(tmp_path, "[tool.ruff]\n", "pyproject.toml"), environ={}).source is None


def test_a_flag_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    _write(tmp_path, 'engine = "file"\nfail-on = "info"\n[check]\nseed = 1\n')
    environ = {"JSONNET_CTX_ENGINE": "environment", "JSONNET_CTX_FAIL_ON": "warning"}
    settings = load_settings(tmp_path, flags={"engine": "flag", "fail-on": None}, environ=environ)
    assert (settings.engine, settings.fail_on, settings.check_seed) == ("flag", "warning", 1)


def test_lists_and_maps_of_the_environment_are_separated_by_commas(tmp_path: Path) -> None:
    environ = {
        "JSONNET_CTX_KRATOS": "v1.3.1, v26.2.0",
        "JSONNET_CTX_PATH_MAP": "/etc/config=deploy,/srv=files",
        "JSONNET_CTX_CHECK_SEED": "7",
    }
    settings = load_settings(tmp_path, environ=environ)
    assert settings.kratos == ("v1.3.1", "v26.2.0")
    assert settings.path_map == {"/etc/config": "deploy", "/srv": "files"}
    assert settings.check_seed == 7


def test_paths_of_flags_are_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    root = tmp_path / "root"
    root.mkdir()
    assert load_settings(root, flags={"config": "kratos.yml"}, environ={}).config == tmp_path / "kratos.yml"


def test_engines_are_commands(tmp_path: Path) -> None:
    text = '[engines]\nkratos = ["kratos", "jsonnet", "-0"]\nplain = "worker"\n'
    settings = load_settings(_write(tmp_path, text), environ={})
    assert settings.engines == {"kratos": ("kratos", "jsonnet", "-0"), "plain": ("worker",)}


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('confg = "a"', "jsonnet-ctx.toml:1:1: unknown key 'confg'", "did you mean config?"),
        ("fail_on = 'error'", "jsonnet-ctx.toml:1:1: unknown key 'fail_on'", "did you mean fail-on?"),
        ("[check]\nsede = 1", "jsonnet-ctx.toml:2:1: check: unknown key 'sede'", "did you mean seed?"),
        ("check = 1", "jsonnet-ctx.toml:1:1: check must be a table, not 1", None),
        ("config = 1", "jsonnet-ctx.toml:1:1: config must be a path, not 1", None),
        ("kratos = [1]", "jsonnet-ctx.toml:1:1: kratos must be a string or a list of strings, not a list", None),
        ('[check]\nseed = "x"', "jsonnet-ctx.toml:2:1: check.seed must be a whole number from 0, not 'x'", None),
        ("[check]\nseed = true", "jsonnet-ctx.toml:2:1: check.seed must be a whole number from 0, not a boolean", None),
        (
            "[coverage]\nfail-under = -1",
            "jsonnet-ctx.toml:2:1: coverage.fail-under must be a number from 0, not -1",
            None,
        ),
        ('path-map = "a"', "jsonnet-ctx.toml:1:1: path-map must be a table of strings, not 'a'", None),
        (
            "[engines]\nx = [1]",
            "jsonnet-ctx.toml:1:1: engines must be a table of commands (a string or a list of strings), not a table",
            None,
        ),
        (
            'fail-on = "fatal"',
            "jsonnet-ctx.toml:1:1: fail-on must be one of error, warning, info, never, not 'fatal'",
            None,
        ),
    ],
)
def test_wrong_settings_say_which_key(tmp_path: Path, text: str, message: str, hint: str | None) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(_write(tmp_path, text), environ={})
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, environ={"JSONNET_CTX_CHECK_SEED": "many"})
    assert str(caught.value) == (
        "environment variable JSONNET_CTX_CHECK_SEED must be a whole number from 0, not 'many'"
    )


@pytest.mark.parametrize("text", ["config = \n", "\ufeffconfig = oops\n", "[tool\n"])
def test_broken_toml_is_a_settings_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"^jsonnet-ctx\.toml: .*line 1"):
        load_settings(_write(tmp_path, text), environ={})


def test_a_table_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(_write(tmp_path, "[tool]\njsonnet-ctx = 3\n", "pyproject.toml"), environ={})
    assert str(caught.value) == "pyproject.toml: tool.jsonnet-ctx must be a table, not 3"


def test_a_key_of_pyproject_has_its_place(tmp_path: Path) -> None:
    text = '[project]\nconfg = "a"\n[tool.jsonnet-ctx]\nkratos = "v26.2.0"\n  confg = "a"\n'
    with pytest.raises(SettingsError) as caught:
        load_settings(_write(tmp_path, text, "pyproject.toml"), environ={})
    assert str(caught.value) == "pyproject.toml:5:3: unknown key 'confg'"


def test_a_table_of_an_unknown_name_has_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(_write(tmp_path, 'kratos = "v26.2.0"\n\n[chek]\nseed = 1\n'), environ={})
    assert str(caught.value) == "jsonnet-ctx.toml:3:1: unknown key 'chek'"
