"""What lies around a case file: the settings of its project and what the Kratos config wires."""

import os
import pathlib
from collections.abc import Mapping
from typing import Any

from jsonnet_ctx.engine.launch import require_engine
from jsonnet_ctx.errors import FileError, SettingsError, SourceError, UsageError
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.identity_schema import load_identity_schema
from jsonnet_ctx.project.kratos_config import Config, load_bindings, select_bindings
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.records import Frozen, field, replace
from jsonnet_ctx.settings import Settings, load_settings


class Around(Frozen):
    """The settings of one project; its Kratos config is read once for each version."""

    settings: Settings
    configs: dict[tuple[pathlib.Path, str], Config] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[str, ...]:
        """The Kratos versions of cases that name none: those of the settings, else the newest."""
        return tuple(dict.fromkeys(parse_version(name) for name in self.settings.kratos)) or (LATEST,)

    def config(self, kratos: str, path: pathlib.Path | None = None) -> Config | None:
        """The Kratos config (the settings' by default) as this version reads it."""
        chosen = path or self.settings.config
        if chosen is None:
            return None
        if (chosen, kratos) not in self.configs:
            try:
                self.configs[chosen, kratos] = load_bindings(chosen, path_map=self.settings.path_map, kratos=kratos)
            except FileError as error:
                if path is not None or error.location.line is not None or self.settings.source is None:
                    raise
                asked = f"{shown_path(self.settings.source)}: config"
                raise SettingsError(f"{asked}: {error}", hint=error.hint) from error
        return self.configs[chosen, kratos]

    def identity_schema(self, kratos: str) -> dict[str, Any] | None:
        """The schema that traits follow: the settings', else the config's default one."""
        if self.settings.identity_schema is not None:
            return load_identity_schema(self.settings.identity_schema).document
        config = self.config(kratos)
        return config.identity_schemas[0].document if config and config.identity_schemas else None


class Source(Frozen):
    """The template of a case file: ``stem`` names its snapshots, ``address`` and ``config`` an action in a config."""

    template: Template
    path: pathlib.Path
    stem: str
    address: str | None = None

    def bindings(self, around: Around, kratos: str) -> tuple[Binding, ...]:
        """The actions that send the template, those that run first."""
        config = around.config(kratos, self.path if self.address else None)
        if config is None:
            return ()
        if self.address:
            return select_bindings(config, self.address)
        found = [binding for binding in config.bindings if sends(binding, self.path, config)]
        return tuple(sorted(found, key=lambda binding: binding.status != "effective"))

    def bindings_at(self, around: Around, hook: HookPoint, kratos: str) -> tuple[Binding, ...]:
        """The actions that send the template at a hook point: those that run, else the first that is written there."""
        exact = [binding for binding in self.bindings(around, kratos) if hook in binding.hooks]
        return tuple(binding for binding in exact if binding.status == "effective") or tuple(exact[:1])

    def binding_near(self, around: Around, hook: HookPoint, kratos: str) -> Binding | None:
        """The action that sends the template at a hook point, or in the same list at the other persist stage."""
        list_of = (hook.flow, hook.phase, hook.method)
        near = (
            binding
            for binding in self.bindings(around, kratos)
            if any((at.flow, at.phase, at.method) == list_of for at in binding.hooks)
        )
        return next(iter((*self.bindings_at(around, hook, kratos), *near)), None)


class Projects:
    """The projects that case files lie in, each read once; ``beside`` are case files that others looked at."""

    def __init__(self, flags: Mapping[str, Any] | None = None) -> None:
        self._flags = dict(flags or {})
        self._found: dict[pathlib.Path, Around] = {}
        self.beside: dict[pathlib.Path, Any] = {}

    def around(self, path: pathlib.Path) -> Around:
        """What lies around the file at ``path``. Raises SettingsError, UnknownName and EngineError for the engine."""
        root = project_root(path)
        if root not in self._found:
            settings = load_settings(root, flags=self._flags)
            require_engine(settings.engine)
            self._found[root] = Around(settings)
        return self._found[root]


def find_source(name: str, folder: pathlib.Path, around: Around) -> Source:
    """The template of this name, from the case file's folder, then from the root; or an action of a config.

    Raises SourceError where there is none.
    """
    file, mark, address = name.partition("::")
    path = next((place / file for place in (folder, around.settings.root) if (place / file).is_file()), None)
    if path is None:
        near = sorted(other.name for other in folder.glob("*.jsonnet"))
        hint = (
            f"beside the case file there is {', '.join(near[:5])}" if near else "paths begin at the case file's folder"
        )
        raise SourceError(f"no template {name!r}", hint=hint)
    if not mark:
        stem = pathlib.Path(file).name.removesuffix(".jsonnet")
        return Source(replace(load_template(path), name=shown_path(path)), path, stem)
    config = around.config(around.versions[0], path)
    if config is None:
        raise UsageError(f"no config {file!r}")
    template = select_bindings(config, address)[0].template
    if not isinstance(template, Template):
        raise SourceError(f"{name} gives no template: {template.message}", hint=template.hint)
    return Source(template, path, address, address)


def shown_path(path: pathlib.Path) -> str:
    """A path as seen from the working directory, where that is shorter."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") and len(relative) > len(str(path)) else relative


def sends(binding: Binding, path: pathlib.Path, config: Config) -> bool:
    """Whether a binding's template is the file at ``path``."""
    if not isinstance(binding.template, Template):
        return False
    return os.path.realpath(config.root / binding.template.name) == os.path.realpath(path)
