"""Where results go, and which options are read how."""

from typing import Any

import pytest
from harness import Project

from jsonnet_ctx.cli.columns import aligned
from jsonnet_ctx.cli.hook_rows import HookRow, terminal_table
from jsonnet_ctx.cli.options import fails, read_given
from jsonnet_ctx.cli.output import split_report, wants_color, write_report
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.report.result import Report

REPORT = Report((Finding("JC401", "shadowed-hook", Severity.WARNING, "never runs", Location("kratos.yml", 3)),))


def test_a_report_goes_to_standard_output_and_to_files(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    more = (f"json:{project.root / 'findings.json'}", f"text:{project.root / 'findings.txt'}")
    write_report(REPORT, format="text", output=None, more=more, quiet=True)
    shown = capfd.readouterr().out
    assert shown == "kratos.yml:3: warning JC401 shadowed-hook\n  never runs\n"
    assert project.read("findings.txt").startswith(shown)
    assert project.read("findings.json").startswith('{\n  "format": 1,')


def test_output_takes_the_place_of_standard_output(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    write_report(REPORT, format="json", output=str(project.root / "out.json"), more=(), quiet=False)
    assert capfd.readouterr().out == ""
    assert project.read("out.json").startswith('{\n  "format": 1,')


def test_a_wrong_report_is_told_before_anything_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=r"--report xml:out\.xml: not FORMAT:FILE"):
        write_report(REPORT, format="text", output=None, more=("xml:out.xml",), quiet=False)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("value", ["json", "json:", ":out.json", "", "html:x"])
def test_a_report_is_a_format_and_a_file(value: str) -> None:
    with pytest.raises(UsageError):
        split_report(value)


def test_a_file_name_may_hold_colons() -> None:
    assert split_report("json:C:/out.json") == ("json", "C:/out.json")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert wants_color() is expected


def test_a_pipe_gets_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_color() is False


@pytest.mark.parametrize(
    ("worst", "threshold", "expected"),
    [
        (Severity.ERROR, "error", True),
        (Severity.WARNING, "error", False),
        (Severity.WARNING, "warning", True),
        (Severity.INFO, "info", True),
        (Severity.ERROR, "never", False),
        (None, "info", False),
    ],
)
def test_fail_on_is_the_least_severity_that_fails(worst: Severity | None, threshold: str, expected: bool) -> None:
    assert fails(worst, threshold) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("identity.traits.email=null", {"identity.traits.email": None}),
        ('ctx.flow.id="a=b"', {"flow.id": "a=b"}),
        ('flow["a=b"].c=[1, {"d": true}]', {'flow["a=b"].c': [1, {"d": True}]}),
        ("identity.verifiable_addresses[0]={}", {"identity.verifiable_addresses[0]": {}}),
    ],
)
def test_a_given_is_a_path_and_json(text: str, expected: dict[str, Any]) -> None:
    assert read_given([text]) == expected


@pytest.mark.parametrize("text", ["", "=1", "a b=1", "flow.id", "flow.id=", "flow.id=x", "flow.id=Infinity", "a..b=1"])
def test_what_is_no_given_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_given([text])


def test_columns_line_up_by_width_on_screen() -> None:
    assert aligned([("a", "b"), ("名前", "c\n"), ("", "d")]) == ["a     b", "名前  c\\n", "      d"]


def test_a_terminal_gets_a_table_with_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    row = HookRow(
        hook="login.before",
        status="dead",
        method="POST",
        url="https://example.org/[red]",
        template="a.jsonnet",
        flags=(),
        reason="login is off",
        on_failure="",
        address="kratos.yml::login.before[0]",
        location=Location("kratos.yml", 1),
    )
    table = terminal_table([row])
    assert "\x1b[31mdead\x1b[0m" in table
    assert "https://example.org/[red]" in table
    assert "never runs: login is off" in table
