"""The search: what it finds behind guards, in pairs and behind other faults, and what is no fault."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jsonnet_ctx.check.plan import Request, plan
from jsonnet_ctx.check.run import Checked, check
from jsonnet_ctx.check.state import MAX_EVALUATIONS, Effort
from jsonnet_ctx.finding import Finding
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.project.identity_schema import load_identity_schema

HOOK = "registration.after.password.post_persist"
SCHEMA = Path(__file__).parents[2] / "fixtures" / "rules" / "identity.schema.json"


def checked(folder: Path, body: str, *, hook: str = HOOK, examples: int = 0, schema: Path | None = SCHEMA) -> Checked:
    """Check ``function(ctx) BODY``."""
    template = folder / "w.jsonnet"
    template.write_text(f"function(ctx)\n{body}\n", encoding="utf-8")
    request = Request(
        paths=(template,),
        root=folder,
        hooks=(parse_hook_point(hook),),
        schema=load_identity_schema(schema) if schema else None,
    )
    return check(plan(request), effort=Effort(examples=examples, seed=0))


def failures(folder: Path, body: str, *, hook: str = HOOK, examples: int = 0) -> set[tuple[str, str | None]]:
    """Rule and ctx path of the findings that an evaluation stands behind."""
    found = checked(folder, body, hook=hook, examples=examples).findings
    return {(finding.rule, finding.path) for finding in found if finding.error_kind is not None}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # Behind one guard, two, and three: each opens when the one before has been passed.
        (
            "local t = ctx.flow.transient_payload; { a: if 'a' in t then t.b else 'none' }",
            {("JC101", "flow.transient_payload.b")},
        ),
        (
            "local t = ctx.flow.transient_payload; { a: if 'a' in t then (if 'b' in t then t.c) else 'none' }",
            {("JC101", "flow.transient_payload.c")},
        ),
        (
            "local t = ctx.flow.transient_payload; { a: if std.get(t, 'plan') == 'pro' then t.seats }",
            {("JC101", "flow.transient_payload.seats")},
        ),
        # One fault in front of the other: the first does not hide the second.
        (
            "{ a: ctx.flow.transient_payload.a, b: ctx.flow.transient_payload.b, c: ctx.flow.transient_payload.c }",
            {("JC101", f"flow.transient_payload.{name}") for name in "abc"},
        ),
        # A field that no ctx mends is masked, and what stands behind it is seen.
        ("{ a: 1 + {}.x, b: ctx.flow.transient_payload.b }", {("JC101", None), ("JC101", "flow.transient_payload.b")}),
        (
            "{ a: ctx.nowhere, b: ctx.flow.transient_payload.b }",
            {("JC105", "nowhere"), ("JC101", "flow.transient_payload.b")},
        ),
    ],
)
def test_a_fault_is_found_behind(tmp_path: Path, body: str, found: set[tuple[str, str | None]]) -> None:
    assert failures(tmp_path, body) == found


def test_a_fault_that_needs_two_edits_at_once_is_found(tmp_path: Path) -> None:
    body = """
    local t = ctx.flow.transient_payload;
    { a: if std.get(t, 'a') == 'x' && std.get(t, 'b') == 'y' then t.c else 'none' }
    """
    assert ("JC101", "flow.transient_payload.c") in failures(tmp_path, body, examples=100)


@pytest.mark.parametrize(
    "body",
    [
        "{ a: if 'plan' in ctx.flow.transient_payload then 'plan' else error 'a plan is needed' }",
        "assert 'plan' in ctx.flow.transient_payload : 'a plan is needed'; {}",
        "{ assert 'plan' in ctx.flow.transient_payload, a: 1 }",
        "if std.objectHas(ctx.flow.transient_payload, 'test') then error 'cancel' else {}",
    ],
)
def test_what_the_author_refuses_is_no_finding(tmp_path: Path, body: str) -> None:
    assert failures(tmp_path, body) == set()


def test_refusals_are_counted(tmp_path: Path) -> None:
    done = checked(tmp_path, "{ a: if 'plan' in ctx.flow.transient_payload then 1 else error 'a plan is needed' }")
    assert done.refusals > 0


@pytest.mark.parametrize(
    "body",
    [
        "local get(o, path) = if std.length(path) == 0 then o else if std.isObject(o) && path[0] in o"
        " then get(o[path[0]], path[1:]) else null;\n{ a: get(ctx, ['flow', 'transient_payload', 'a', 'b']) }",
        "local t = ctx.flow.transient_payload; local has = std.isObject(t) && 'a' in t; { a: if has then t.a }",
        "local o(x) = if std.isObject(x) then x else {};\n"
        "{ a: std.get(o(std.get(ctx.flow.transient_payload, 'a')), 'b') }",
        "{ a: [x.value for x in std.get(ctx.identity, 'verifiable_addresses', []) if x.verified] }",
        "local l = [x for x in std.get(ctx.identity, 'verifiable_addresses', []) if x.via == 'email'];\n"
        "{ a: if std.length(l) > 0 then l[0].value }",
        "local t = ctx.flow.transient_payload; { a: if std.objectHas(t, 'a') && t.a != null then std.toString(t.a) }",
        "{ email: ctx.identity.traits.email }",
        "{ id: ctx.identity.id, at: ctx.identity.created_at, flow: ctx.flow.id }",
    ],
)
def test_careful_code_has_no_findings(tmp_path: Path, body: str) -> None:
    assert failures(tmp_path, body, examples=30) == set()


def test_without_an_identity_schema_a_trait_is_a_warning_that_says_so(tmp_path: Path) -> None:
    (found,) = failing(checked(tmp_path, "{ email: ctx.identity.traits.email }", schema=None))
    assert str(found.severity) == "warning"
    assert found.message.endswith("; --identity-schema FILE would decide it")


def test_odd_client_values_are_a_warning_that_says_what_they_do(tmp_path: Path) -> None:
    body = "{ a: std.asciiLower(std.get(ctx.flow.transient_payload, 'a', '')) }"
    found = failing(checked(tmp_path, body))
    assert {str(finding.severity) for finding in found} == {"warning"}
    assert all(finding.message.endswith("; so a client can suppress this event") for finding in found)


def test_the_smallest_edit_is_shown(tmp_path: Path) -> None:
    (found,) = failing(checked(tmp_path, "{ a: ctx.flow.transient_payload.a, b: 1 }", schema=None))
    assert [edit.as_json() for edit in found.edits] == [{"op": "absent", "path": "flow.transient_payload.a"}]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("{ a: }", {"syntax"}),
        ("{ a: import 'x.libsonnet' }", {"import"}),
        ("local f(x) = f(x); f(1)", {"stack"}),
        ("{ a: std.foldl(function(a, b) a + b, std.range(1, 1e8), 0) }", {"timeout", "memory"}),
    ],
)
def test_a_template_that_no_ctx_saves_is_not_searched(tmp_path: Path, body: str, kinds: set[str]) -> None:
    done = checked(tmp_path, body, examples=100)
    (found,) = failing(done)
    assert found.error_kind in kinds
    assert done.contexts < 30


def test_a_search_ends_near_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = ", ".join(f"a{n}: if 'g{n}' in t then (if 'h{n}' in t then std.get(t, 'f{n}')) else 2" for n in range(12))
    body = f"local t = ctx.flow.transient_payload; {{ {fields} }}"
    whole = checked(tmp_path, body)
    monkeypatch.setattr("jsonnet_ctx.check.state.MAX_EVALUATIONS", 100)
    cut = checked(tmp_path, body)
    assert whole.contexts < MAX_EVALUATIONS
    assert 100 <= cut.contexts < 300 < whole.contexts
    assert failing(cut) == failing(whole) == []


def failing(done: Checked) -> list[Finding]:
    """The findings that an evaluation stands behind."""
    return [finding for finding in done.findings if finding.error_kind is not None]


def test_hash_seeds_change_nothing(tmp_path: Path) -> None:
    """What is found, in which order and with which example does not hang on the order of sets."""
    (tmp_path / "w.jsonnet").write_text(
        "function(ctx)\n  local t = ctx.flow.transient_payload;\n"
        "  { a: t.a, b: if 'b' in t then std.asciiLower(t.c) else t.d, e: ctx.identity.metadata_public.e }\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "jsonnet_ctx", "check", "w.jsonnet", "--hook", HOOK, "--format", "json"]
    reports = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 1
        reports.add("\n".join(line for line in done.stdout.splitlines() if '"seconds"' not in line))
    assert len(reports) == 1


@pytest.mark.parametrize("seed", range(3))
def test_no_address_is_half_there_after_a_script_of_edits(tmp_path: Path, seed: int) -> None:
    # A phone that is left out takes its address away: an edit of that address then speaks of nothing.
    template = tmp_path / "w.jsonnet"
    template.write_text(
        "function(ctx)\n"
        "  local t = ctx.identity.traits, addresses = std.get(ctx.identity, 'verifiable_addresses', []);\n"
        "  {\n"
        "    to: [if a.status == 'completed' then a.value else a.via for a in addresses],\n"
        "    phone: std.get(t, 'phone', t.email),\n"
        "    nick: std.get(t, 'nick'),\n"
        "    locale: std.get(t, 'locale', 'en'),\n"
        "  }\n",
        encoding="utf-8",
    )
    hook = parse_hook_point("settings.after.password.post_persist")
    request = Request(paths=(template,), root=tmp_path, hooks=(hook,), schema=load_identity_schema(SCHEMA))
    found = check(plan(request), effort=Effort(examples=200, seed=seed)).findings
    assert [finding.message for finding in found if finding.error_kind] == []


def test_what_stands_behind_a_missing_std_function_is_found_too(tmp_path: Path) -> None:
    template = tmp_path / "w.jsonnet"
    text = "function(ctx) { id: std.trim(ctx.identity.id), plan: ctx.flow.transient_payload.plan }\n"
    template.write_text(text, encoding="utf-8")
    request = Request(paths=(template,), root=tmp_path, hooks=(parse_hook_point(HOOK),), versions=("v1.3.1",))
    found = check(plan(request), effort=Effort(examples=0, seed=0)).findings
    assert {finding.rule for finding in found if finding.error_kind} == {"JC501", "JC101"}


def test_a_made_up_value_at_a_field_that_is_never_there_does_no_wrong(tmp_path: Path) -> None:
    body = "local mail = ctx.identity.traits.email; { domain: std.split(mail, '@')[1], list: [a for a in mail] }"
    assert failures(tmp_path, body, hook="registration.before") == {("JC106", "identity")}


def test_every_std_function_that_the_version_lacks_is_found(tmp_path: Path) -> None:
    template = tmp_path / "w.jsonnet"
    template.write_text("function(ctx) {\n  a: std.sha256('a'),\n  b: std.trim(' b'),\n  c: std.length('c'),\n}\n")
    request = Request(paths=(template,), root=tmp_path, hooks=(parse_hook_point(HOOK),), versions=("v1.3.1",))
    found = [one for one in check(plan(request), effort=Effort()).findings if one.rule == "JC501"]
    assert [(one.location.line, one.message) for one in found] == [
        (2, "field does not exist: sha256 in the std of kratos v1.3.1"),
        (3, "field does not exist: trim in the std of kratos v1.3.1"),
    ]


def test_a_content_type_that_kratos_refuses_does_not_hide_what_is_wrong_with_the_template(tmp_path: Path) -> None:
    template = tmp_path / "w.jsonnet"
    template.write_text("function(ctx) { a: ctx.flow.transient_payload.a }\n")
    request = Request(
        paths=(template,),
        root=tmp_path,
        hooks=(parse_hook_point(HOOK),),
        content_type="application/json; charset=utf-8",
    )
    found = check(plan(request), effort=Effort()).findings
    assert [one.rule for one in found if one.error_kind] == ["JC101", "JC302"]


def test_a_way_in_which_the_pages_disagree_is_a_warning(tmp_path: Path) -> None:
    """context_shapes.json has a payload at global lists; a backup code of an API client was measured without."""
    body = "{ a: ctx.flow.transient_payload }"
    severities = {
        hook: [str(one.severity) for one in checked(tmp_path, body, hook=hook).findings if one.rule == "JC101"]
        for hook in ("login.after.global", "login.after.lookup_secret", "login.after.password")
    }
    assert severities == {
        "login.after.global": ["warning"],
        "login.after.lookup_secret": ["error"],
        "login.after.password": [],
    }


def test_a_trait_that_one_kind_of_person_needs_is_left_out_for_the_other(tmp_path: Path) -> None:
    names = {"kind": {"enum": ["person", "company"]}, "company_name": {"type": "string"}, "vat_id": {"type": "string"}}
    traits = {
        "type": "object",
        "properties": names,
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "company"}}},
        "then": {"required": ["company_name", "vat_id"]},
    }
    schema = tmp_path / "identity.schema.json"
    schema.write_text(json.dumps({"type": "object", "properties": {"traits": traits}}), encoding="utf-8")
    body = "local t = ctx.identity.traits; { vat: if std.objectHas(t, 'company_name') then t.vat_id else '' }"
    found = [one for one in checked(tmp_path, body, schema=schema).findings if one.error_kind]
    assert [(one.rule, one.path, str(one.severity)) for one in found] == [("JC101", "identity.traits.vat_id", "error")]


def test_the_address_of_a_device_has_no_port_behind_a_proxy(tmp_path: Path) -> None:
    """Captures login.after.password__api-headers and __api-tp-object have it without one and with one."""
    body = "{ port: std.split(ctx.session.devices[0].ip_address, ':')[1] }"
    found = [one for one in checked(tmp_path, body, hook="login.after.password").findings if one.error_kind]
    assert [(one.rule, one.path, str(one.severity)) for one in found] == [
        ("JC104", "session.devices[0].ip_address", "error")
    ]


def test_the_first_method_of_a_confirmed_session_is_a_warning(tmp_path: Path) -> None:
    """Recorded for a password (login.after.password__api-refresh-2), never for a provider."""
    body = "{ provider: ctx.session.authentication_methods[0].provider }"
    found = [one for one in checked(tmp_path, body, hook="login.after.oidc").findings if one.rule == "JC101"]
    assert [(one.path, str(one.severity)) for one in found] == [
        ("session.authentication_methods[0].provider", "warning")
    ]
