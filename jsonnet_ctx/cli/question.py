"""What one ``eval`` asks: a template at a hook point of a version, and the ctx it gets."""

from pathlib import Path
from typing import Any

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.found_config import with_found_config
from jsonnet_ctx.cli.hook_choice import first_of, fitting_hook
from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.cli.wired import config_of, version_for, wire
from jsonnet_ctx.context.build import build
from jsonnet_ctx.context.edit import apply_given
from jsonnet_ctx.context.fixture import Fixture, check_fixture, load_fixture
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.project.identity_schema import load_identity_schema
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.settings import Settings, load_settings

_MOST_REMARKS = 3


class EvalOptions(Frozen):
    """The options of ``eval`` as click reads them."""

    hook: str | None
    config: str | None
    ctx_file: str | None
    given: tuple[str, ...]
    without: tuple[str, ...]
    client: Client | None
    content_type: str | None
    response: str | None
    shown: str
    format: str
    kratos: str | None
    identity_schema: str | None
    seed: int
    engine: str | None
    output: str | None


class Question(Frozen):
    """A target (template, hook point, version, web_hook, identity schema), its ctx, the client and the engine.

    ``unreadable`` says why the action has no template, None where it has one.
    """

    target: Target
    ctx: dict[str, Any]
    client: Client
    engine: str
    unreadable: Unreadable | None = None


def read_question(template: str, asked: EvalOptions) -> Question:
    """Work out what is asked: flag before environment before settings file before default.

    Raises JsonnetCtxError where a file, a name or a combination is wrong.
    """
    flags = {
        "config": asked.config,
        "engine": asked.engine,
        "identity-schema": asked.identity_schema,
        "kratos": asked.kratos,
    }
    settings = load_settings(project_root(Path.cwd()), flags=flags)
    if not asked.hook and not asked.ctx_file and Path(template).is_file():
        settings = with_found_config(settings, Path(template))
    given = options.read_given(asked.given)
    fixture = load_fixture(asked.ctx_file, asked.hook) if asked.ctx_file else None
    recorded = fixture.kratos if fixture and not asked.kratos else None
    kratos = recorded or version_for(settings, config_of(template, settings))
    target, unreadable = _target(template, asked, fixture, kratos, settings)
    ctx, client = _fabricated(target, asked) if fixture is None else _recorded(fixture, target, asked)
    if given or asked.without:
        ctx = apply_given(ctx, target.shape(), given, asked.without)
    return Question(target, ctx, client, settings.engine, unreadable)


def _target(
    template: str, asked: EvalOptions, fixture: Fixture | None, kratos: str, settings: Settings
) -> tuple[Target, Unreadable | None]:
    name = fixture.hook.id if fixture and fixture.hook else asked.hook
    wired = wire(
        template,
        hook=name,
        content_type=asked.content_type,
        kratos=kratos,
        settings=settings,
        told=asked.config is not None,
    )
    hook = first_of(wired.hooks, name or template) if wired.hooks else fitting_hook(wired.template.text, kratos)
    schema = wired.schema
    if settings.identity_schema is not None:
        schema = load_identity_schema(settings.identity_schema)
    target = Target(wired.template, hook, kratos, wired.webhook, schema, wired.header_allowlist)
    return target, wired.unreadable


def _fabricated(target: Target, asked: EvalOptions) -> tuple[dict[str, Any], Client]:
    """A ctx for the first way of reaching the hook point with the client (default: an API client, where one can)."""
    ways = scenarios(target.hook, target.kratos)
    shape = target.shape()
    way = next((way for way in ways if way.client == (asked.client or "api")), ways[0])
    allowlist = target.headers
    client = next(client for client in CLIENTS if client == (asked.client or way.client))
    return build(shape, way, seed=asked.seed, allowlist=allowlist), client


def _recorded(fixture: Fixture, target: Target, asked: EvalOptions) -> tuple[dict[str, Any], Client]:
    """A recorded ctx as it is, with a remark on what Kratos does not send there.

    Its client is the one asked for, else what its flow says (a single-page app says browser).
    """
    for unsent in check_fixture(fixture, target.shape())[:_MOST_REMARKS]:
        near = f"; ctx.{unsent.nearest[0]} comes close" if unsent.nearest else ""
        path = format_path(unsent.path)
        remark(f"note: {fixture.location}: kratos {target.kratos} never sends ctx.{path} at {target.hook.id}{near}")
    flow = fixture.ctx.get("flow")
    kind = flow.get("type") if isinstance(flow, dict) else None
    return fixture.ctx, asked.client or ("browser" if kind == "browser" else "api")
