"""What to check: the bindings that the arguments, the configs and the templates themselves name."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jsonnet_ctx.check.fit import fitting_hooks, is_other_surface
from jsonnet_ctx.check.paths import Sorted, shown, sort_out, templates_below
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS
from jsonnet_ctx.project.binding import Binding, IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.project.webhook import WebHook

if TYPE_CHECKING:  # a check of one file reads no config, and does not wait for what reads them
    from jsonnet_ctx.project.kratos_config import Config


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line and the settings ask for.

    ``templates`` are glob patterns below ``root``; ``versions`` is empty where nobody named one.
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


class Part(NamedTuple):
    """What to check against one Kratos version: the bindings that run, and the configs they come from."""

    kratos: str
    bindings: tuple[Binding, ...]
    configs: "tuple[Config, ...]"


class Plan(NamedTuple):
    """The parts, one for each version, and one-line remarks for the reader."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...]


def plan(request: Request) -> Plan:
    """Work out the bindings.

    Raises UsageError where nothing is left to check: a run that looked at nothing must not pass.
    """
    paths = sort_out(request.paths)
    notes: list[str] = []
    configs = [path for path in (request.config, *paths.configs) if path is not None]
    if not configs and not paths.actions and not request.hooks:
        from jsonnet_ctx.project.find_config import find_kratos_configs

        configs = list(find_kratos_configs(request.root))
        notes += [f"found the kratos config {shown(path)}" for path in configs]
    load = cache(lambda kratos: _loaded(configs, request.path_map, kratos))
    versions = request.versions or _declared(load(LATEST))
    searched = _only_searched(request, configs)
    parts = tuple(_part(request, kratos, load(kratos), paths, notes, searched=searched) for kratos in versions)
    if not any(part.bindings or any(config.problems for config in part.configs) for part in parts):
        raise UsageError(
            "nothing to check: no template and no web_hook was found",
            hint="name a template (jsonnet-ctx check webhook.jsonnet --hook registration.after.oidc)"
            " or a config (--config kratos.yml)",
        )
    return Plan(parts, tuple(dict.fromkeys(notes)))


def _declared(configs: "Sequence[Config]") -> tuple[str, ...]:
    """The versions that the configs say they are for, as far as they are known; else the newest."""
    known = [config.version for config in configs if config.version in VERSIONS]
    return tuple(dict.fromkeys(known)) or (LATEST,)


def _loaded(paths: Sequence[Path], path_map: Mapping[str, str], kratos: str) -> "tuple[Config, ...]":
    if not paths:
        return ()
    from jsonnet_ctx.project.kratos_config import load_bindings

    return tuple(load_bindings(path, path_map=path_map, kratos=kratos) for path in paths)


def _part(
    request: Request,
    kratos: str,
    configs: "Sequence[Config]",
    paths: Sorted,
    notes: list[str],
    *,
    searched: bool,
) -> Part:
    """What to check against one version; ``searched`` says that the configs were found and not named."""
    loaded = [*configs, *(_action(request, path, kratos) for path in paths.actions)]
    wired = [_with_schema(binding, request) for config in loaded for binding in config.bindings]
    if paths.templates:
        bindings = _chosen(paths.templates, wired, request, kratos, notes)
        loaded = [] if searched else loaded
    else:
        bindings = wired or _unwired(_default_templates(request), request, kratos, notes)
    running = tuple(binding for binding in bindings if binding.status == "effective")
    notes += [f"{binding.address}: {note}" for binding in running for note in binding.notes]
    return Part(kratos, running, tuple(loaded))


def _only_searched(request: Request, configs: Sequence[Path]) -> bool:
    """Whether the configs were found and not named: then their wiring was not asked about."""
    return request.config is None and not any(path in configs for path in request.paths)


def _action(request: Request, path: Path, kratos: str) -> "Config":
    from jsonnet_ctx.project.action import load_actions

    source = sys.stdin.read() if str(path) == "-" else path
    return load_actions(source, request.hooks, root=request.root, path_map=request.path_map, kratos=kratos)


def _default_templates(request: Request) -> list[Path]:
    if request.templates:
        return sorted(path for pattern in request.templates for path in request.root.glob(pattern) if path.is_file())
    return templates_below(Path.cwd())


def _chosen(
    templates: Sequence[Path], wired: Sequence[Binding], request: Request, kratos: str, notes: list[str]
) -> list[Binding]:
    """The bindings of the named templates: as a config wires them, else at --hook, else where they fit."""
    bindings: list[Binding] = []
    unwired: list[Path] = []
    for path in templates:
        own = [binding for binding in wired if _same_file(binding, path)]
        if own and not request.hooks:
            bindings += own
        else:
            unwired.append(path)
    return bindings + _unwired(unwired, request, kratos, notes)


def _unwired(templates: Iterable[Path], request: Request, kratos: str, notes: list[str]) -> list[Binding]:
    bindings = []
    for path in templates:
        template = load_template(path)
        surface = is_other_surface(template.text)
        if surface and not request.hooks:
            notes.append(f"{shown(path)} is {surface}, not the body of a web_hook: not checked")
            continue
        hooks = request.hooks
        if not hooks:
            hooks = fitting_hooks(template.text, kratos)
            notes.append(
                f"no config wires {shown(path)}: checked at {_listed(hooks)}, which its reads fit;"
                f" pin it with --hook {hooks[0].id} or --config kratos.yml"
            )
        bindings.append(_binding(template, hooks, request))
    return bindings


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


def _same_file(binding: Binding, path: Path) -> bool:
    template = binding.template
    return isinstance(template, Template) and os.path.realpath(template.location.path) == os.path.realpath(path)


def _listed(hooks: Sequence[HookPoint]) -> str:
    names = [hook.id for hook in hooks]
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:2])} and {len(names) - 2} other hook points"
