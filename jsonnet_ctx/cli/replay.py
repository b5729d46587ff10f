"""``jsonnet-ctx replay``: run stored failures again and say which are fixed."""

from pathlib import Path

import click

from jsonnet_ctx.check.store import StoredFailure, forget_failure, load_failures
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.output import write_result
from jsonnet_ctx.engine.outcome import Failed, Outcome
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.project.kratos_config import load_bindings, select_bindings
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.report.shown import escape
from jsonnet_ctx.settings import Settings, load_settings


@click.command()
@click.argument("fingerprint", metavar="[ID]", required=False)
@options.engine
def replay(fingerprint: str | None, engine: str | None) -> int:
    """Run the failures that check stored below .jsonnet-ctx again: FIXED or FAILED.

    ID is a fingerprint or its beginning; without one, all are run. What is fixed is forgotten.
    Exits with 1 while one still fails.

    \b
    Examples:
      jsonnet-ctx replay 7f3a9c21b0de
      jsonnet-ctx replay
    """
    settings = load_settings(project_root(Path.cwd()), flags={"engine": engine})
    stored = load_failures(settings.root, fingerprint)
    if not stored:
        raise UsageError("nothing to replay: no failure is stored", hint="jsonnet-ctx check stores those that it finds")
    still = [failure for failure in stored if not _is_fixed(failure, settings)]
    return 1 if still else 0


def _is_fixed(failure: StoredFailure, settings: Settings) -> bool:
    """Run one failure and tell; a fixed one is forgotten."""
    template = _template(failure, settings)
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
    """A file as it was named: from the working directory, or as configs name it, from the root."""
    here = Path(name)
    return here if here.exists() else settings.root / name
