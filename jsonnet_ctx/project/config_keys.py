"""The package's data about Kratos's config schema, and which versions it speaks of."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonnet_ctx.kratos.versions import VERSIONS, reaches


@cache
def config_keys() -> dict[str, Any]:
    """Return ``config_keys.json``; shared between callers: read it, never change it."""
    text = files("jsonnet_ctx.project").joinpath("config_keys.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def versions_before(since: str) -> tuple[str, ...]:
    """Every known version older than ``since``."""
    return tuple(version for version in VERSIONS if not reaches(version, since))
