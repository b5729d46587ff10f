"""Which members of std the go-jsonnet inside each Kratos version has."""

from functools import cache

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import VERSIONS, parse_version


@cache
def std_members(kratos: str) -> frozenset[str]:
    """Return the members of std that a template can use under this Kratos version.

    Kratos v1.0.0 links go-jsonnet 0.19, later v1 versions 0.20, v25.4.0 and later 0.21.
    ``std.isNull`` came only with 0.22 and is in none (behaviours.json row std.std.isNull).
    Raises UnknownName for an unknown version.
    """
    version = parse_version(kratos)
    linked = next(str(row["go_jsonnet"]) for row in catalog("versions") if row["version"] == version)
    return frozenset(row["name"] for row in catalog("std_members") if _number(row["go_jsonnet"]) <= _number(linked))


def std_since(member: str) -> str | None:
    """Return the first known Kratos version with this member of std; None when no version has it."""
    return next((version for version in VERSIONS if member in std_members(version)), None)


def _number(go_jsonnet: str) -> tuple[int, ...]:
    return tuple(int(part) for part in go_jsonnet.split("."))
