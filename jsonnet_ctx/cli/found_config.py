"""The Kratos config of a project that names none: the one file that is one, told as a remark."""

import os
from pathlib import Path

from jsonnet_ctx.cases.around import sends
from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.project.find_config import find_kratos_configs
from jsonnet_ctx.project.kratos_config import load_bindings
from jsonnet_ctx.records import replace
from jsonnet_ctx.settings import Settings


def with_found_config(settings: Settings, template: Path) -> Settings:
    """The settings with the config that wires a template, where they name none and exactly one does."""
    if settings.config is not None:
        return settings
    wiring = [path for path in find_kratos_configs(settings.root) if _wires(path, template, settings)]
    if len(wiring) != 1:
        return settings
    _tell(wiring[0])
    return replace(settings, config=wiring[0])


def only_config(settings: Settings) -> Path:
    """The config of the settings, else the only one below the root. Raises UsageError where there is not one."""
    if settings.config is not None:
        return settings.config
    found = find_kratos_configs(settings.root)
    if len(found) != 1:
        several = f"{', '.join(os.path.relpath(path) for path in found[:5])} are kratos configs"
        raise UsageError(several if found else "no kratos config was found", hint="name one: jsonnet-ctx hooks FILE")
    _tell(found[0])
    return found[0]


def _wires(config: Path, template: Path, settings: Settings) -> bool:
    try:
        loaded = load_bindings(config, path_map=settings.path_map)
    except FileError:
        return False  # the command is about the template; check and hooks tell what is wrong with a config
    return any(sends(binding, template, loaded) for binding in loaded.bindings)


def _tell(config: Path) -> None:
    remark(f"note: found the kratos config {os.path.relpath(config)}")
