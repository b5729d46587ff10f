"""``jsonnet-ctx ctx``: a fabricated ctx of a hook point, or the JSON Schema of all of them."""

import json
from typing import Any

import click

from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.hook_choice import first_of
from jsonnet_ctx.cli.output import write_result
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.hook_point import HookPoint, select_hook_points
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.report.json_report import dump_json


class CtxOptions(Frozen):
    """The options of ``ctx`` as click reads them."""

    given: tuple[str, ...]
    without: tuple[str, ...]
    client: str | None
    seed: int
    minimal: bool
    count: int | None
    schema: bool
    scenario: str | None
    kratos: str | None
    identity_schema: str | None
    output: str | None


@click.command()
@click.argument("hook", type=options.HookName())
@options.given
@options.without
@options.client
@options.seed
@click.option("--minimal", is_flag=True, help="Only what is always there.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="N of them, one JSON line each.")
@click.option("--schema", is_flag=True, help="The JSON Schema of every ctx there instead of one ctx.")
@click.option("--scenario", metavar="NAME", help="The way in which the hook point is reached (see explain).")
@options.kratos
@options.identity_schema
@options.output
@options.no_notes
def ctx(hook: str, **values: Any) -> None:
    """Print a ctx of HOOK as Kratos sends it.

    \b
    Examples:
      jsonnet-ctx ctx registration.after.oidc
      jsonnet-ctx ctx login.after.password --client browser --without identity.traits.name
      jsonnet-ctx ctx settings.after.profile --given identity.traits='{"email": "ann@example.org"}'
      jsonnet-ctx ctx login.after.password --count 100 > contexts.jsonl
      jsonnet-ctx ctx login.before --schema
    """
    wanted = CtxOptions(**values)
    chosen = first_of(select_hook_points(hook), hook)
    write_result(_schema(chosen, wanted) if wanted.schema else _contexts(chosen, wanted), wanted.output)


def _contexts(hook: HookPoint, wanted: CtxOptions) -> str:
    from jsonnet_ctx.context.build import kratos_ctx

    given = options.read_given(wanted.given)

    def make(seed: int) -> dict[str, Any]:
        return kratos_ctx(
            hook,
            kratos=_version(wanted),
            client=wanted.client or "api",
            given=given,
            without=wanted.without,
            identity_schema=_identity_schema(wanted),
            seed=seed,
            minimal=wanted.minimal,
            scenario=wanted.scenario,
        )

    if wanted.count is None:
        return dump_json(make(wanted.seed))
    seeds = range(wanted.seed, wanted.seed + wanted.count)
    return "".join(json.dumps(make(seed)) + "\n" for seed in seeds)


def _schema(hook: HookPoint, wanted: CtxOptions) -> str:
    from jsonnet_ctx.kratos.ctx_schema import ctx_schema
    from jsonnet_ctx.kratos.shape import shape_of

    if wanted.given or wanted.without or wanted.count or wanted.minimal or wanted.scenario:
        raise UsageError(
            "--schema describes every ctx of a hook point, the other options make one",
            hint="with --schema only --kratos and --identity-schema mean something",
        )
    return dump_json(ctx_schema(shape_of(hook, kratos=_version(wanted), identity_schema=_identity_schema(wanted))))


def _version(wanted: CtxOptions) -> str:
    return parse_version(wanted.kratos) if wanted.kratos else LATEST


def _identity_schema(wanted: CtxOptions) -> dict[str, Any] | None:
    if wanted.identity_schema is None:
        return None
    from jsonnet_ctx.project.identity_schema import load_identity_schema

    return load_identity_schema(wanted.identity_schema).document
