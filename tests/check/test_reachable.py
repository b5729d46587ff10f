"""What stands behind the findings in the rules' bad examples: a ctx Kratos can send, a failure, a hint that works."""

from dataclasses import replace
from functools import cache

import jsonschema_rs
import pytest
from rule_examples import Example, examples_of_files, examples_of_pages

from jsonnet_ctx.check.bases import base_contexts
from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.literals import literals_of
from jsonnet_ctx.check.search import found, search
from jsonnet_ctx.check.state import Effort, Learned
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.engine.outcome import Failed, Outcome, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.ctx_schema import ctx_schema
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.project.identity_schema import load_identity_schema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.syntax.hint import Replacement, replacement_at
from jsonnet_ctx.syntax.position import byte_text, line_column, offset_of, plain_text

BAD = [*examples_of_files("bad"), *examples_of_pages("bad")]
EFFORT = Effort(examples=20, seed=0)


@cache
def searched(example: Example) -> tuple[Target, tuple[Fault, ...]]:
    """The target of an example and every fault that the search finds in it."""
    headers = (("Content-Type", example.content_type),) if example.content_type else ()
    name = "webhook.jsonnet"
    target = Target(
        template=Template(example.text, name, name, Location(name, 1, 1)),
        hook=parse_hook_point(example.hook),
        kratos=example.kratos,
        webhook=WebHook(headers=headers),
        schema=load_identity_schema(example.schema),
        header_allowlist=None,
    )
    engine = shared_engine(target.kratos)
    state = search(target, engine, literals_of(example.text), Learned(), EFFORT)
    return target, tuple(found(state))


def exactly(target: Target, text: str, fault_ctx: dict[str, object]) -> Outcome:
    """One evaluation on the exact path."""
    template = replace(target.template, text=text)
    return shared_engine(target.kratos).evaluate(template, fault_ctx, content_type=target.content_type)


@pytest.mark.parametrize("example", BAD, ids=str)
def test_every_failing_ctx_is_one_that_kratos_can_send(example: Example) -> None:
    target, faults = searched(example)
    validator = jsonschema_rs.validator_for(ctx_schema(target.shape()))
    told = [f"{fault.path_text}: {error.message}" for fault in faults for error in validator.iter_errors(fault.ctx)]
    assert told == []


@pytest.mark.parametrize("example", BAD, ids=str)
def test_every_failing_ctx_fails_on_the_exact_path_at_that_place(example: Example) -> None:
    target, faults = searched(example)
    for fault in faults:
        outcome = exactly(target, example.text, fault.ctx)
        assert isinstance(outcome, Failed)
        assert (outcome.error.kind, outcome.error.location) == (fault.error.kind, fault.error.location)


@pytest.mark.parametrize("example", BAD, ids=str)
def test_every_replacement_takes_its_failure_away_and_changes_nothing_else(example: Example) -> None:
    target, faults = searched(example)
    for fault in faults:
        found_here = replacement_of(example.text, fault) if fault.possible else None
        if found_here is None:
            continue
        mended = with_replacement(example.text, found_here)
        assert not fails_there(exactly(target, mended, fault.ctx), example.text, found_here)
        for base in base_contexts(target):
            before = exactly(target, example.text, base.ctx)
            if isinstance(before, Rendered):
                after = exactly(target, mended, base.ctx)
                assert isinstance(after, Rendered)
                assert after.payload == before.payload


def test_the_examples_bring_replacements_to_test() -> None:
    """The test above would pass where no hint held an expression."""
    faults = [(example, fault) for example in BAD for fault in searched(example)[1]]
    assert sum(fault.possible and replacement_of(example.text, fault) is not None for example, fault in faults) > 20


def replacement_of(text: str, fault: Fault) -> Replacement | None:
    """The replacement that the hint of a fault shows, with its span."""
    error = fault.error
    if error.line is None or error.column is None:
        return None
    frame = next((frame for frame in error.frames if frame.location == error.location), None)
    if frame is None or frame.end_line is None or frame.end_column is None:
        return None
    start, end = offset_of(text, error.line, error.column), offset_of(text, frame.end_line, frame.end_column)
    return replacement_at(text, start, end, error.kind)


def with_replacement(text: str, found_here: Replacement) -> str:
    """The template with the hint written into it."""
    start, end = found_here.span
    characters = byte_text(text)
    return plain_text(characters[:start] + byte_text(found_here.expression) + characters[end:])


def fails_there(outcome: Outcome, text: str, found_here: Replacement) -> bool:
    """Whether an evaluation of the mended template fails inside what was written."""
    if not isinstance(outcome, Failed) or outcome.error.line is None:
        return False
    line, column = line_column(text, found_here.span[0])
    end = column + len(found_here.expression.encode())
    return outcome.error.line == line and column <= (outcome.error.column or 0) < end
