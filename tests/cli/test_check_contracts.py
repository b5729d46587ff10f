"""Contracts of the settings: every payload that check makes is held against what the receiver takes."""

import re
from typing import Any

import pytest
from harness import Project

TEMPLATE = """
    function(ctx)
      local traits = ctx.identity.traits;
      {
        id: ctx.identity.id,
        name: std.get(traits, 'name', ''),
        plan: std.get(std.get(ctx.flow, 'transient_payload', {}), 'plan', 'free'),
      }
"""
CONTRACT = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1}, "plan": {"type": "string"}},
}
TRAITS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "email": {
            "type": "string",
            "format": "email",
            "ory.sh/kratos": {"credentials": {"password": {"identifier": True}}},
        },
        "name": {"type": "string", "minLength": 1},
    },
    "required": ["email"],
}
HOOK = "registration.after.password.post_persist"
CHECK = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0")
SCHEMA = ("--identity-schema", "identity.schema.json")


@pytest.fixture
def shop(project: Project) -> Project:
    """A template with a contract that ordinary people and odd clients break."""
    return project.write(
        {
            "w.jsonnet": TEMPLATE,
            "r.json": CONTRACT,
            "identity.schema.json": {"type": "object", "properties": {"traits": TRAITS}},
            "jsonnet-ctx.toml": 'contracts = {"w.jsonnet" = "r.json"}\n',
        }
    )


def broken(project: Project, *args: str) -> list[dict[str, Any]]:
    """The findings on contracts."""
    findings = project.run(*CHECK, *args, "--format", "json").json()["findings"]
    return [finding for finding in findings if finding["rule"] == "JC304"]


def test_the_smallest_edit_that_breaks_a_contract_is_told(shop: Project) -> None:
    done = shop.run(*CHECK, *SCHEMA, "--select", "JC304")

    assert done.code == 1
    assert done.out.partition("\n\n")[0] == (
        "w.jsonnet:5:11: error JC304 contract-broken\n"
        "  5 |     name: std.get(traits, 'name', ''),\n"
        "    |           ^\n"
        '  payload.name: "" is shorter than 1 character when ctx.identity.traits.name is absent'
        " (the person leaves it out)\n"
        f"  at {HOOK} (kratos v26.2.0)\n"
        "  effect: where the receiver refuses it with 400: the person sees an error 502; the identity is already"
        " stored; the webhook is sent\n"
        "  hint: send what r.json takes (rule: properties/name/minLength)\n"
        f"  replay: jsonnet-ctx replay {broken(shop, *SCHEMA)[0]['fingerprint']}"
    )


def test_an_odd_client_value_and_an_unknown_trait_are_warnings(shop: Project) -> None:
    known, unknown = broken(shop, *SCHEMA), broken(shop)

    severities = {finding["path"]: finding["severity"] for finding in known}
    assert severities == {"identity.traits.name": "error", "flow.transient_payload.plan": "warning"}
    by_path = {finding["path"]: finding for finding in unknown}
    assert by_path["identity.traits.name"]["severity"] == "warning"
    assert by_path["identity.traits.name"]["message"].endswith("; --identity-schema FILE would decide it")


def test_a_payload_that_is_always_wrong_needs_no_edit(shop: Project) -> None:
    shop.write({"r.json": {"properties": {"id": {"type": "integer"}}}})

    (finding,) = broken(shop, *SCHEMA)

    assert (finding["severity"], finding["edits"], finding["replay"]) == ("error", [], None)
    assert re.fullmatch(r'payload\.id: "[0-9a-f-]{36}" is not of type "integer"', finding["message"])


def test_two_edits_are_told_where_it_takes_two(shop: Project) -> None:
    template = "function(ctx) { [if std.length(ctx.identity.traits) > 1 then 'more']: true }"
    traits = {**TRAITS, "properties": {**TRAITS["properties"], "nick": {"type": "string"}}}
    shop.write(
        {
            "w.jsonnet": template,
            "r.json": {"required": ["more"]},
            "identity.schema.json": {"type": "object", "properties": {"traits": traits}},
        }
    )

    (finding,) = broken(shop, *SCHEMA)

    assert [edit["path"] for edit in finding["edits"]] == ["identity.traits.name", "identity.traits.nick"]
    assert finding["message"].startswith('payload: "more" is a required property when ctx.identity.traits.name is abs')


