"""What the paths of a command line are: templates, folders of them, configs, actions, or addresses in configs."""

import os
from collections.abc import Iterable
from pathlib import Path

from jsonnet_ctx.check.fit import looks_like_a_web_hook
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.records import Frozen

_SKIPPED = frozenset({".git", ".venv", "venv", "node_modules", ".tox", "__pycache__", ".jsonnet-ctx"})
_CONFIGS = frozenset({".yml", ".yaml", ".toml", ".json"})
_HEAD_BYTES = 1024 * 1024


class Sorted(Frozen):
    """The paths by what they are, in the order given; ``-`` is an action of standard input."""

    templates: tuple[Path, ...]
    configs: tuple[Path, ...]
    actions: tuple[Path, ...]
    addresses: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of any kind."""
        return not (self.templates or self.configs or self.actions or self.addresses)


def sort_out(paths: Iterable[Path]) -> Sorted:
    """Tell templates, configs and actions apart; a folder gives the templates below it, else the configs.

    Raises UsageError for a path that is not there.
    """
    templates: list[Path] = []
    configs: list[Path] = []
    actions: list[Path] = []
    addresses: list[str] = []
    for path in paths:
        if path.is_dir():
            found = templates_below(path)
            templates += found
            configs += () if found else _configs_below(path)
        elif str(path) == "-" or _is_action(path):
            actions.append(path)
        elif not path.exists():
            addresses.append(_address(path))
        elif path.suffix.lower() in _CONFIGS:
            configs.append(path)
        else:
            templates.append(path)
    return Sorted(tuple(templates), tuple(configs), tuple(actions), tuple(addresses))


def _configs_below(folder: Path) -> tuple[Path, ...]:
    from jsonnet_ctx.project.find_config import find_kratos_configs

    return find_kratos_configs(folder)


def templates_below(folder: Path) -> list[Path]:
    """The templates below a folder that look like web_hook bodies; other Jsonnet is somebody else's."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - _SKIPPED)
        found += [Path(place) / name for name in sorted(files) if name.endswith(".jsonnet")]
    # What is no ordinary file (a FIFO, a link that leads nowhere) is none of the templates that lie there.
    return [path for path in found if path.is_file() and looks_like_a_web_hook(load_template(path).text)]


def shown(path: Path) -> str:
    """A path relative to the working directory where it lies below it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _address(path: Path) -> str:
    """A path that names no file as the address of an action in a config, ``kratos.yml::login.after[0]``."""
    config, mark, _ = str(path).partition("::")
    if not mark or not os.path.exists(config):
        raise UsageError(
            f"{config if mark else path} does not exist", hint="name a template, a folder or a kratos config"
        )
    return str(path)


def _is_action(path: Path) -> bool:
    """Whether a file holds an action and no whole config: it names web_hook, and selfservice only in a patch."""
    if path.suffix.lower() in {".jsonnet", ".libsonnet", ".yml", ".yaml", ".toml"} or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return b"web_hook" in head and (b'"selfservice"' not in head)
