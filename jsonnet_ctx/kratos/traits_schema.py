"""An identity schema as part of a ctx's JSON Schema: what its traits look like once Kratos passed them on."""

from typing import Any

IDENTITY_SCHEMA_ID = "urn:jsonnet-ctx:identity-schema"
"""The ``$id`` under which the identity schema is embedded, so that its own ``#/…`` references hold."""

_DEPTH = 200


def identity_schema_resource(identity_schema: dict[str, Any]) -> dict[str, Any]:
    """Return the identity schema as a resource that can stand under ``$defs``.

    Below the traits themselves ``required`` and ``minProperties`` are dropped: Kratos passes an
    object that nobody submitted on as ``{}``. Remote references are dropped, since nothing is
    fetched. What lies deeper than 200 levels is taken as open.
    """
    plain = {key: value for key, value in identity_schema.items() if key not in ("$id", "$schema", "id")}
    resource = _relaxed(plain, 0)
    properties = plain.get("properties")
    traits = properties.get("traits") if isinstance(properties, dict) else None
    relaxed = resource.setdefault("properties", {})
    if isinstance(relaxed, dict):
        relaxed.setdefault("traits", {})
        if (
            isinstance(traits, dict)
            and isinstance(relaxed["traits"], dict)
            and isinstance(traits.get("required"), list)
        ):
            relaxed["traits"]["required"] = traits["required"]
    return {"$id": IDENTITY_SCHEMA_ID, **resource}


def _relaxed(node: Any, depth: int) -> Any:
    if isinstance(node, list):
        return [_relaxed(item, depth + 1) for item in node] if depth < _DEPTH else []
    if not isinstance(node, dict):
        return node
    if depth >= _DEPTH:
        return {}
    kept = {}
    for key, value in node.items():
        remote = key == "$ref" and isinstance(value, str) and not value.startswith("#")
        loosened = (key == "required" and isinstance(value, list)) or (
            key == "minProperties" and isinstance(value, int)
        )
        if not (remote or loosened or key == "$id"):
            kept[key] = _relaxed(value, depth + 1)
    return kept
