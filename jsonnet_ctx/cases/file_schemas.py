"""JSON Schemas of the files that users write, for their editors."""

import json
from importlib import resources
from typing import Any

from jsonnet_ctx.settings import OPTIONS, Option

KINDS = ("case", "fixture", "settings")
_STRINGS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "path": {"type": "string"},
    "strings": _STRINGS,
    "integer": {"type": "integer", "minimum": 0},
    "number": {"type": "number", "minimum": 0},
    "map": {"type": "object", "additionalProperties": {"type": "string"}},
    "commands": {"type": "object", "additionalProperties": _STRINGS},
}


def file_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 7, which every editor reads) of a case, fixture or settings file."""
    if kind == "settings":
        return _settings()
    text = resources.files("jsonnet_ctx.cases").joinpath("schemas", f"{kind}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _settings() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for option in OPTIONS:
        group, _, name = option.name.rpartition(".")
        if group:
            table = properties.setdefault(group, {"type": "object", "additionalProperties": False, "properties": {}})
            table["properties"][name] = _property(option)
        else:
            properties[name] = _property(option)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Settings of jsonnet-ctx: jsonnet-ctx.toml, or [tool.jsonnet-ctx] in pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _property(option: Option) -> dict[str, Any]:
    choices = {"enum": list(option.choices)} if option.choices else {}
    return {**_TYPES[option.kind], **choices, "description": option.help}
