"""Which template is meant, and how it is wired: by an address, a Kratos config, the settings or the flags."""

import sys
from pathlib import Path

from jsonnet_ctx.api import inline_template
from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.cli.senders import senders
from jsonnet_ctx.errors import SourceError, UsageError
from jsonnet_ctx.kratos.hook_point import HookPoint, select_hook_points
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS, parse_version
from jsonnet_ctx.project.binding import Binding, IdentitySchema
from jsonnet_ctx.project.file_text import MAX_TEMPLATE_BYTES
from jsonnet_ctx.project.kratos_config import load_bindings, select_bindings
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen, field, replace
from jsonnet_ctx.settings import Settings

STANDARD_INPUT = "<stdin>"


class Wired(Frozen):
    """A template with what its config says about it; ``hooks`` is empty where nothing names any.

    ``unreadable`` says why the addressed action has no template; ``template`` is empty then.
    """

    template: Template
    hooks: tuple[HookPoint, ...] = ()
    webhook: WebHook = field(default_factory=WebHook)
    schema: IdentitySchema | None = None
    header_allowlist: tuple[str, ...] | None = None
    unreadable: Unreadable | None = None


def wire(
    name: str, *, hook: str | None, content_type: str | None, kratos: str, settings: Settings, told: bool
) -> Wired:
    """Find the template called ``name`` and its wiring.

    ``name`` is a file, ``-`` for standard input, or the address of an action in a config
    (``kratos.yml::registration.after.oidc[0]``). A config counts where it wires the template, its
    schemas and header allow-list in any case; ``told`` says that one that does not wire it is worth a
    remark. Raises the errors of reading files, UnknownName, and UsageError for flags that contradict
    the config.
    """
    points = select_hook_points(hook) if hook else ()
    config_path = config_of(name, settings)
    loaded = load_bindings(config_path, path_map=settings.path_map, kratos=kratos) if config_path else None
    if loaded and _is_address(name):
        return _of_binding(_first_at(select_bindings(loaded, name), points, name), content_type)
    template = _read(name)
    if loaded is None:
        return _bare(template, points, content_type)
    at_hook = senders(loaded, template, points)
    if at_hook:
        chosen = _first_at(at_hook, points, name)
        # Errors name a template by the URI of its body, whatever file holds the text.
        named = replace(template, uri=chosen.template.uri)
        return replace(_of_binding(chosen, content_type), template=named, unreadable=None)
    if told:
        where = f" at {hook}" if hook and senders(loaded, template, ()) else ""
        remark(f"note: {loaded.path} does not wire {name}{where}: taken as a plain web_hook")
    bare = _bare(template, points, content_type)
    return replace(bare, schema=_default_schema(loaded.identity_schemas), header_allowlist=loaded.header_allowlist)


def version_for(settings: Settings, config: str | Path | None) -> str:
    """The Kratos version where no flag names one: that of the settings, else the config's own, else the newest.

    A config says the version it is for under ``version``; one that the catalog does not know does not count.
    """
    if settings.kratos:
        return parse_version(settings.kratos[-1])
    declared = load_bindings(config, path_map=settings.path_map).version if config else None
    return declared if declared in VERSIONS else LATEST


def config_of(name: str, settings: Settings) -> str | Path | None:
    """The config that a template's address names, else that of the settings."""
    return name.partition("::")[0] if _is_address(name) else settings.config


def _is_address(name: str) -> bool:
    return "::" in name and not Path(name).exists()


def _read(name: str) -> Template:
    if name != "-":
        return load_template(name)
    data = sys.stdin.buffer.read(MAX_TEMPLATE_BYTES + 1)
    if len(data) > MAX_TEMPLATE_BYTES:
        raise SourceError(f"{STANDARD_INPUT}: a template is at most {MAX_TEMPLATE_BYTES} bytes")
    try:
        return inline_template(data.decode("utf-8"), STANDARD_INPUT)
    except UnicodeDecodeError as error:
        raise SourceError(f"{STANDARD_INPUT}: is not UTF-8 (byte {error.start})") from None


def _bare(template: Template, points: tuple[HookPoint, ...], content_type: str | None) -> Wired:
    headers = (("Content-Type", content_type),) if content_type is not None else ()
    return Wired(template, points, WebHook(headers=headers, body=template.uri))


def _first_at(bindings: tuple[Binding, ...], points: tuple[HookPoint, ...], name: str) -> Binding:
    """The binding to take: one at the hook points asked for, rather one that runs."""
    wanted = [binding for binding in bindings if not points or set(points) & set(binding.hooks)]
    if not wanted:
        there = ", ".join(hook.id for binding in bindings for hook in binding.hooks)
        raise UsageError(f"{name} is wired to {there}, not to the hook point of --hook", hint="leave --hook out")
    chosen = next((binding for binding in wanted if binding.status == "effective"), wanted[0])
    if len(wanted) > 1:
        remark(f"note: {len(wanted)} actions send it; took {chosen.address} (pin it by that name)")
    if chosen.status != "effective":
        remark(f"note: {chosen.address} is {chosen.status}: {chosen.reason}")
    for note in chosen.notes:
        remark(f"note: {note}")
    return chosen


def _of_binding(binding: Binding, content_type: str | None) -> Wired:
    webhook = binding.webhook
    if content_type is not None and webhook.content_type is None:
        webhook = replace(webhook, headers=(*webhook.headers, ("Content-Type", content_type)))
    elif content_type not in (None, webhook.content_type):
        raise UsageError(
            f"--content-type {content_type}, but {binding.address} says {webhook.content_type}",
            hint="leave --content-type out, or change the config",
        )
    schema = _default_schema(binding.identity_schemas)
    body = binding.template
    if not isinstance(body, Unreadable):
        return Wired(body, binding.hooks, webhook, schema, binding.header_allowlist)
    none = Template("", binding.address, body.uri, body.location)
    return Wired(none, binding.hooks, webhook, schema, binding.header_allowlist, unreadable=body)


def _default_schema(schemas: tuple[IdentitySchema, ...]) -> IdentitySchema | None:
    return schemas[0] if schemas else None
