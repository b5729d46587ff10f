"""The catalog of Kratos facts, read once from the package's JSON files."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def catalog(name: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of ``catalog/<name>.json``, each with its ``evidence`` (captured or source).

    The rows are shared between callers: read them, never change them.
    """
    text = files("jsonnet_ctx.kratos").joinpath("catalog", f"{name}.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["rows"])
