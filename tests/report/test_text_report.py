"""Findings as people read them, word for word."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.finding import Edit, Finding, Location, Severity
from jsonnet_ctx.report.result import Report
from jsonnet_ctx.report.text import render_finding, render_text

SOURCE = "  provider: ctx.flow.transient_payload.oidc_provider,"
FINDING = Finding(
    rule="JC101",
    slug="missing-field",
    severity=Severity.ERROR,
    message="ctx.flow.transient_payload has no oidc_provider when the client does not send it",
    location=Location("webhook.activate.jsonnet", 7, 14),
    hint="std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')",
    effect="the person sees an error 500; the identity is already stored; no webhook is sent",
    hooks=("registration.after.oidc.post_persist",),
    kratos=("v26.2.0",),
    path="flow.transient_payload.oidc_provider",
    edits=(Edit(("flow", "transient_payload", "oidc_provider"), "absent"),),
    error_kind="missing-field",
    error_message="Field does not exist: oidc_provider",
    template="webhook.activate.jsonnet",
    source=SOURCE,
    underline=(12, 52),
)


def test_a_finding_is_told_in_full() -> None:
    assert render_finding(FINDING) == (
        "webhook.activate.jsonnet:7:14: error JC101 missing-field\n"
        "  7 |   provider: ctx.flow.transient_payload.oidc_provider,\n"
        "    |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  ctx.flow.transient_payload has no oidc_provider when the client does not send it\n"
        "  at registration.after.oidc.post_persist (kratos v26.2.0)\n"
        "  effect: the person sees an error 500; the identity is already stored; no webhook is sent\n"
        "  hint: std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')\n"
        f"  replay: jsonnet-ctx replay {FINDING.fingerprint}\n"
    )


def test_a_finding_on_wiring_has_neither_frame_nor_replay() -> None:
    finding = Finding("JC401", "shadowed-hook", Severity.WARNING, "never runs", Location("kratos.yml", 12))
    assert render_finding(finding) == "kratos.yml:12: warning JC401 shadowed-hook\n  never runs\n"


def test_a_report_ends_with_what_was_tried() -> None:
    report = Report((FINDING,), templates=1, bindings=2, contexts=412, seconds=0.41, engine="go-jsonnet 0.21.0")
    *_, blank, last = render_text(report).splitlines()
    assert (blank, last) == ("", "1 error in 1 template, 2 hook points, 412 contexts, 0.41 s (go-jsonnet 0.21.0)")


def test_a_report_without_findings_says_what_was_tried() -> None:
    report = Report(templates=3, contexts=1, hooks=("login.before",), notes=("body taken from deploy/a.jsonnet",))
    assert render_text(report) == (
        "note: body taken from deploy/a.jsonnet\nno findings in 3 templates, 1 hook point, 1 context, 0.00 s\n"
    )


def test_quiet_leaves_findings_alone() -> None:
    assert render_text(Report((FINDING,), templates=1), quiet=True) == render_finding(FINDING)
    assert render_text(Report(templates=1), quiet=True) == ""


def test_every_severity_is_counted() -> None:
    findings = tuple(
        dataclasses.replace(FINDING, severity=severity)
        for severity in (Severity.INFO, Severity.ERROR, Severity.WARNING, Severity.ERROR)
    )
    assert "2 errors, 1 warning, 1 remark in " in render_text(Report(findings))


def test_many_hook_points_are_cut_short() -> None:
    finding = dataclasses.replace(FINDING, hooks=tuple("abcdef"), kratos=("v1.3.1", "v26.2.0"))
    assert "  at a, b, c, d and 2 more (kratos v1.3.1, v26.2.0)\n" in render_finding(finding)


def test_columns_in_bytes_become_columns_on_screen() -> None:
    source = "{ 'Grüße': ctx.a, '名': ctx.b }"
    start = source.encode().index(b"ctx.b")
    finding = dataclasses.replace(FINDING, source=source, underline=(start, start + 5))
    _, shown, marks, *_ = render_finding(finding).splitlines()
    # The wide character takes two columns, the two umlauts one each.
    assert marks.index("^") == shown.index("ctx.b") + 1
    assert marks.count("^") == 5


def test_a_tab_does_not_shift_the_underline() -> None:
    finding = dataclasses.replace(FINDING, source="\ta: ctx.b", underline=(4, 9))
    _, shown, marks, *_ = render_finding(finding).splitlines()
    assert shown[marks.index("^") :] == "ctx.b"


def test_without_a_span_the_column_is_marked() -> None:
    finding = dataclasses.replace(FINDING, underline=None)
    assert "\n    |              ^\n" in render_finding(finding)


def test_a_span_beyond_the_line_marks_its_end() -> None:
    finding = dataclasses.replace(FINDING, source="ab", underline=(5, 9))
    assert "\n    |   ^\n" in render_finding(finding)


def test_a_very_long_line_is_cut_around_the_spot() -> None:
    source = "x" * 5000 + "ctx.b" + "y" * 5000
    finding = dataclasses.replace(FINDING, source=source, underline=(5000, 5005))
    _, shown, marks, *_ = render_finding(finding).splitlines()
    assert len(shown) < 140
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "ctx.b"


def test_text_of_others_cannot_act_on_the_terminal() -> None:
    finding = dataclasses.replace(
        FINDING, message="\x1b[2Jgone\nhint: forged", hint="a\u202eb", source="\x1b]0;title\x07", underline=None
    )
    text = render_finding(finding)
    assert "\x1b" not in text
    assert "\\u001b[2Jgone\n    hint: forged\n" in text
    assert "hint: a\\u202eb" in text


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_the_underline_never_leaves_the_frame(source: str, start: int, length: int) -> None:
    finding = dataclasses.replace(FINDING, source=source, underline=(start, start + length))
    text = render_finding(finding)
    assert all(line == line.rstrip() and line.isprintable() for line in text.splitlines() if "|" not in line)
    assert text.count("\n") == len(text.splitlines())


def test_colour_changes_nothing_but_colour() -> None:
    import re

    report = Report((FINDING,), templates=1)
    colored = render_text(report, color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text(report)
