"""``jsonnet-ctx replay``: run stored failures again and say which are fixed."""

from pathlib import Path

import click

from jsonnet_ctx.check.paths import shown
from jsonnet_ctx.check.store import StoredFailure, forget_failure, load_failures
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.main import COULD_NOT_RUN, error_text
from jsonnet_ctx.cli.output import write_result
from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.engine.outcome import Failed, Outcome, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import JsonnetCtxError, UsageError
from jsonnet_ctx.project.contract import Breach, load_contract
from jsonnet_ctx.project.kratos_config import load_bindings, select_bindings
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.project.whole_file import STATE
from jsonnet_ctx.report.shown import escape, lines
from jsonnet_ctx.settings import Settings, load_settings


@click.command()
@click.argument("fingerprint", metavar="[ID]", required=False)
@click.option("--as-case", "name", metavar="NAME", help="Write the failure ID as a case into the template's case file.")
@options.engine
def replay(fingerprint: str | None, name: str | None, engine: str | None) -> int:
    """Run the failures that check stored below .jsonnet-ctx again: FIXED or FAILED.

    ID is a fingerprint or its beginning; without one, all are run. What is fixed is forgotten.
    Exits with 1 while one still fails, with 2 where one cannot be run.

    With --as-case it becomes a case beside the template, with the fewest edits that show the same
    and what the template does now as what is expected: read that before you trust it. The case is
    run, and its result is the exit code.

    \b
    Examples:
      jsonnet-ctx replay 7f3a9c21b0de
      jsonnet-ctx replay
      jsonnet-ctx replay 7f3a9c21b0de --as-case 'no provider'
    """
    settings = load_settings(project_root(Path.cwd()), flags={"engine": engine})
    stored = load_failures(settings.root, fingerprint)
    if not stored:
        raise UsageError("nothing to replay: no failure is stored", hint="jsonnet-ctx check stores those that it finds")
    if name is not None:
        if fingerprint is None or len(stored) > 1:
            raise UsageError("--as-case takes one failure", hint=f"name it: {stored[0].fingerprint}")
        return _as_case(stored[0], name, settings)
    verdicts = [_is_fixed(failure, settings) for failure in stored]
    return COULD_NOT_RUN if None in verdicts else int(False in verdicts)


def _as_case(failure: StoredFailure, name: str, settings: Settings) -> int:
    """Write the case, run it and tell; a failure that is fixed is forgotten as ever."""
    from jsonnet_ctx.cases.failure import failure_text
    from jsonnet_ctx.cases.run import run_case
    from jsonnet_ctx.cli.as_case import write_case

    place = _place(failure.template.partition("::")[0], settings)
    case = write_case(failure, _template(failure, settings), place, name, settings.engine)
    _is_fixed(failure, settings)
    verdict = run_case(case)
    if verdict.mismatches:
        write_result("\n".join(lines(failure_text(verdict))) + "\n")
        return 1
    write_result(f"{escape(str(case.location))}: {escape(case.name)}: passes\n")
    return 0


def _is_fixed(failure: StoredFailure, settings: Settings) -> bool | None:
    """Run one failure and tell; a fixed one is forgotten. None where there is nothing left to run."""
    try:
        template = _template(failure, settings)
    except JsonnetCtxError as error:
        file = f"{STATE}/failures/{failure.fingerprint}.json"
        told = UsageError(f"{failure.fingerprint} cannot be run: {error}", hint=f"delete {file} to forget it")
        click.echo(error_text(told), err=True, nl=False)
        return None
    evaluate = shared_engine(failure.kratos, settings.engine).evaluate
    outcome = evaluate(template, failure.ctx, content_type=failure.content_type)
    breach = _breach(failure, outcome, settings)
    fixed = not isinstance(outcome, Failed) and breach is None
    write_result(f"{'FIXED' if fixed else 'FAILED'} {escape(_line(failure, outcome, breach))}\n")
    if fixed:
        forget_failure(settings.root, failure.fingerprint)
    return fixed


def _breach(failure: StoredFailure, outcome: Outcome, settings: Settings) -> Breach | None:
    """How the payload breaks the contract that it broke; None where no contract is the matter."""
    if failure.contract is None or not isinstance(outcome, Rendered):
        return None
    contract = load_contract(settings.root, failure.contract)
    return next(iter(contract.breaches(outcome.payload)), None)


def _line(failure: StoredFailure, outcome: Outcome, breach: Breach | None) -> str:
    """The failure in one line: what it was, and what it is now where that is something else."""
    what = f"{failure.fingerprint} {failure.rule} {failure.template} at {failure.hook}"
    if isinstance(outcome, Failed):
        place = outcome.error.location
        return f"{what}: {f'{place}: ' if place else ''}{outcome.error.kind}: {outcome.error.message}"
    if breach is not None:
        where = format_path(("payload", *breach.path))
        return f"{what}: {failure.error_kind}: {where}: {breach.message}"
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
