"""The hooks of the pytest plugin, a few lines each; nothing heavy is imported before a test asks for it."""

from jsonnet_ctx.pytest_plugin import as_installed  # isort: skip - what is imported from here on is not rewritten

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.pytest_plugin import case_items, check_items, current, marker, options, snapshots
from jsonnet_ctx.pytest_plugin.fixtures import jsonnet_evaluate, jsonnet_render, jsonnet_snapshot, kratos_ctx
from jsonnet_ctx.pytest_plugin.told import told

__all__ = ["as_installed", "jsonnet_evaluate", "jsonnet_render", "jsonnet_snapshot", "kratos_ctx"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flags and ini keys."""
    options.add_options(parser)
    case_items.add_flag(parser)
    check_items.add_flag(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, for `--strict-markers`; refuse to write snapshots in CI."""
    config.addinivalue_line("markers", marker.LINE)
    case_items.refuse_writing(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect case files."""
    return case_items.collect_file(file_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Collect what pytest passes over: bindings to check, and what is called like a case file and is no file."""
    report = yield
    if isinstance(collector, pytest.Directory) and report.passed and report.result is not None:
        report.result += list(case_items.odd_nodes(collector))
    if isinstance(collector, pytest.Session):
        check_items.add_to(collector, report)
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each of the marker's hooks; a wrong marker is a collection error."""
    try:
        marker.parametrize_hooks(metafunc)
    except JsonnetCtxError as error:
        pytest.fail(f"{metafunc.definition.nodeid}: {told(error)}", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each snapshot that no test has, before anything is deselected; none where words choose."""
    items += snapshots.stray_items(config, items)
    case_items.leave_out_unused(config, items)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note which test runs, for the fixtures."""
    current.enter(item)
    try:
        return (yield)
    finally:
        current.leave(item.config)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show under a failed test how its last template failed, if it did and the failure does not say so itself."""
    report = yield
    snapshots.note_outcome(item, report)
    test = current.running(item.config)
    text = _last_failure(test) if test and report.failed and call.when == "call" else None
    if text and text.partition("\n")[0] not in report.longreprtext:
        report.sections.append(("the template's last failure", text))
    return report


def _last_failure(test: current.Current) -> str | None:
    try:
        return test.failure_text()
    except JsonnetCtxError as error:  # such as a ctx of a hook point that the version does not have
        return told(error)


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: object, right: object) -> list[str] | None:
    """Tell how a payload differs, path by path, in tests that use a fixture of this plugin."""
    test = current.running(config)
    if op != "==" or test is None or not test.uses_fixtures:
        return None
    from jsonnet_ctx.pytest_plugin.comparison import comparison_lines

    return comparison_lines(left, right, test.payloads, verbose=config.get_verbosity() > 1)


def pytest_unconfigure() -> None:
    """Stop the engines, if any was started."""
    pool: Any = sys.modules.get("jsonnet_ctx.engine.pool")
    if pool is not None:
        pool.close_shared_engines()
