"""The captured contexts: what a running Kratos passed to its hooks."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "fixtures" / "captures"


def hook_captures() -> dict[str, dict[str, Any]]:
    """Every capture of a hook point by its file name; courier, mapper and tokenizer ones are left out."""
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
    return {name: capture for name, capture in found.items() if "hook" in capture}
