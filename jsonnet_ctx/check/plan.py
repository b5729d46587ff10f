"""What to check: the bindings that the arguments, the configs and the templates themselves name."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jsonnet_ctx.check.configs import declared_versions, file_of, load_configs, wired_ids
from jsonnet_ctx.check.contracts import load_contracts, require_used, with_contract
from jsonnet_ctx.check.fit import fitting_hooks, is_other_surface
from jsonnet_ctx.check.paths import Sorted, shown, sort_out, templates_below
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_since
from jsonnet_ctx.kratos.versions import reaches
from jsonnet_ctx.project.binding import Binding, IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen, field, replace

if TYPE_CHECKING:  # a check of one file reads no config, and does not wait for what reads them
    from jsonnet_ctx.project.kratos_config import Config


class Request(Frozen):
    """What the command line and the settings ask for.

    ``templates`` are glob patterns below ``root``; ``versions`` is empty where nobody named one;
    ``standard_input`` is the text that the path ``-`` stands for.
    """

    paths: tuple[Path, ...]
    root: Path
    config: Path | None = None
    templates: tuple[str, ...] = ()
    hooks: tuple[HookPoint, ...] = ()
    versions: tuple[str, ...] = ()
    schema: IdentitySchema | None = None
    content_type: str | None = None
    path_map: Mapping[str, str] = field(default_factory=dict)
    standard_input: str = ""
    contracts: Mapping[str, str] = field(default_factory=dict)


class Part(Frozen):
    """What to check against one Kratos version: the bindings that run, and the configs they come from."""

    kratos: str
    bindings: tuple[Binding, ...]
    configs: "tuple[Config, ...]"


class Plan(Frozen):
    """The parts, one for each version, one-line remarks for the reader, and the project's root."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    root: Path


def plan(request: Request) -> Plan:
    """Work out the bindings.

    Raises UsageError where nothing is left to check: a run that looked at nothing must not pass.
    """
    paths = sort_out(request.paths)
    if request.paths and paths.is_empty:
        raise UsageError(f"nothing to check: no template and no kratos config in {' '.join(map(str, request.paths))}")
    notes: list[str] = []
    # An address says which actions of which config are meant: the config of the settings adds none.
    own = None if paths.addresses and not paths.templates else request.config
    configs = [path for path in (own, *paths.configs) if path is not None]
    if not configs and not paths.actions and not paths.addresses and not request.hooks:
        from jsonnet_ctx.project.find_config import find_kratos_configs

        configs = list(find_kratos_configs(request.root))
        notes += [f"found the kratos config {shown(path)}" for path in configs]
    versions = request.versions or declared_versions([*configs, *map(file_of, paths.addresses)])
    parts = tuple(_part(request, kratos, configs, paths, notes) for kratos in versions)
    if not any(part.bindings or any(config.problems for config in part.configs) for part in parts):
        raise _nothing(request, configs, paths.addresses, versions[0])
    return Plan(parts, tuple(dict.fromkeys(notes)), request.root)


def _nothing(request: Request, configs: Sequence[Path], addresses: Sequence[str], kratos: str) -> UsageError:
    """Why there is nothing to check."""
    wired = load_configs(configs, addresses, hooks=(), path_map=request.path_map, kratos=kratos)
    ids = list(dict.fromkeys(wired_ids(wired)))
    if request.hooks and ids:
        asked = _listed(request.hooks)
        return UsageError(f"nothing to check: no web_hook is wired to {asked}", hint=f"wired are {', '.join(ids)}")
    return UsageError(
        "nothing to check: no template and no web_hook was found",
        hint="name a template (jsonnet-ctx check webhook.jsonnet --hook registration.after.oidc)"
        " or a config (--config kratos.yml)",
    )


def _part(request: Request, kratos: str, configs: Sequence[Path], paths: Sorted, notes: list[str]) -> Part:
    loaded = load_configs(configs, paths.addresses, hooks=request.hooks, path_map=request.path_map, kratos=kratos)
    actions = [_action(request, path, kratos) for path in paths.actions]
    wired = [_with_schema(binding, request) for config in (*loaded, *actions) for binding in config.bindings]
    if paths.templates:
        bindings = _chosen(paths.templates, wired, request, kratos, notes)
        loaded = [] if _only_searched(request, configs) else loaded
    elif wired or request.paths or (configs and request.hooks):
        bindings = wired
    else:
        bindings = _unwired(_default_templates(request), request, kratos, notes)
    contracts = load_contracts(request.contracts, request.root)
    require_used(contracts, (*loaded, *actions), request.root)
    effective = (binding for binding in bindings if binding.status == "effective")
    running = tuple(with_contract(binding, contracts, request.root) for binding in effective)
    notes += [f"{binding.address}: {note}" for binding in running for note in binding.notes]
    return Part(kratos, running, (*loaded, *actions))


