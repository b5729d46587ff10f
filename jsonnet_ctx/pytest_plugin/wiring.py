"""What holds for every test of a run: Kratos version, engine, and what the Kratos config says."""

from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.pytest_plugin.options import given_options
from jsonnet_ctx.records import Frozen


class Wiring(Frozen):
    """The settings of a run: flag, environment, ini key, `[tool.jsonnet-ctx]`, default, in this order.

    ``identity_schema`` is the document that traits follow (None: any traits), ``bindings`` are
    those of the Kratos config.
    """

    root: Path
    kratos: str
    engine: str
    identity_schema: dict[str, Any] | None = None
    bindings: tuple[Binding, ...] = ()

    def webhook_of(self, template: Template, hook: str | None) -> WebHook:
        """The web_hook that sends ``template`` at ``hook``, as the Kratos config has it; a bare one elsewhere."""
        for binding in self.bindings:
            same_text = isinstance(binding.template, Template) and binding.template.digest == template.digest
            if same_text and (hook is None or hook in {point.id for point in binding.hooks}):
                return binding.webhook
        return WebHook()


_WIRING = pytest.StashKey[Wiring]()


def wiring_of(config: pytest.Config) -> Wiring:
    """The wiring of a run, read from the files once.

    Raises SettingsError, FileError or UnknownName for settings and files that are wrong.
    """
    if _WIRING not in config.stash:
        config.stash[_WIRING] = _read(config)
    return config.stash[_WIRING]


def _read(config: pytest.Config) -> Wiring:
    from jsonnet_ctx.kratos.versions import LATEST, VERSIONS, parse_version
    from jsonnet_ctx.project.identity_schema import load_identity_schema
    from jsonnet_ctx.project.kratos_config import load_bindings
    from jsonnet_ctx.project.root import project_root
    from jsonnet_ctx.settings import load_settings

    settings = load_settings(project_root(config.rootpath), flags=given_options(config))
    # A test evaluates once, so of several versions it takes the newest; a marker can name another.
    kratos = max((parse_version(name) for name in settings.kratos), key=VERSIONS.index, default=LATEST)
    wired = load_bindings(settings.config, path_map=settings.path_map, kratos=kratos) if settings.config else None
    schemas = wired.identity_schemas if wired else ()
    if settings.identity_schema:
        schemas = (load_identity_schema(settings.identity_schema),)
    return Wiring(
        root=settings.root,
        kratos=kratos,
        engine=settings.engine,
        identity_schema=schemas[0].document if schemas else None,
        bindings=wired.bindings if wired else (),
    )
