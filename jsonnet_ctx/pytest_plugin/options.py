"""The plugin's options: the rows of the settings table that matter to tests, as flags and ini keys."""

import os
from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.settings import OPTIONS, Option

USED = ("config", "kratos", "identity-schema", "engine")
CHOSEN = tuple(option for option in OPTIONS if option.name in USED)


def flag_of(option: Option) -> str:
    """The flag in pytest's command line: ``--jsonnet-ctx-kratos``."""
    return f"--jsonnet-ctx-{option.name}"


def add_options(parser: pytest.Parser) -> None:
    """Make every option known to pytest, as a flag and as an ini key."""
    group = parser.getgroup("jsonnet_ctx", "Jsonnet templates of Ory Kratos webhooks")
    for option in CHOSEN:
        group.addoption(flag_of(option), dest=option.ini_key, metavar=option.metavar, help=option.help)
        parser.addini(option.ini_key, option.help)


def given_options(config: pytest.Config) -> dict[str, Any]:
    """The options that pytest was given, by name: flags, and ini keys that no environment variable overrides.

    Files of a flag are relative to where pytest was started, those of an ini key to the ini file.
    """
    ini_folder = config.inipath.parent if config.inipath else config.rootpath
    given: dict[str, Any] = {}
    for option in CHOSEN:
        flag, ini = config.getoption(option.ini_key), config.getini(option.ini_key)
        if flag:
            given[option.name] = _placed(option, str(flag), config.invocation_params.dir)
        elif ini and option.variable not in os.environ:
            given[option.name] = _placed(option, str(ini), ini_folder)
    return given


def _placed(option: Option, value: str, folder: Path) -> str:
    return str(folder / value) if option.kind == "path" else value
