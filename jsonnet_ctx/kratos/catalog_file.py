"""The catalog of Kratos facts, read once from the package's JSON files."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("catalog")


@cache
def catalog(name: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of ``catalog/<name>.json``, each with its ``evidence`` (captured or source).

    The rows are shared between callers: read them, never change them.
    """
    return tuple(json.loads((_FOLDER / f"{name}.json").read_bytes())["rows"])