def test_replay_holds_a_payload_against_its_contract_again(shop: Project) -> None:
    shop.run(*CHECK, *SCHEMA)
    (name,) = (finding for finding in broken(shop, *SCHEMA) if finding["path"] == "identity.traits.name")

    failed = shop.run("replay", name["fingerprint"])
    shop.write({"w.jsonnet": TEMPLATE.replace("'name', ''", "'name', 'nobody'")})
    fixed = shop.run("replay", name["fingerprint"])

    what = f"{name['fingerprint']} JC304 w.jsonnet at {HOOK}"
    assert (failed.code, failed.out) == (
        1,
        f'FAILED {what}: contract-broken: payload.name: "" is shorter than 1 character\n',
    )
    assert (fixed.code, fixed.out) == (0, f"FIXED {what}: no contract-broken any more\n")


def test_an_operation_for_the_action_of_a_config(project: Project) -> None:
    action = {
        "hook": "web_hook",
        "config": {"url": "https://a.example.org", "method": "POST", "body": "file://./w.jsonnet"},
    }
    flows = {"registration": {"after": {"password": {"hooks": [action, {"hook": "session"}]}}}}
    body = {"content": {"application/json": {"schema": {"required": ["email"]}}}}
    api = {"openapi": "3.1.0", "paths": {"/a": {"post": {"requestBody": body}}}}
    project.write(
        {
            "kratos.json": {"selfservice": {"methods": {"password": {"enabled": True}}, "flows": flows}},
            "w.jsonnet": "function(ctx) { id: ctx.identity.id }",
            "api.json": api,
            "jsonnet-ctx.toml": 'contracts = {"registration.after.password[0]" = "api.json#/paths/~1a/post"}\n',
        }
    )

    done = project.run("check", "--config", "kratos.json", "--select", "JC304")

    assert 'payload: "email" is a required property' in done.out
    assert "hint: send what api.json#/paths/~1a/post takes" in done.out


@pytest.mark.parametrize(
    ("contracts", "message"),
    [
        (
            '{"x.jsonnet" = "r.json"}',
            "error: contracts: there is no template and no action 'x.jsonnet'\n  hint: did you mean w.jsonnet?\n",
        ),
        (
            '{"w.jsonnet" = "no.json"}',
            "error: contracts: 'w.jsonnet': cannot read the contract no.json: no such file or directory\n",
        ),
        ('{"w.jsonnet" = "list.json"}', "error: list.json:1:1: a contract is a JSON Schema or an OpenAPI document"),
        ('{"w.jsonnet" = "latin.json"}', "error: latin.json:1:3: is not UTF-8: byte 0xe9 at offset 2"),
        (
            '{"w.jsonnet" = "api.json"}',
            "error: contracts: 'w.jsonnet': # is no operation and no schema\n"
            "  hint: name an operation, such as #/paths/~1a/post\n",
        ),
        ('{"w.jsonnet" = 1}', "error: jsonnet-ctx.toml:1:1: contracts must be a table of strings, not a table\n"),
    ],
)
def test_a_contract_that_cannot_be_used_is_one_error(shop: Project, contracts: str, message: str) -> None:
    api = {"openapi": "3.1.0", "paths": {"/a": {"post": {"requestBody": {}}}}}
    shop.write({"jsonnet-ctx.toml": f"contracts = {contracts}\n", "list.json": [], "latin.json": b'{"\xe9": 1}'})
    shop.write({"api.json": api})

    done = shop.run(*CHECK)

    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_a_finding_on_a_contract_is_taken_back_by_a_comment(shop: Project) -> None:
    suppressed = TEMPLATE.replace("'name', ''),", "'name', ''),  // jsonnet-ctx: ignore[JC304] they know")
    shop.write({"w.jsonnet": suppressed})

    assert [finding["path"] for finding in broken(shop, *SCHEMA)] == ["flow.transient_payload.plan"]
