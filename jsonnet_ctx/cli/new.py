"""``jsonnet-ctx new``: a first case file for a template, green from the start."""

import os
from pathlib import Path

import click

from jsonnet_ctx.cases.around import Around, Projects, Source, find_source
from jsonnet_ctx.cases.case_file import load_cases
from jsonnet_ctx.cases.contexts import Contexts, Edits
from jsonnet_ctx.cases.first import first_file, require_runs
from jsonnet_ctx.cases.guess import Subject
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.check.fit import is_other_surface
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.found_config import with_found_config
from jsonnet_ctx.cli.hook_choice import first_of, fitting_hook
from jsonnet_ctx.cli.output import remark, write_result
from jsonnet_ctx.cli.wired import version_for
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.hook_point import HookPoint, select_hook_points
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.project.whole_file import write_whole
from jsonnet_ctx.records import replace


@click.command()
@click.argument("template")
@options.hook
@options.config
@options.kratos
@options.identity_schema
@options.engine
@click.option("--force", is_flag=True, help="Overwrite a case file that is there.")
def new(template: str, hook: str | None, force: bool, **values: str | None) -> int:
    """Write a first case file beside TEMPLATE from what it reads, and run it.

    Every expectation is what the template does today: read them before you trust them. What was
    guessed is told on standard error.

    \b
    Examples:
      jsonnet-ctx new webhook.jsonnet
      jsonnet-ctx new webhook.jsonnet --hook registration.after.oidc.post_persist
    """
    path = Path(template)
    file = path.with_name(f"{path.name.removesuffix('.jsonnet')}.cases.yaml")
    if not path.is_file():
        near = ", ".join(sorted(other.name for other in path.parent.glob("*.jsonnet"))[:5])
        raise UsageError(f"no such template: {path}", hint=f"there is {near}" if near else None)
    if file.exists() and not force:
        raise UsageError(f"{file} is there already", hint="edit it, or overwrite it with --force")
    around = Projects({name.replace("_", "-"): value for name, value in values.items()}).around(path)
    if not hook:
        around = Around(with_found_config(around.settings, path))
    source = find_source(path.name, path.absolute().parent, around)
    kratos = version_for(around.settings, around.settings.config)
    _require_web_hook(source, around, kratos)
    subject = _subject(source, around, _hook(source, around, hook, kratos), kratos)
    subject = replace(subject, schema_file=_schema_to_name(path, around, kratos))
    first = first_file(subject, shared_engine(kratos, around.settings.engine))
    try:
        write_whole(file, first.text)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from None
    for guess in first.guesses:
        remark(f"note: guessed: {guess}")
    return _tell(file, around)


def _require_web_hook(source: Source, around: Around, kratos: str) -> None:
    """Raise UsageError or SourceError for a template that no ctx makes run, before a hook point is chosen for it."""
    other = is_other_surface(source.template.text)
    if other is not None:
        raise UsageError(f"{source.template.name} is {other}", hint="case files are for the body of a web_hook")
    engine = shared_engine(kratos, around.settings.engine)
    require_runs(engine.evaluate(source.template, {}), source.template)


def _tell(file: Path, around: Around) -> int:
    """Run what was written, as ``test`` would; it holds, or the template is not the same twice."""
    cases = load_cases(file).cases
    failed = [case.name for case in cases if run_case(case).mismatches]
    write_result(f"{file}: {len(cases)} case{'s' * (len(cases) != 1)}, {len(failed)} failed\n")
    remark(f"next: read {file}, then jsonnet-ctx test {os.path.relpath(file)}")
    return 1 if failed else 0


def _schema_to_name(path: Path, around: Around, kratos: str) -> str | None:
    """The identity schema's file, where ``test`` would not know it from the settings alone."""
    config = around.config(kratos)
    used = around.settings.identity_schema
    if used is None and config and config.identity_schemas:
        used = config.root / config.identity_schemas[0].location.path
    if used is None or Projects().around(path).identity_schema(kratos) is not None:
        return None
    # A schema inside the config has no file of its own.
    return None if used == around.settings.config else os.path.relpath(used, path.parent)


def _hook(source: Source, around: Around, named: str | None, kratos: str) -> HookPoint:
    """The hook point asked for, the one that the config wires, or the one that the reads fit."""
    if named:
        return first_of(select_hook_points(named), named)
    wired = tuple(hook for binding in source.bindings(around, kratos) for hook in binding.hooks)
    return first_of(wired, source.template.name) if wired else fitting_hook(source.template.text, kratos)


def _subject(source: Source, around: Around, hook: HookPoint, kratos: str) -> Subject:
    schema, config = around.identity_schema(kratos), around.config(kratos)
    allowlist = config.header_allowlist if config else None
    if not scenarios(hook, kratos):
        raise UsageError(f"kratos {kratos} has no hook point {hook.id}")
    # Where no API client comes, another one is taken.
    ctx, _ = Contexts(schema, allowlist).fabricated(hook, kratos, "api", Edits({}, {}))
    binding = source.binding_near(around, hook, kratos)
    content_type = (binding.webhook.content_type if binding else None) or "application/json"
    shape = shape_of(hook, kratos=kratos, identity_schema=schema)
    return Subject(source.template, source.path.name, shape, ctx, content_type, allowlist)
