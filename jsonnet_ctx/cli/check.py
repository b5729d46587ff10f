"""``check``: find the ways in which templates fail."""

from pathlib import Path
from typing import Any

import click

from jsonnet_ctx.cli import options
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.settings import Settings, load_settings


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.config
@options.hooks
@options.kratos_versions
@options.identity_schema
@options.content_type
@options.engine
@options.search_seed
@options.max_examples
@options.select
@options.ignore
@options.baseline
@click.option("--update-baseline", is_flag=True, help="Take all findings into the baseline for 90 days.")
@click.option(
    "--time-budget", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Stop searching after that."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be tried.")
@click.option("--fix", is_flag=True, help="Write the edits that are certain into the templates, then check.")
@options.fail_on
@options.report_format
@options.output
@options.reports
@options.quiet
@options.verbose
def check(paths: tuple[Path, ...], **flags: Any) -> int:
    """Find the ways in which templates fail, over every ctx that Kratos can send them.

    PATHS are templates, folders, Kratos configs, single actions of one
    (kratos.yml::registration.after.oidc[0]), or an action as `ory patch identity-config` takes it
    (- reads standard input). With no path, the config of the settings is checked, else the
    Kratos configs found below this folder, else the templates.

    \b
    Examples:
      jsonnet-ctx check --config kratos.yml
      jsonnet-ctx check webhook.jsonnet --hook registration.after.oidc --identity-schema identity.schema.json
      jsonnet-ctx check deploy/ --kratos v25.4.0 --kratos v26.2.0 --format json
      jsonnet-ctx check --config kratos.yml --baseline known.json

    Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 could not run (nothing to check too).
    """
    settings = _settings(paths, flags)
    _begin(paths, settings)
    from jsonnet_ctx.cli.checking import checked_code  # most of the program: it loads while the worker starts

    return checked_code(paths, flags, settings)


def _settings(paths: tuple[Path, ...], flags: dict[str, Any]) -> Settings:
    root = project_root(flags["config"] or Path.cwd())
    given = {
        "config": flags["config"],
        "kratos": flags["versions"],
        "identity-schema": flags["identity_schema"],
        "engine": flags["engine"],
        "fail-on": flags["fail_on"],
        "baseline": flags["baseline"],
        "report": flags["reports"],
        "check.select": flags["select"],
        "check.ignore": flags["ignore"],
        "check.max-examples": flags["max_examples"],
        "check.seed": flags["seed"],
    }
    return load_settings(root, flags=given)


def _begin(paths: tuple[Path, ...], settings: Settings) -> None:
    """Start the worker where it is plain which one it will be: only a Kratos config says another version."""
    if settings.kratos or (paths and all(path.suffix == ".jsonnet" for path in paths)):
        from jsonnet_ctx.engine.pool import shared_engine

        shared_engine(settings.kratos[0] if settings.kratos else LATEST, settings.engine).begin()
