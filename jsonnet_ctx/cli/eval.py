"""``jsonnet-ctx eval``: one evaluation, as Kratos does it."""

from typing import Any

import click

from jsonnet_ctx.cli import answer_text, options
from jsonnet_ctx.cli.error_kinds import KINDS
from jsonnet_ctx.cli.eval_json import eval_object
from jsonnet_ctx.cli.output import wants_color, write_result
from jsonnet_ctx.cli.question import EvalOptions, Question, read_question
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.answer import load_answer
from jsonnet_ctx.engine.effect import Effect, effect_of
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.engine.request import Request, request_of
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.records import replace
from jsonnet_ctx.report.json_report import dump_json
from jsonnet_ctx.report.text import render_finding

FAILED = 1
PRINTS = ("payload", "request", "ctx", "reads", "effect")


@click.command("eval")
@click.argument("template")
@options.hook
@options.config
@click.option("--ctx", "ctx_file", metavar="FILE", help="The ctx: a fixture, a capture or a bare ctx.")
@options.given
@options.without
@options.client
@options.content_type
@click.option("--response", metavar="FILE", help="The receiver's answer; default 200 with {}.")
@click.option(
    "--print", "shown", type=click.Choice(PRINTS), default="payload", show_default=True, help="What to print."
)
@click.option(
    "--format", type=click.Choice(("text", "json")), default="text", show_default=True, help="json: all of it."
)
@options.kratos
@options.identity_schema
@options.seed
@options.engine
@options.output
@options.no_notes
def evaluate(template: str, **values: Any) -> int:
    """Evaluate TEMPLATE once and print its payload, byte for byte as Kratos would send it.

    TEMPLATE is a file, - for standard input, or an action of a config such as
    kratos.yml::registration.after.oidc[0]. Exits with 1 where the template fails; a cancel is no
    failure.

    \b
    Examples:
      jsonnet-ctx eval webhook.jsonnet --hook registration.after.oidc
      jsonnet-ctx eval webhook.jsonnet --config kratos.yml --print request
      jsonnet-ctx eval webhook.jsonnet --hook login.after.password --ctx captured.json
      jsonnet-ctx eval webhook.jsonnet --hook registration.after.password \\
          --given flow.transient_payload='{"plan": "pro"}' --without identity.traits.name
      echo 'function(ctx) ctx.identity.traits' | jsonnet-ctx eval - --hook login.after.password
    """
    asked = EvalOptions(**values)
    question = read_question(template, asked)
    target = question.target
    outcome = _outcome(question)
    effect = _effect(question, outcome, asked.response)
    request = request_of(target.webhook, outcome, kratos=target.kratos)
    if asked.format == "json":
        reads = _reads(question) if asked.shown == "reads" else (frozenset(), frozenset())
        write_result(dump_json(eval_object(question, outcome, request, effect, asked.shown, reads)), asked.output)
    else:
        _tell(question, outcome, request, effect, asked)
    return FAILED if isinstance(outcome, Failed | Unreadable) else 0


def _outcome(question: Question) -> Outcome | Unreadable:
    """What became of the template; an action whose body gives none fails every call, which needs no engine."""
    if question.unreadable is not None:
        return question.unreadable
    target = question.target
    engine = shared_engine(target.kratos, question.engine)
    return engine.evaluate(target.template, question.ctx, content_type=target.content_type)


def _effect(question: Question, outcome: Outcome | Unreadable, response: str | None) -> Effect:
    target = question.target
    return effect_of(
        target.webhook,
        outcome,
        hook=target.hook,
        client=question.client,
        kratos=target.kratos,
        answer=load_answer(response) if response else None,
        identity_schema=target.schema_document,
    )


def _tell(
    question: Question, outcome: Outcome | Unreadable, request: Request | None, effect: Effect, asked: EvalOptions
) -> None:
    """Print what was asked for; where it does not exist, why not."""
    told = _told(question, outcome, request, effect, asked.shown)
    reason = _reason(question, outcome, color=asked.output is None and wants_color())
    if told is None and not reason:
        # The template is fine, and still nothing leaves: Go refuses the request.
        reason = f"no request leaves: {effect.log_error}\n"
    write_result(reason if told is None else told, asked.output)
    if told is not None and reason:
        click.echo(reason, err=True, nl=False)


def _told(
    question: Question, outcome: Outcome | Unreadable, request: Request | None, effect: Effect, shown: str
) -> str | None:
    """What ``--print`` asks for as text, None where the outcome has no such thing."""
    if shown == "ctx":
        return dump_json(question.ctx)
    if shown == "effect":
        return answer_text.effect_text(effect)
    if shown == "reads":
        return answer_text.reads_text(*_reads(question))
    if shown == "payload":
        return outcome.text if isinstance(outcome, Rendered) else None
    return answer_text.request_text(request) if request else None


def _reason(question: Question, outcome: Outcome | Unreadable, *, color: bool) -> str:
    """Why there is no payload; empty where there is one."""
    if isinstance(outcome, Cancelled):
        return answer_text.cancelled_text(outcome)
    if isinstance(outcome, Failed):
        from jsonnet_ctx.check.one_failure import failure_finding

        finding = failure_finding(question.target, outcome.error, question.ctx, question.client)
        hint = finding.hint or KINDS[outcome.error.kind].fix
        return render_finding(replace(finding, hint=hint), color=color)
    if isinstance(outcome, Unreadable):
        return render_finding(_unreadable(question, outcome), color=color)
    return ""


def _unreadable(question: Question, body: Unreadable) -> Finding:
    """The finding on an action whose body gives no template."""
    target = question.target
    return Finding(
        rule="",
        slug=body.kind,
        severity=Severity.ERROR,
        message=body.message,
        location=body.location,
        hint=body.hint,
        effect=_effect(question, body, None).summary,
        hooks=(target.hook.id,),
        kratos=(target.kratos,),
    )


def _reads(question: Question) -> tuple[frozenset[Path], frozenset[Path]]:
    if question.unreadable is not None:
        return frozenset(), frozenset()
    (trace,) = shared_engine(question.target.kratos, question.engine).trace(question.target.template, [question.ctx])
    return trace.reads, trace.tests
