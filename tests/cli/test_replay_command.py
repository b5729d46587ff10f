"""``jsonnet-ctx replay``: what check found, run again."""

import base64
import re

from harness import Project

CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }"
CAREFUL = "function(ctx) { plan: std.get(ctx.flow.transient_payload, 'plan') }"
HOOK = "registration.after.password.post_persist"


def found_by_check(project: Project, *args: str) -> str:
    """The fingerprint in the only finding of a check."""
    result = project.run("check", *args, "--max-examples", "0")
    assert result.code == 1, result.err
    (fingerprint,) = re.findall(r"replay: jsonnet-ctx replay ([0-9a-f]{12})", result.out)
    return str(fingerprint)


def test_a_failure_fails_until_it_is_fixed(project: Project) -> None:
    project.write({"webhook.jsonnet": CARELESS})
    fingerprint = found_by_check(project, "webhook.jsonnet", "--hook", HOOK)
    failed = project.run("replay", fingerprint)
    assert (failed.code, failed.err) == (1, "")
    assert failed.out == (
        f"FAILED {fingerprint} JC101 webhook.jsonnet at {HOOK}: "
        "webhook.jsonnet:1:23: missing-field: Field does not exist: plan\n"
    )
    project.write({"webhook.jsonnet": CAREFUL})
    fixed = project.run("replay", fingerprint[:6])
    assert (fixed.code, fixed.err) == (0, "")
    assert fixed.out == f"FIXED {fingerprint} JC101 webhook.jsonnet at {HOOK}: no missing-field any more\n"
    assert project.run("replay").code == 2


def test_a_body_inside_a_config_is_replayed(project: Project) -> None:
    def config(text: str) -> dict[str, object]:
        body = f"base64://{base64.b64encode(text.encode()).decode()}"
        action = {"hook": "web_hook", "config": {"url": "https://example.org", "method": "POST", "body": body}}
        flows = {"registration": {"after": {"password": {"hooks": [action]}}}}
        return {"selfservice": {"methods": {"password": {"enabled": True}}, "flows": flows}}

    project.write({"kratos.json": config(CARELESS)})
    fingerprint = found_by_check(project, "--config", "kratos.json")
    assert project.run("replay", fingerprint).out.startswith(f"FAILED {fingerprint} JC101 kratos.json::")
    project.write({"kratos.json": config(CAREFUL)})
    assert project.run("replay").out.startswith(f"FIXED {fingerprint} ")


def test_nothing_stored_is_nothing_to_replay(project: Project) -> None:
    result = project.run("replay")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: nothing to replay: no failure is stored\n  hint: jsonnet-ctx check stores those that it finds\n"
    )


def test_an_unknown_fingerprint_is_told(project: Project) -> None:
    result = project.run("replay", "0123456789ab")
    assert result.code == 2
    assert result.err.startswith("error: unknown stored failure: '0123456789ab'\n")
