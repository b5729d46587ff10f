"""Which contract of the settings each binding has to keep."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jsonnet_ctx.errors import FileError, JsonnetCtxError, SettingsError
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import replace

if TYPE_CHECKING:  # most runs have no contract, and do not wait for what reads one
    from jsonnet_ctx.project.contract import Contract
    from jsonnet_ctx.project.kratos_config import Config


def load_contracts(names: Mapping[str, str], root: Path) -> "dict[str, Contract]":
    """The contracts of the settings by template or address, each compiled once.

    Raises SettingsError for one that cannot be used, with the place in its file where that is known.
    """
    return {of: _load(of, name, root) for of, name in names.items()}


def _load(of: str, name: str, root: Path) -> "Contract":
    from jsonnet_ctx.project.contract import load_contract

    try:
        return load_contract(root, name)
    except JsonnetCtxError as error:
        if isinstance(error, FileError) and error.location.line is not None:
            raise
        raise SettingsError(f"contracts: {of!r}: {error}", hint=error.hint) from None


def with_contract(binding: Binding, contracts: "Mapping[str, Contract]", root: Path) -> Binding:
    """The binding with its contract: one named by its action's address goes before one named by its template."""
    by_address = [contract for of, contract in contracts.items() if _is_address(of, binding, root)]
    by_template = [contract for of, contract in contracts.items() if _is_template(of, binding, root)]
    found = next(iter((*by_address, *by_template)), None)
    return replace(binding, contract=found) if found else binding


def require_used(contracts: "Mapping[str, Contract]", configs: "Iterable[Config]", root: Path) -> None:
    """Raise SettingsError for a contract of nothing: no template below the root and no action is called so.

    An address is only judged where a config was read.
    """
    bindings = [binding for config in configs for binding in config.bindings]
    for of in contracts:
        if (root / of).is_file() or any(_is_address(of, binding, root) for binding in bindings):
            continue
        is_address = "::" in of or not of.endswith(".jsonnet")
        if is_address and not bindings:
            continue
        known = [binding.address.rpartition("::")[2] for binding in bindings]
        known += [path.relative_to(root).as_posix() for path in root.glob("*.jsonnet")]
        import difflib

        near = difflib.get_close_matches(of, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "name a template from the root, or the address of an action"
        raise SettingsError(f"contracts: there is no template and no action {of!r}", hint=hint)


def _is_address(of: str, binding: Binding, root: Path) -> bool:
    file, _, name = of.rpartition("::")
    own_file, _, own_name = binding.address.rpartition("::")
    if not own_file or name not in (own_name, own_name.rpartition("[")[0]):
        return False
    return not file or _same(root / file, own_file, root)


def _is_template(of: str, binding: Binding, root: Path) -> bool:
    template = binding.template
    if not isinstance(template, Template):
        return False
    return _same(root / of, template.location.path, root)


def _same(path: Path, name: str, root: Path) -> bool:
    """Whether a file is the one of a name: configs name files from the root, command lines from here."""
    return os.path.realpath(path) in (os.path.realpath(root / name), os.path.realpath(name))
