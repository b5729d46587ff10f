"""The plugin's options: one table for command-line flags and ini keys."""

from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of the plugin; ``name`` is that of `[tool.jsonnet-ctx]`, flag and ini key follow from it."""

    name: str
    metavar: str
    help: str
    is_path: bool = False

    @property
    def key(self) -> str:
        """The ini key, which is also where pytest keeps the flag's value."""
        return f"jsonnet_ctx_{self.name.replace('-', '_')}"

    @property
    def flag(self) -> str:
        """The command-line flag."""
        return f"--jsonnet-ctx-{self.name}"


OPTIONS = (
    Option("config", "FILE", "Kratos config that wires the templates: identity schema, headers, Content-Type", True),
    Option("kratos", "VERSION", "Kratos version whose contexts and limits apply (default: the newest known)"),
    Option("identity-schema", "FILE", "identity schema that traits follow (default: the config's)", True),
    Option("engine", "NAME", "engine that evaluates the templates (default: go-jsonnet)"),
)


def add_options(parser: pytest.Parser) -> None:
    """Make every option known to pytest, as a flag and as an ini key."""
    group = parser.getgroup("jsonnet_ctx", "Jsonnet templates of Ory Kratos webhooks")
    for option in OPTIONS:
        group.addoption(option.flag, dest=option.key, metavar=option.metavar, help=option.help)
        parser.addini(option.key, option.help)


def option_value(config: pytest.Config, name: str) -> str | None:
    """What an option is set to, None where nobody says: the flag wins over the ini key.

    Files of a flag are relative to where pytest was started, those of an ini key to the ini file.
    """
    option = next(option for option in OPTIONS if option.name == name)
    flag, ini = config.getoption(option.key), config.getini(option.key)
    if flag:
        return _placed(option, str(flag), config.invocation_params.dir)
    if ini:
        return _placed(option, str(ini), config.inipath.parent if config.inipath else config.rootpath)
    return None


def _placed(option: Option, value: str, folder: Path) -> str:
    return str(folder / value) if option.is_path else value
