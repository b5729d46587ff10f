"""The example's templates over recorded contexts: the bundled engine and that of a kratos binary."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Failed, Outcome, Rendered
from jsonnet_ctx.project.template_file import load_template

FIXTURES = Path(__file__).parents[2] / "fixtures"
_EVERY = 25


def disagreements(binary: str, kratos: str) -> list[str]:
    """Every template and context on which the two give other bytes or another error."""
    templates = [load_template(path) for path in sorted((FIXTURES / "activate").glob("webhook.*.jsonnet"))]
    found = []
    with Engine(kratos) as ours, Engine(kratos, f"kratos:{binary}") as theirs:
        for template in templates:
            for name, ctx in _contexts().items():
                outcomes = [_plain(engine.evaluate(template, ctx)) for engine in (ours, theirs)]
                if outcomes[0] != outcomes[1]:
                    found.append(f"{Path(template.name).name} over {name}: {outcomes[0]!r}, kratos {outcomes[1]!r}")
    return found


def _contexts() -> dict[str, Any]:
    files = sorted((FIXTURES / "captures").glob("*__*.json"))
    kept = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {name: kept[name]["ctx"] for name in list(kept)[::_EVERY] if "ctx" in kept[name]}


def _plain(outcome: Outcome) -> object:
    """An outcome by what Kratos makes of it: the bytes of the body, or the text of the error."""
    if isinstance(outcome, Rendered):
        return outcome.text
    failed = isinstance(outcome, Failed)
    return ("failed" if failed else "cancelled"), replace(outcome.error, ctx_path=None).raw
