"""``jsonnet-ctx test``: run case files and pages, through pytest but without its habits."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from jsonnet_ctx.cases.case_file import SUFFIXES, is_case_file
from jsonnet_ctx.cases.page import HINT, is_page, may_hold_cases
from jsonnet_ctx.cases.snapshot import refuse_writing
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.engine.launch import require_engine
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.project.root import project_root
from jsonnet_ctx.settings import load_settings

# Plugins of other people's Python tests: they cost time, or change the order in which a reader finds results.
_LEFT_OUT = ("hypothesispytest", "randomly", "cacheprovider", "doctest", "unittest")

_COULD_NOT_RUN = 2
_SHORT = {"chosen": "-k", "processes": "-n", "first": "-x"}
_FILES = ("config", "identity_schema")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]…")
@click.option("-k", "chosen", metavar="WORDS", help="Only cases whose names match, such as 'provider and not google'.")
@click.option("-n", "processes", metavar="N", help="Run in N processes (needs pytest-xdist).")
@click.option("-x", "first", is_flag=True, help="Stop at the first failure.")
@click.option("--update-snapshots", is_flag=True, help="Write the snapshots of cases that hold otherwise.")
@click.option("--junit-xml", metavar="FILE", help="Write a JUnit report.")
@options.config
@options.kratos
@options.identity_schema
@options.engine
@click.option("--watch", "watched", is_flag=True, help="Run again what a saved file touches, until Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="Print failures and the summary only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every case.")
def test(paths: tuple[str, ...], watched: bool, quiet: bool, verbose: bool, **values: str | bool | None) -> int:
    """Run the cases of case files (*.cases.yaml) and Markdown pages, and tell which fail.

    PATHS are case files, pages, folders, or single cases as a failure names them; without any, the
    working directory. In a page a jsonnet block is a template, and yaml case, json ctx and json
    payload blocks below it are its cases. Exits with 1 where a case fails, with 2 where a file is
    broken or there is none; a watch that is interrupted, as its last run did.

    \b
    Examples:
      jsonnet-ctx test
      jsonnet-ctx test webhook.cases.yaml -k provider
      jsonnet-ctx test 'webhook.cases.yaml::sends the activation'
      jsonnet-ctx test --update-snapshots
      jsonnet-ctx test docs/*.md
      jsonnet-ctx test --watch
    """
    require_engine(load_settings(project_root(Path.cwd()), flags={"engine": values["engine"]}).engine)
    paths = _worth_running(paths)
    if values["update_snapshots"]:
        refuse_writing("--update-snapshots", os.environ)
    loudness = ["-v"] if verbose else ["-q"] if quiet else []
    if watched:
        return _watch(paths, values, loudness)
    return _run([*_arguments(values), *loudness, *(paths or (".",))])


def _watch(paths: tuple[str, ...], values: dict[str, str | bool | None], more: list[str]) -> int:
    """Run, and again what is saved."""
    from jsonnet_ctx.cases.touched import Watched
    from jsonnet_ctx.cli.watch import watch

    flags = list(more)
    for name, value in values.items():
        flag = _SHORT.get(name, f"--{name.replace('_', '-')}")
        if value:
            flags += [flag] if value is True else [flag, str(value)]
    config, schema = (Path(str(values[name])).absolute() if values[name] else None for name in _FILES)
    places = tuple(Path(os.path.abspath(path.partition("::")[0])) for path in paths or (".",))
    watched = Watched(places, config, schema, snapshots=not values["update_snapshots"])
    single = tuple(path for path in paths if "::" in path)
    return watch([*flags, *paths], watched, flags, single)


def _worth_running(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths without pages that hold no case, which is told. Raises UsageError where nothing else is named."""
    idle = [path for path in paths if not _holds_cases(path)]
    if paths and len(idle) == len(paths):
        raise UsageError(f"{idle[0]}: nothing to run: no jsonnet block has a case below it", hint=HINT)
    for path in idle:
        remark(f"note: {path}: nothing to run: no jsonnet block has a case below it")
    return tuple(path for path in paths if path not in idle)


def _holds_cases(name: str) -> bool:
    """False for a page without any. Raises UsageError for a path that is not there or can hold no cases."""
    path = Path(name.partition("::")[0])
    if not path.exists():
        raise UsageError(f"no such file or folder: {path}")
    if is_page(path) and not path.is_dir():
        return may_hold_cases(path)
    if path.is_file() and not is_case_file(path):
        raise UsageError(f"{path} is no case file", hint=f"case files end in {' or '.join(SUFFIXES)}, pages in .md")
    return True


def _arguments(values: dict[str, str | bool | None]) -> Iterator[str]:
    """The options as pytest takes them."""
    yield from (
        "-c",
        os.devnull,
        "--rootdir",
        os.getcwd(),
        "--noconftest",
        "--assert=plain",
        "--no-header",
        "-o",
        "python_files=",
    )
    for plugin in _LEFT_OUT:
        yield from ("-p", f"no:{plugin}")
    named = {"chosen": "-k", "processes": "-n", "junit_xml": "--junit-xml"}
    own = ("config", "kratos", "identity_schema", "engine")
    for name, flag in (named | {name: f"--jsonnet-ctx-{name.replace('_', '-')}" for name in own}).items():
        if values[name]:
            yield from (flag, str(values[name]))
    if values["first"]:
        yield "-x"
    if values["update_snapshots"]:
        yield "--jsonnet-ctx-update-snapshots"
    yield "--continue-on-collection-errors"


def _run(arguments: list[str]) -> int:
    """Run pytest and translate its exit code."""
    import pytest

    class Watch:
        """Notes broken files, and keeps Python packages from being imported."""

        broken = False

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            self.broken = self.broken or report.failed

        @pytest.hookimpl(tryfirst=True)
        def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
            return pytest.Dir.from_parent(parent, path=path)

    watch = Watch()
    code = pytest.main(arguments, plugins=[watch])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and not watch.broken:
        raise UsageError("nothing to test: no case file, or no case of that name", hint="jsonnet-ctx new TEMPLATE")
    if watch.broken or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return _COULD_NOT_RUN
    return int(code)
