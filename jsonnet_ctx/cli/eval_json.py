"""The object that ``eval --format json`` prints."""

from typing import Any

from jsonnet_ctx.cli import answer_text
from jsonnet_ctx.cli.question import Question
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.effect import Effect
from jsonnet_ctx.engine.outcome import Outcome, Rendered, Usage
from jsonnet_ctx.engine.request import Request
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.report.json_report import FORMAT

Reads = tuple[frozenset[Path], frozenset[Path]]


def eval_object(
    question: Question, outcome: Outcome | Unreadable, request: Request | None, effect: Effect, shown: str, reads: Reads
) -> dict[str, Any]:
    """The whole answer; ``--print ctx`` and ``reads`` add a key of their name, ``effect`` the details to that key.

    A body that gives no template is ``failed``, with what is wrong with it as the kind.
    """
    rendered = outcome if isinstance(outcome, Rendered) else None
    usage = Usage() if isinstance(outcome, Unreadable) else outcome.usage
    told = {
        "format": FORMAT,
        "outcome": "failed" if isinstance(outcome, Unreadable) else type(outcome).__name__.lower(),
        "payload": rendered.payload if rendered else None,
        "text": rendered.text if rendered else None,
        "error": _error(outcome, question.target.template.name),
        "request": request.as_json() if request else None,
        "effect": effect.as_json(),
        "limits": {
            "seconds": usage.seconds,
            "input_bytes": usage.input_bytes,
            "output_bytes": usage.output_bytes,
        },
    }
    if shown == "effect":
        told["effect"] = {**effect.as_json(), **effect.details()}
    if shown == "ctx":
        told["ctx"] = question.ctx
    if shown == "reads":
        told["reads"], told["tests"] = (answer_text.path_texts(paths) for paths in reads)
    return told


def _error(outcome: Outcome | Unreadable, template: str) -> dict[str, Any] | None:
    if isinstance(outcome, Rendered):
        return None
    if isinstance(outcome, Unreadable):
        kind, message, path, place = outcome.kind, outcome.message, None, outcome.location
    else:
        error = outcome.error
        kind, message, path, place = error.kind, error.message, error.path, error.location or Location(template)
    return {
        "kind": kind,
        "message": message,
        "template": place.path,
        "line": place.line,
        "column": place.column,
        "path": path,
    }
