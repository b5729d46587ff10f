"""From a Kratos configuration to its bindings, and everything that is wrong in the wiring."""

from collections.abc import Mapping
from pathlib import Path

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.project.binding import Binding, IdentitySchema
from jsonnet_ctx.project.body_problems import body_problems
from jsonnet_ctx.project.config_root import choose_root
from jsonnet_ctx.project.document import load_documents
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.header_setting import header_setting
from jsonnet_ctx.project.hook_lists import HookItem, HookList, hook_point_of, read_hook_lists
from jsonnet_ctx.project.identity_schema import load_config_schemas
from jsonnet_ctx.project.inline_files import inline_files
from jsonnet_ctx.project.password_migration import migration_binding
from jsonnet_ctx.project.places import Places, shown
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template_source import resolve_body
from jsonnet_ctx.project.web_hook_action import check_action, read_webhook
from jsonnet_ctx.project.wiring import Wiring, judge
from jsonnet_ctx.records import Frozen, replace


class Config(Frozen):
    """A Kratos configuration as this project sees it.

    ``path`` is what locations show (relative to ``root``), ``bindings`` every web_hook action
    with its status, ``identity_schemas`` the readable ones, the default first,
    ``header_allowlist`` the setting as written (None: the version's own list), ``version`` what
    the file's ``version`` key says, ``kratos`` the version it was judged for.
    """

    path: str
    root: Path
    kratos: str
    bindings: tuple[Binding, ...]
    problems: tuple[Problem, ...] = ()
    identity_schemas: tuple[IdentitySchema, ...] = ()
    default_schema_id: str = "default"
    header_allowlist: tuple[str, ...] | None = None
    version: str | None = None


def load_bindings(
    config_path: str | Path,
    *,
    root: str | Path | None = None,
    path_map: Mapping[str, str] | None = None,
    kratos: str = LATEST,
) -> Config:
    """Read a Kratos config (YAML, TOML, JSON; also what ``ory get project`` prints).

    ``root`` is the project root by default (:func:`project_root`), ``path_map`` maps folders of
    ``file:///`` bodies to folders below it. A wrong wiring is a Problem; FileError is raised
    where the file is no Kratos configuration at all, UnknownName for an unknown version.
    Environment variables that override a config are not looked at.
    """
    path = Path(config_path)
    top = Path(root).absolute() if root is not None else project_root(path)
    documents = load_documents(path, name=shown(path.absolute(), top))
    places = Places(path.absolute().parent, top, dict(path_map or {}), inline_files(documents))
    return bindings_of(choose_root(documents), places, kratos)


def bindings_of(entry: Entry, places: Places, kratos: str = LATEST) -> Config:
    """Return the bindings of the Kratos configuration at ``entry`` (see :func:`load_bindings`)."""
    name, version = entry.document.name, parse_version(kratos)
    problems: list[Problem] = []
    schemas = load_config_schemas(entry, places)
    problems += schemas.problems
    allowlist = header_setting(entry, version, problems)
    wiring = Wiring(entry, read_hook_lists(entry, problems), version)
    bindings = [
        _binding(item, hooks, wiring, places, problems)
        for hooks in wiring.lists
        for item in _in_running_order(hooks)
        if item.name == "web_hook"
    ]
    migration = migration_binding(entry, version, places, f"{name}::password_migration", problems)
    if migration is not None:
        bindings.append(migration)
    declared = entry.value_at("version")
    return Config(
        path=name,
        root=places.root,
        kratos=version,
        bindings=tuple(
            replace(binding, identity_schemas=schemas.schemas, header_allowlist=allowlist) for binding in bindings
        ),
        problems=tuple(dict.fromkeys(problem for problem in problems if version in problem.kratos)),
        identity_schemas=schemas.schemas,
        default_schema_id=schemas.default_id,
        header_allowlist=allowlist,
        version=declared if isinstance(declared, str) else None,
    )


def select_bindings(config: Config, address: str) -> tuple[Binding, ...]:
    """Return the bindings at an address or in a list: ``registration.after.oidc[0]``, ``registration.after.oidc``.

    The part before ``::`` is not compared. Raises UnknownName with the nearest addresses.
    """
    wanted = address.rpartition("::")[2]
    found = [b for b in config.bindings if wanted in (b.address.rpartition("::")[2], _list_name(b))]
    if not found:
        raise UnknownName("hook address", wanted, [b.address.rpartition("::")[2] for b in config.bindings])
    return tuple(found)


def _list_name(binding: Binding) -> str:
    return binding.address.rpartition("::")[2].rpartition("[")[0]


def _in_running_order(hooks: HookList) -> list[HookItem]:
    """First the interrupting hooks, then the others, each in list order (row sel.reg.pre-and-post-order)."""
    return sorted(hooks.items, key=lambda item: hooks.is_staged and not item.interrupts)


def _binding(item: HookItem, hooks: HookList, wiring: Wiring, places: Places, problems: list[Problem]) -> Binding:
    """The binding of one action; adds its problems."""
    address = f"{item.entry.document.name}::{hooks.name}[{item.index}]"
    hook = hook_point_of(hooks, interrupts=item.interrupts)
    problems += check_action(item.entry, address)
    verdict = judge(item, hooks, wiring, address)
    problems += verdict.problems
    config = item.entry.get("config") or item.entry
    webhook = read_webhook(config)
    place = (config.get("body") or config).location
    template, notes = resolve_body(webhook.body, location=place, places=places, name=address)
    binding = Binding(
        template,
        (hook,),
        webhook,
        item.entry.location,
        status=verdict.status,
        reason=verdict.reason,
        address=address,
        notes=(*verdict.notes, *notes),
    )
    problems += body_problems(binding, place)
    return binding
