"""The package's data about Kratos's config schema, and which versions it speaks of."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonnet_ctx.kratos.versions import VERSIONS, reaches


@cache
def config_keys() -> dict[str, Any]:
    """Return ``config_keys.json``; shared between callers: read it, never change it."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("config_keys.json").read_bytes())
    return data


def versions_before(since: str) -> tuple[str, ...]:
    """Every known version older than ``since``."""
    return tuple(version for version in VERSIONS if not reaches(version, since))
