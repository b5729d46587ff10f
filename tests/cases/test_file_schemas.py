"""The JSON Schemas of case, fixture and settings files say what the readers say."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from harness import Project

from jsonnet_ctx.cases.case_file import FILE_WORDS
from jsonnet_ctx.cases.case_webhook import WORDS as WEBHOOK_WORDS
from jsonnet_ctx.cases.expect import EXPECT_WORDS
from jsonnet_ctx.cases.expect_request import EFFECT_WORDS, REQUEST_WORDS
from jsonnet_ctx.cases.file_schemas import KINDS, file_schema
from jsonnet_ctx.cases.matchers import MATCHERS
from jsonnet_ctx.cases.response import WORDS as RESPONSE_WORDS
from jsonnet_ctx.cases.rows import CASE_WORDS
from jsonnet_ctx.project.document import parse_documents
from jsonnet_ctx.settings import OPTIONS

FIXTURES = Path(__file__).parents[2] / "fixtures"


def words(schema: dict[str, Any]) -> set[str]:
    """The words of an object."""
    return set(schema["properties"])


def test_the_words_of_case_files_are_those_that_are_read() -> None:
    schema = file_schema("case")
    parts = schema["definitions"]
    expect = parts["expect"]["anyOf"][1]

    assert words(schema) == set(FILE_WORDS)
    assert words(parts["case"]) == set(CASE_WORDS)
    assert words(parts["webhook"]) == set(WEBHOOK_WORDS)
    assert words(parts["response"]) == set(RESPONSE_WORDS)
    assert words(parts["matchers"]) == {*MATCHERS, "not"}
    assert words(expect) == set(EXPECT_WORDS)
    assert words(expect["properties"]["request"]) == set(REQUEST_WORDS)
    assert words(expect["properties"]["effect"]) == set(EFFECT_WORDS)


def test_the_words_of_settings_are_the_options() -> None:
    schema = file_schema("settings")
    names = {
        f"{key}.{inner}" if inner else key
        for key, value in schema["properties"].items()
        for inner in value.get("properties", {"": None})
    }

    assert names == {option.name for option in OPTIONS}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("case", "activate/webhook.activate.cases.yaml"),
        ("settings", "activate/jsonnet-ctx.toml"),
    ],
)
def test_the_files_of_the_example_fit(kind: str, name: str) -> None:
    path = FIXTURES / name
    (document,) = parse_documents(path.read_text(encoding="utf-8"), name, suffix=path.suffix)

    jsonschema_rs.validator_for(file_schema(kind)).validate(document.value)


@pytest.mark.parametrize(
    "case",
    [
        {"name": "a"},
        {"expect": "cancelled"},
        {"name": "a", "expect": "canceled"},
        {"name": "a", "expect": {}},
        {"name": "a", "expect": {"contians": 1}},
        {"name": "a", "expect": {"paths": {"a": 1}}},
        {"name": "a", "expect": {"paths": {"a": {"not": {"equal": 1}}}}},
        {"name": "a", "givn": {}, "expect": "cancelled"},
    ],
)
def test_a_wrong_case_does_not_fit(case: dict[str, Any]) -> None:
    assert not jsonschema_rs.validator_for(file_schema("case")).is_valid({"template": "w.jsonnet", "cases": [case]})


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_them(project: Project, kind: str) -> None:
    done = project.run("schema", kind)

    assert (done.code, done.json()) == (0, file_schema(kind))
    assert project.run("schema", kind, "--output", "out.json").code == 0
    assert project.read("out.json") == done.out
