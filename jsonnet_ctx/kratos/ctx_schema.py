"""The JSON Schema of a ctx, for checking one that somebody wrote, recorded or fabricated."""

from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.node_attributes import node_attributes
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.traits_schema import IDENTITY_SCHEMA_ID, identity_schema_resource

Json = dict[str, Any]

_FORMATS = {
    "uuid": {"format": "uuid", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"},
    "date-time": {
        "format": "date-time",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$",
    },
}


def ctx_schema(shape: Shape) -> Json:
    """Return the JSON Schema (draft 2020-12) of every ctx that fits the shape, and of nothing else.

    It is open exactly where Kratos is: traits without an identity schema, metadata_public,
    transient_payload and the context of a message. Unknown keys are refused everywhere else.
    """
    children: dict[Path, list[Field]] = {}
    for field in shape.fields:
        children.setdefault(field.path[:-1], []).append(field)
    schema: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"ctx at {shape.hook.id} of Kratos {shape.kratos}",
        **_object((), children, shape),
    }
    if shape.identity_schema is not None:
        schema["$defs"] = {"identity_schema": identity_schema_resource(shape.identity_schema)}
    return schema


def _value(field: Field, children: dict[Path, list[Field]], shape: Shape) -> Json:
    if field.path[-1] == "traits" and shape.identity_schema is not None:
        return {"$ref": f"{IDENTITY_SCHEMA_ID}#/properties/traits"}
    if field.path[-1] == "attributes":
        return _attributes(field, children, shape)
    if field.is_open:
        schema: Json = {}
    else:
        schema = {"type": [*field.types, "null"] if field.nullable and "null" not in field.types else list(field.types)}
        schema["type"] = schema["type"][0] if len(schema["type"]) == 1 else schema["type"]
    if "object" in field.types:
        schema |= {key: value for key, value in _object(field.path, children, shape).items() if key != "type"}
    if "array" in field.types:
        items = [child for child in children.get(field.path, ()) if child.path[-1] == "*"]
        schema["items"] = _value(items[0], children, shape) if items else {}
        if (
            field.path[-1] in ("verifiable_addresses", "recovery_addresses", "messages")
            and field.presence == "optional"
        ):
            schema["minItems"] = 1
    if field.enum:
        schema["enum"] = [*field.enum, *([None] if field.nullable else [])]
    elif field.format:
        schema |= _FORMATS[field.format]
    if field.note:
        schema["description"] = field.note
    return schema


def _object(path: Path, children: dict[Path, list[Field]], shape: Shape) -> Json:
    known = children.get(path, [])
    rest = [child for child in known if child.path[-1] == "*"]
    return {
        "type": "object",
        "properties": {str(child.path[-1]): _value(child, children, shape) for child in known if child not in rest},
        "required": [str(child.path[-1]) for child in known if child.presence == "always" and child not in rest],
        "additionalProperties": _value(rest[0], children, shape) if rest else False,
    }


def _attributes(field: Field, children: dict[Path, list[Field]], shape: Shape) -> Json:
    """One closed object for every node type that is known; a node type from elsewhere stays open."""
    known = {str(child.path[-1]): child for child in children.get(field.path, ())}
    table = node_attributes(shape.kratos)
    branches: list[Json] = []
    for name, keys in table.items():
        properties = {key: _attribute(known[key], entry, children, shape) for key, entry in keys.items()}
        branches.append(
            {
                "type": "object",
                "properties": {**properties, "node_type": {"const": name}},
                "required": [key for key, entry in keys.items() if entry["presence"] == "always"],
                "additionalProperties": False,
            }
        )
    other = {"properties": {"node_type": {"type": "string", "not": {"enum": list(table)}}}, "required": ["node_type"]}
    return {"type": "object", "anyOf": [*branches, other]}


def _attribute(field: Field, entry: Json, children: dict[Path, list[Field]], shape: Shape) -> Json:
    if "any" in entry["types"]:
        return {}
    schema = _value(field, children, shape) if entry["types"] == ["object"] and "object" in field.types else {}
    return {**schema, "type": entry["types"][0] if len(entry["types"]) == 1 else entry["types"]}
