"""What the tests of the engine share: templates from text, outcomes to compare, captured contexts."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jsonnet_ctx.engine.outcome import Failed, Outcome, Rendered, TemplateError, Usage
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"
NAME = "hook.jsonnet"
URI = "file://./hook.jsonnet"


def template(text: str) -> Template:
    """A template called ``hook.jsonnet`` whose body the config writes as a ``file://`` URI."""
    return Template(text, NAME, URI, Location(NAME, 1, 1))


def evaluate(text: str, ctx: Any = None, *, kratos: str = "v26.2.0", content_type: str | None = None) -> Outcome:
    """Evaluate on the exact path with the shared engine of a version; the empty ctx where none is given."""
    return shared_engine(kratos).evaluate(template(text), {} if ctx is None else ctx, content_type=content_type)


def rendered(outcome: Outcome) -> Rendered:
    """The outcome, which has to be rendered."""
    assert isinstance(outcome, Rendered), outcome
    return outcome


def error_of(outcome: Outcome) -> TemplateError:
    """The error of an outcome, which has to be failed."""
    assert isinstance(outcome, Failed), outcome
    return outcome.error


def untimed(outcome: Outcome) -> Outcome:
    """The outcome without what it cost, to compare two ways to the same one."""
    return replace(outcome, usage=Usage())


@cache
def captured(every: int = 20) -> tuple[dict[str, Any], ...]:
    """Every so manieth ctx that a running Kratos sent (a session tokenizer and a claims mapper get none)."""
    files = sorted(path for path in CAPTURES.glob("*.json") if "__" in path.name)
    kept = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    return tuple(capture["ctx"] for capture in kept if "ctx" in capture)[::every]
