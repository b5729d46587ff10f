"""Contracts: a JSON Schema of any draft, or an operation of an OpenAPI document."""

import pathlib
from collections.abc import Mapping
from typing import Any

import pytest
from harness import Project

from jsonnet_ctx.cases.contract import contract_mismatches
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.project.contract import load_contract


def broken(project: Project, name: str, payload: Any) -> list[str]:
    """Where a payload breaks the contract of this name."""
    contract = load_contract(project.root, name)
    found = contract_mismatches(contract, payload)
    return [f"{mismatch.what}: {(mismatch.note or '').partition(' (rule: ')[0]}" for mismatch in found]


def api(version: str, schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An OpenAPI document with one operation that takes ``schema``."""
    body = {"content": {"application/json": {"schema": schema}}}
    return {"openapi": version, "paths": {"/a/{id}": {"post": {"requestBody": body, "responses": {}}}}, **more}


@pytest.mark.parametrize(
    "draft",
    [
        "http://json-schema.org/draft-04/schema#",
        "http://json-schema.org/draft-06/schema#",
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2019-09/schema",
        "https://json-schema.org/draft/2020-12/schema",
    ],
)
def test_a_json_schema_of_any_draft(project: Project, draft: str) -> None:
    project.write({"r.json": {"$schema": draft, "type": "object", "properties": {"n": {"type": "integer"}}}})

    assert broken(project, "r.json", {"n": 1}) == []
    assert broken(project, "r.json", {"n": "x"}) == ['payload.n: "x" is not of type "integer"']


def test_a_pointer_into_a_json_schema(project: Project) -> None:
    project.write({"r.yaml": "$defs: {a: {type: object, properties: {b: {$ref: '#/$defs/c'}}}, c: {type: string}}\n"})

    assert broken(project, "r.yaml#/$defs/a", {"b": "x"}) == []
    assert broken(project, "r.yaml#/$defs/a", {"b": 1}) == ['payload.b: 1 is not of type "string"']


@pytest.mark.parametrize(
    "pointer",
    [
        "#/paths/~1a~1{id}/post",
        "#/paths/~1a~1%7Bid%7D/post",
        "#/paths/~1a~1{id}",
        "#/paths/~1a~1{id}/post/requestBody",
        "#/components/schemas/A",
    ],
)
def test_an_operation_of_an_openapi_document(project: Project, pointer: str) -> None:
    a = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 0}}}
    project.write({"o.json": api("3.1.0", {"$ref": "#/components/schemas/A"}, components={"schemas": {"A": a}})})

    assert broken(project, f"o.json{pointer}", {"n": 1}) == []
    assert broken(project, f"o.json{pointer}", {"n": -1}) == ["payload.n: -1 is less than the minimum of 0"]


def test_openapi_3_0_speaks_its_own_dialect(project: Project) -> None:
    number = {"type": "number", "nullable": True, "minimum": 0, "exclusiveMinimum": True}
    project.write({"o.json": api("3.0.3", {"type": "object", "properties": {"n": number}})})
    name = "o.json#/paths/~1a~1{id}/post"

    assert broken(project, name, {"n": None}) == []
    assert broken(project, name, {"n": 1}) == []
    assert len(broken(project, name, {"n": 0})) == 1


def test_a_request_body_may_be_a_reference(project: Project) -> None:
    body = {"content": {"application/vnd.a+json": {"schema": {"type": "object", "maxProperties": 0}}}}
    document = api("3.1.0", {}, components={"requestBodies": {"B": body}})
    document["paths"]["/a/{id}"]["post"]["requestBody"] = {"$ref": "#/components/requestBodies/B"}
    project.write({"o.json": document})

    assert len(broken(project, "o.json#/paths/~1a~1{id}/post", {"n": 1})) == 1


def test_references_lead_to_files_beside_it_and_nowhere_else(project: Project) -> None:
    project.write({"r.json": {"$ref": "part.json#/$defs/a"}, "part.json": {"$defs": {"a": {"type": "string"}}}})
    project.write({"far.json": {"$ref": "https://example.org/a.json"}, "sub/up.json": {"$ref": "../r.json"}})

    assert broken(project, "r.json", "x") == []
    assert len(broken(project, "r.json", 1)) == 1
    for name in ("far.json", "sub/up.json"):
        with pytest.raises(JsonnetCtxError, match="is not a usable schema"):
            load_contract(project.root / pathlib.Path(name).parent, pathlib.Path(name).name)


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("no.json", "cannot read the contract no.json: no such file or directory", None),
        ("o.json#/paths/~1b/post", "the OpenAPI document has no '/b' there", "there is /a/{id}"),
        ("o.json#/paths/~1a~1{id}/put", "the OpenAPI document has no 'put' there", "did you mean post?"),
        ("r.json#/$defs/b", "r.json: has no schema at #/$defs/b", "beside 'b' there is a"),
        ("r.json#a", "r.json has no schema at #a", "a pointer begins with #/"),
        ("list.json", "list.json:1:1: a contract is a JSON Schema or an OpenAPI document, an object", None),
    ],
)
def test_a_contract_that_is_none(project: Project, name: str, message: str, hint: str | None) -> None:
    project.monkeypatch.chdir(project.root)
    project.write({"o.json": api("3.1.0", {}), "r.json": {"$defs": {"a": {}}}, "list.json": []})

    with pytest.raises(JsonnetCtxError) as raised:
        load_contract(project.root, name)

    assert (str(raised.value), raised.value.hint) == (message, hint)
