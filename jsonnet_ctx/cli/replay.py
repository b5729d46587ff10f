"""``jsonnet-ctx replay``: run stored failures again and say which are fixed."""

from pathlib import Path

import click

from jsonnet_ctx.check.paths import shown
from jsonnet_ctx.check.store import FOLDER, StoredFailure, forget_failure, load_failures
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.main import COULD_NOT_RUN, error_text
from jsonnet_ctx.cli.output import remark, write_result
from jsonnet_ctx.engine.outcome import Failed, Outcome
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import JsonnetCtxError, UsageError
from jsonnet_ctx.project.kratos_config import load_bindings, select_bindings
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.report.shown import escape
from jsonnet_ctx.settings import Settings, load_settings


@click.command()
@click.argument("fingerprint", metavar="[ID]", required=False)
@click.option("--as-case", metavar="NAME", help="Write the failure as a case beside its template.")
@options.engine
def replay(fingerprint: str | None, as_case: str | None, engine: str | None) -> int:
    """Run the failures that check stored below .jsonnet-ctx again: FIXED or FAILED.

    ID is a fingerprint or its beginning; without one, all are run. What is fixed is forgotten.
    Exits with 1 while one still fails, with 2 where one cannot be run.

    \b
    Examples:
      jsonnet-ctx replay 7f3a9c21b0de
      jsonnet-ctx replay
      jsonnet-ctx replay 7f3a9c21b0de --as-case 'no provider was sent'
    """
    settings = load_settings(project_root(Path.cwd()), flags={"engine": engine})
    stored = load_failures(settings.root, fingerprint)
    if not stored:
        raise UsageError("nothing to replay: no failure is stored", hint="jsonnet-ctx check stores those that it finds")
    if as_case is not None:
        _write_case(stored, as_case, settings)
    verdicts = [_is_fixed(failure, settings) for failure in stored]
    return COULD_NOT_RUN if None in verdicts else int(False in verdicts)


def _write_case(stored: list[StoredFailure], name: str, settings: Settings) -> None:
    """Keep the one failure as a case, which fails until the template renders."""
    from jsonnet_ctx.cases.append import Found, append_case

    failure = stored[0]
    if len(stored) > 1:
        raise UsageError(f"--as-case {name}: {len(stored)} failures are stored", hint="say which by its fingerprint")
    if "::" in failure.template:
        raise UsageError(f"{failure.template} is no file, so no case can lie beside it")
    found = Found(name, failure.hook, failure.kratos, failure.ctx)
    file, fixture = append_case(_place(failure.template, settings), found)
    remark(f"wrote the case {name!r} to {file}, its ctx to {fixture}")


def _is_fixed(failure: StoredFailure, settings: Settings) -> bool | None:
    """Run one failure and tell; a fixed one is forgotten. None where there is nothing left to run."""
    try:
        template = _template(failure, settings)
    except JsonnetCtxError as error:
        file = f"{FOLDER}/failures/{failure.fingerprint}.json"
        told = UsageError(f"{failure.fingerprint} cannot be run: {error}", hint=f"delete {file} to forget it")
        click.echo(error_text(told), err=True, nl=False)
        return None
    evaluate = shared_engine(failure.kratos, settings.engine).evaluate
    outcome = evaluate(template, failure.ctx, content_type=failure.content_type)
    fixed = not isinstance(outcome, Failed)
    write_result(f"{'FIXED' if fixed else 'FAILED'} {escape(_line(failure, outcome))}\n")
    if fixed:
        forget_failure(settings.root, failure.fingerprint)
    return fixed


def _line(failure: StoredFailure, outcome: Outcome) -> str:
    """The failure in one line: what it was, and what it is now where that is something else."""
    what = f"{failure.fingerprint} {failure.rule} {failure.template} at {failure.hook}"
    if isinstance(outcome, Failed):
        place = outcome.error.location
        return f"{what}: {f'{place}: ' if place else ''}{outcome.error.kind}: {outcome.error.message}"
    return f"{what}: no {failure.error_kind} any more"


def _template(failure: StoredFailure, settings: Settings) -> Template:
    """The template as it is now; its stored name is a file or the address of a body inside a config."""
    config, is_address, _ = failure.template.partition("::")
    if not is_address:
        return load_template(_place(failure.template, settings))
    loaded = load_bindings(_place(config, settings), path_map=settings.path_map, kratos=failure.kratos)
    template = select_bindings(loaded, failure.template)[0].template
    if not isinstance(template, Template):
        raise UsageError(f"{failure.template} gives no template any more: {template.message}", hint=template.hint)
    return template


def _place(name: str, settings: Settings) -> Path:
    """A file by its name, which counts from the root; from here it is shorter to read."""
    return Path(shown(settings.root / name))
