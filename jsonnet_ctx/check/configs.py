"""The Kratos configs of a check, narrowed to the actions that are asked about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS
from jsonnet_ctx.records import replace

if TYPE_CHECKING:  # a check of one file reads no config, and does not wait for what reads them
    from jsonnet_ctx.project.kratos_config import Config


def load_configs(
    files: Sequence[Path],
    addresses: Sequence[str],
    *,
    hooks: Sequence[HookPoint],
    path_map: Mapping[str, str],
    kratos: str,
) -> "list[Config]":
    """The configs of ``files``, and of each address (``kratos.yml::login.after[0]``) its actions alone.

    With ``hooks`` only what is wired to one of them stays. Raises UnknownName for an address that is none.
    """
    if not files and not addresses:
        return []
    from jsonnet_ctx.project.kratos_config import load_bindings

    whole = [load_bindings(file, path_map=path_map, kratos=kratos) for file in files]
    parts = [
        _at_addresses(load_bindings(file, path_map=path_map, kratos=kratos), own)
        for file, own in _by_file(addresses).items()
    ]
    loaded = [*whole, *parts]
    return [_at_hooks(config, hooks) for config in loaded] if hooks else loaded


def declared_versions(files: Iterable[Path]) -> tuple[str, ...]:
    """The versions that configs say they are for, as far as they are known; else the newest."""
    known: list[str] = []
    for file in files:
        from jsonnet_ctx.project.kratos_config import load_bindings

        version = load_bindings(file).version
        known += [version] if version in VERSIONS else []
    return tuple(dict.fromkeys(known)) or (LATEST,)


def wired_ids(configs: "Iterable[Config]") -> Iterator[str]:
    """The ids of the hook points that configs wire something to."""
    return (hook.id for config in configs for binding in config.bindings for hook in binding.hooks)


def file_of(address: str) -> Path:
    """The config of an address."""
    return Path(address.partition("::")[0])


def _by_file(addresses: Iterable[str]) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for address in addresses:
        found.setdefault(file_of(address), []).append(address)
    return found


def _at_addresses(config: "Config", addresses: Iterable[str]) -> "Config":
    """The config with the addressed actions and what is wrong with them; the rest was not asked about."""
    from jsonnet_ctx.project.kratos_config import select_bindings

    bindings = dict.fromkeys(binding for address in addresses for binding in select_bindings(config, address))
    names = {binding.address for binding in bindings}
    problems = tuple(problem for problem in config.problems if problem.address in names)
    return replace(config, bindings=tuple(bindings), problems=problems)


def _at_hooks(config: "Config", hooks: Sequence[HookPoint]) -> "Config":
    """The config with what is wired to ``hooks``; what is wrong with the file as a whole stays."""
    ids = {hook.id for hook in hooks}
    return replace(
        config,
        bindings=tuple(binding for binding in config.bindings if ids & {hook.id for hook in binding.hooks}),
        problems=tuple(problem for problem in config.problems if not problem.hooks or ids & set(problem.hooks)),
    )