def _only_searched(request: Request, configs: Sequence[Path]) -> bool:
    """Whether the configs were found and not named: then their wiring was not asked about."""
    return request.config is None and not any(path in configs for path in request.paths)


def _action(request: Request, path: Path, kratos: str) -> "Config":
    if str(path) != "-":
        source: str | Path = path
    elif _holds_action(request.standard_input):
        source = request.standard_input
    else:
        hint = "- takes the JSON of an action; a template is named as a file: jsonnet-ctx check webhook.jsonnet"
        raise UsageError("standard input holds no action", hint=hint)
    from jsonnet_ctx.project.action import load_actions

    hooks = _there(request.hooks, kratos)
    return load_actions(source, hooks, root=request.root, path_map=request.path_map, kratos=kratos)


def _holds_action(text: str) -> bool:
    """Whether a text is meant as an action: its JSON, a JSON patch, or the arguments of ``ory patch``."""
    return "{" in text and (text.lstrip().startswith(("{", "[")) or "/selfservice/" in text)


def _there(hooks: tuple[HookPoint, ...], kratos: str) -> tuple[HookPoint, ...]:
    """The hook points that this version has; where it has none of them, its shape says so."""
    return tuple(hook for hook in hooks if reaches(kratos, hook_since(hook))) or hooks


def _default_templates(request: Request) -> list[Path]:
    """The templates of the settings, else those below the working directory; named as seen from there."""
    if request.templates:
        named = sorted(path for pattern in request.templates for path in request.root.glob(pattern) if path.is_file())
        return [Path(os.path.relpath(path)) for path in dict.fromkeys(named)]
    return [Path(os.path.relpath(path)) for path in templates_below(Path.cwd())]


def _chosen(
    templates: Sequence[Path], wired: Sequence[Binding], request: Request, kratos: str, notes: list[str]
) -> list[Binding]:
    """The bindings of the named templates: as a config wires them, else at --hook, else where they fit."""
    bindings: list[Binding] = []
    unwired: list[Path] = []
    for path in templates:
        own = [binding for binding in wired if _same_file(binding, path, request.root)]
        if own:
            bindings += own
        else:
            unwired.append(path)
    return bindings + _unwired(unwired, request, kratos, notes)


def _unwired(templates: Iterable[Path], request: Request, kratos: str, notes: list[str]) -> list[Binding]:
    bindings = []
    for path in templates:
        template = _load(path, request.root)
        surface = is_other_surface(template.text)
        if surface and not request.hooks:
            notes.append(f"{shown(path)} is {surface}, not the body of a web_hook: not checked")
            continue
        hooks = _there(request.hooks, kratos)
        if not hooks:
            hooks = fitting_hooks(template.text, kratos)
            at = f"kratos {kratos}: " if len(request.versions) > 1 else ""
            notes.append(
                f"{at}no config wires {shown(path)}: checked at {_listed(hooks)}, which its reads fit;"
                f" pin it with --hook {hooks[0].id} or --config kratos.yml"
            )
        bindings.append(_binding(template, hooks, request))
    return bindings


def _load(path: Path, root: Path) -> Template:
    """The template, named from the root, so that its findings are the same ones from every folder.

    An absolute path keeps its name.
    """
    name = str(path) if path.is_absolute() else os.path.relpath(path, root)
    return replace(load_template(path), name=name, location=Location(name, 1, 1))


def _binding(template: Template, hooks: tuple[HookPoint, ...], request: Request) -> Binding:
    headers = (("Content-Type", request.content_type),) if request.content_type else ()
    return Binding(
        template=template,
        hooks=hooks,
        webhook=WebHook(headers=headers, body=template.uri),
        location=Location(template.name),
        identity_schemas=(request.schema,) if request.schema else (),
        address=template.name,
    )


def _with_schema(binding: Binding, request: Request) -> Binding:
    return replace(binding, identity_schemas=(request.schema,)) if request.schema else binding


def _same_file(binding: Binding, path: Path, root: Path) -> bool:
    template = binding.template
    return isinstance(template, Template) and os.path.realpath(root / template.location.path) == os.path.realpath(path)


def _listed(hooks: Sequence[HookPoint]) -> str:
    names = [hook.id for hook in hooks]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} other hook points"
