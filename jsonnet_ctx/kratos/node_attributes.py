"""Which keys the attributes of a form's node have: they depend on its node_type."""

from functools import cache
from typing import Any

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import within


@cache
def node_attributes(kratos: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return node type → key → ``{presence, types}`` for the node types of this Kratos version.

    Shared between callers: read it, never change it.
    """
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for row in catalog("fields"):
        if row["part"] != "attributes" or not within(kratos, row.get("since"), row.get("until")):
            continue
        for node_type, entry in row["node_types"].items():
            if within(kratos, entry.get("since"), None):
                table.setdefault(node_type, {})[row["key"]] = entry
    return table
