"""What one ``eval`` asks: a template at a hook point of a version, and the ctx it gets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.hook_choice import first_of, fitting_hook
from jsonnet_ctx.cli.wired import wire
from jsonnet_ctx.context.build import build
from jsonnet_ctx.context.edit import apply_given
from jsonnet_ctx.context.fixture import load_fixture
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.project.identity_schema import load_identity_schema
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class EvalOptions:
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


@dataclass(frozen=True, slots=True)
class Question:
    """A target (template, hook point, version, web_hook, identity schema), its ctx, the client and the engine."""

    target: Target
    ctx: dict[str, Any]
    client: Client
    engine: str


def read_question(template: str, asked: EvalOptions) -> Question:
    """Work out what is asked: flag before environment before settings file before default.

    Raises JsonnetCtxError where a file, a name or a combination is wrong.
    """
    flags = {"config": asked.config, "engine": asked.engine, "identity-schema": asked.identity_schema}
    settings = load_settings(project_root(Path.cwd()), flags=flags)
    given = options.read_given(asked.given)
    fixture = load_fixture(asked.ctx_file, asked.hook) if asked.ctx_file else None
    kratos = _version(asked, fixture.kratos if fixture else None, settings)
    hook_name = asked.hook or (fixture.hook.id if fixture and fixture.hook else None)
    wired = wire(
        template,
        hook=hook_name,
        config=asked.config,
        content_type=asked.content_type,
        kratos=kratos,
        settings=settings,
    )
    hook = first_of(wired.hooks, hook_name or template) if wired.hooks else fitting_hook(wired.template.text, kratos)
    schema = wired.schema
    if settings.identity_schema is not None:
        schema = load_identity_schema(settings.identity_schema)
    target = Target(wired.template, hook, kratos, wired.webhook, schema, wired.header_allowlist)
    ctx, client = _fabricated(target, asked) if fixture is None else (fixture.ctx, _client_of(fixture.ctx, asked))
    if given or asked.without:
        ctx = apply_given(ctx, target.shape(), given, asked.without)
    return Question(target, ctx, client, settings.engine)


def _version(asked: EvalOptions, fixture: str | None, settings: Settings) -> str:
    named = asked.kratos or fixture or (settings.kratos[-1] if settings.kratos else None)
    return parse_version(named) if named else LATEST


def _fabricated(target: Target, asked: EvalOptions) -> tuple[dict[str, Any], Client]:
    """A ctx for the first way of reaching the hook point with the client (default: an API client, where one can)."""
    ways = scenarios(target.hook, target.kratos)
    shape = target.shape()
    way = next((way for way in ways if way.client == (asked.client or "api")), ways[0])
    allowlist = header_allowlist(target.kratos, target.header_allowlist)
    client = next(client for client in CLIENTS if client == (asked.client or way.client))
    return build(shape, way, seed=asked.seed, allowlist=allowlist), client


def _client_of(ctx: dict[str, Any], asked: EvalOptions) -> Client:
    """The client of a recorded ctx: as asked, else as the flow says (a single-page app says browser)."""
    flow = ctx.get("flow")
    recorded = flow.get("type") if isinstance(flow, dict) else None
    return asked.client or ("browser" if recorded == "browser" else "api")
