"""``--jsonnet-ctx-check``: an item for every binding, which fails with what ``check`` prints about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.pytest_plugin.options import given_options
from jsonnet_ctx.pytest_plugin.told import told

if TYPE_CHECKING:
    from jsonnet_ctx.check.plan import Plan
    from jsonnet_ctx.settings import Settings

FLAG = "--jsonnet-ctx-check"
KEY = "jsonnet_ctx_check"
NAME = "jsonnet-ctx-check"
WIRING = "wiring of"


def add_flag(parser: pytest.Parser) -> None:
    """Make the flag and the ini key known."""
    group = parser.getgroup("jsonnet_ctx")
    text = "run jsonnet-ctx check as tests, one for each binding of the config or template of the settings"
    group.addoption(FLAG, dest=KEY, action="store_true", default=False, help=text)
    parser.addini(KEY, text, type="bool", default=False)


def is_wanted(config: pytest.Config) -> bool:
    """Whether the flag or the ini key asks for it."""
    return bool(config.getoption(KEY) or config.getini(KEY))


def add_to(session: pytest.Session, report: pytest.CollectReport) -> None:
    """Add the node to what a session collects, where it is asked for."""
    if report.passed and is_wanted(session.config):
        report.result = [*(report.result or ()), CheckNode.from_parent(session, name=NAME, nodeid=NAME)]


class CheckNode(pytest.Collector):
    """All bindings of the settings' Kratos config, or the templates that no config wires."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each binding that runs and one for the wiring of each config; bad settings are an error here."""
        try:
            settings = _settings(self.config)
            plan = _plan(settings)
        except JsonnetCtxError as error:
            raise self.CollectError(told(error)) from None
        for name, part in _split(plan).items():
            yield CheckItem.from_parent(self, name=name, plan=part, settings=settings)


class CheckFailed(Exception):
    """There are findings; the message is the whole text."""


class CheckItem(pytest.Item):
    """One binding, at all of its hook points, versions and identity schemas; or the wiring of one config."""

    def __init__(self, *, plan: "Plan", settings: "Settings", **more: Any) -> None:
        super().__init__(**more)
        self.plan, self.settings = plan, settings

    def runtest(self) -> None:
        """Search. Raises CheckFailed with what ``check`` prints where something is at or above ``fail-on``."""
        text = findings_text(self.plan, self.settings)
        if text:
            raise CheckFailed(text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The text alone."""
        if isinstance(excinfo.value, CheckFailed):
            return str(excinfo.value)
        if isinstance(excinfo.value, JsonnetCtxError):
            return told(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The name is the address; a binding lies in a config or a template."""
        return self.settings.root, None, self.name


def findings_text(plan: "Plan", settings: "Settings") -> str:
    """The findings at or above ``fail-on`` as ``check`` prints them, with what the baseline holds back left out."""
    import datetime

    from jsonnet_ctx.check.baseline import apply_baseline, load_baseline
    from jsonnet_ctx.check.rules import chosen_rules, only
    from jsonnet_ctx.check.run import check
    from jsonnet_ctx.check.state import Effort
    from jsonnet_ctx.check.store import failures_of, store_failures
    from jsonnet_ctx.finding import Severity
    from jsonnet_ctx.report.locations import seen_from_here
    from jsonnet_ctx.report.text import render_finding

    if settings.fail_on == "never":
        return ""
    effort = Effort(settings.check_max_examples, settings.check_seed)
    checked = check(plan, effort=effort, engine=settings.engine)
    findings = only(checked.findings, chosen_rules(settings.check_select, settings.check_ignore))
    store_failures(settings.root, failures_of(findings, checked.faults, checked.broken))
    if settings.baseline is not None:
        known, today = load_baseline(settings.baseline), datetime.date.today()
        findings, _ = apply_baseline(findings, known, settings.baseline, today)
    least = Severity[settings.fail_on.upper()]
    bad = [finding for finding in seen_from_here(findings, settings.root) if finding.severity >= least]
    return "\n".join(render_finding(finding) for finding in bad).rstrip("\n")


def _settings(config: pytest.Config) -> "Settings":
    from jsonnet_ctx.project.root import project_root
    from jsonnet_ctx.settings import load_settings

    return load_settings(project_root(config.rootpath), flags=given_options(config))


def _plan(settings: "Settings") -> "Plan":
    from jsonnet_ctx.check.plan import Request, plan
    from jsonnet_ctx.kratos.versions import parse_version
    from jsonnet_ctx.project.identity_schema import load_identity_schema

    return plan(
        Request(
            paths=(),
            root=settings.root,
            config=settings.config,
            templates=settings.templates,
            versions=tuple(dict.fromkeys(parse_version(text) for text in settings.kratos)),
            schema=load_identity_schema(settings.identity_schema) if settings.identity_schema else None,
            path_map=dict(settings.path_map),
            contracts=settings.contracts,
        )
    )


def _split(plan: "Plan") -> dict[str, "Plan"]:
    """A plan for each binding, by its address, and one without bindings for the wiring of each config."""
    from jsonnet_ctx.project.template import Template
    from jsonnet_ctx.records import replace

    found: dict[str, Plan] = {}
    for part in plan.parts:
        for binding in part.bindings:
            if isinstance(binding.template, Template):  # a body that gives none is told with the wiring
                _add(found, plan, binding.address, replace(part, bindings=(binding,), configs=()))
    for part in plan.parts:
        for config in part.configs:
            _add(found, plan, f"{WIRING} {config.path}", replace(part, bindings=(), configs=(config,)))
    return found


def _add(found: dict[str, "Plan"], plan: "Plan", name: str, part: Any) -> None:
    from jsonnet_ctx.records import replace

    parts = found[name].parts if name in found else ()
    found[name] = replace(plan, parts=(*parts, part), notes=())
