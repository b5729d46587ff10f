"""Kratos versions that the catalog knows, and their order."""

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.catalog_file import catalog

VERSIONS: tuple[str, ...] = tuple(row["version"] for row in catalog("versions"))
"""Every known version, oldest first, as Kratos tags it (``v26.2.0``)."""

LATEST: str = VERSIONS[-1]
"""The newest known version: the profile where nobody names one."""


def parse_version(text: str) -> str:
    """Return the version's tag: ``26.2.0`` and ``v26.2.0`` are both ``v26.2.0``.

    Raises UnknownName for a version without a row in the catalog.
    """
    tag = text if text.startswith("v") else f"v{text}"
    if tag not in VERSIONS:
        raise UnknownName("kratos version", text, VERSIONS)
    return tag


def reaches(version: str, since: str | None) -> bool:
    """Tell whether ``version`` is ``since`` or newer; ``since`` of None is every version."""
    return since is None or VERSIONS.index(version) >= VERSIONS.index(since)


def within(version: str, since: str | None, until: str | None) -> bool:
    """Tell whether ``version`` lies from ``since`` to ``until``, both included; None is no bound."""
    return reaches(version, since) and (until is None or reaches(until, version))
