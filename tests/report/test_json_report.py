"""Findings as machines read them, key for key."""

import json

from test_text_report import FINDING

from jsonnet_ctx.finding import Edit, Finding, Location, Severity
from jsonnet_ctx.report.json_report import dump_json, render_json
from jsonnet_ctx.report.result import Report
from jsonnet_ctx.version import version


def test_the_format_is_fixed() -> None:
    report = Report((FINDING,), templates=1, bindings=2, contexts=412, seconds=0.41, engine="go-jsonnet 0.21.0")
    assert json.loads(render_json(report)) == {
        "format": 1,
        "tool": {"name": "jsonnet-ctx", "version": version(), "engine": "go-jsonnet 0.21.0"},
        "checked": {"templates": 1, "bindings": 2, "contexts": 412, "seconds": 0.41},
        "findings": [
            {
                "rule": "JC101",
                "slug": "missing-field",
                "severity": "error",
                "message": "ctx.flow.transient_payload has no oidc_provider when the client does not send it",
                "hint": "std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')",
                "effect": "the person sees an error 500; the identity is already stored; no webhook is sent",
                "location": {"path": "webhook.activate.jsonnet", "line": 7, "column": 14},
                "hooks": ["registration.after.oidc.post_persist"],
                "kratos": ["v26.2.0"],
                "path": "flow.transient_payload.oidc_provider",
                "edits": [{"op": "absent", "path": "flow.transient_payload.oidc_provider"}],
                "error": {"kind": "missing-field", "message": "Field does not exist: oidc_provider"},
                "fingerprint": FINDING.fingerprint,
                "replay": f"jsonnet-ctx replay {FINDING.fingerprint}",
            }
        ],
    }


def test_what_there_is_none_of_is_null() -> None:
    finding = Finding("JC401", "shadowed-hook", Severity.INFO, "never runs", Location("kratos.yml"))
    told = json.loads(render_json(Report((finding,))))["findings"][0]
    assert {key for key, value in told.items() if value is None} == {"hint", "effect", "path", "error", "replay"}
    assert told["location"] == {"path": "kratos.yml", "line": None, "column": None}


def test_a_set_edit_brings_its_value() -> None:
    finding = Finding("JC103", "x", Severity.ERROR, "m", Location("t"), edits=(Edit(("a", 0), "set", None),))
    told = json.loads(render_json(Report((finding,))))["findings"][0]
    assert told["edits"] == [{"op": "set", "path": "a[0]", "value": None}]


def test_a_lone_surrogate_can_be_printed_and_read_back() -> None:
    text = dump_json({"é": "\ud800"})
    assert text.encode() == b'{\n  "\xc3\xa9": "\\ud800"\n}\n'
    assert json.loads(text) == {"é": "\ud800"}
