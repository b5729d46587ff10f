"""How few evaluations ``check`` needs, beside the matrix of every path of ctx times every fault.

The matrix is what somebody runs who does not know what a template reads: at each path of each ctx,
the value absent, null, empty and of another type. Those of its edits that a Kratos can send are
evaluated, and every crash that they show has to be among those that ``check`` finds.

The table takes one bad example of each rule; ``python -m benchmarks.faults`` takes all (minutes).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.commands import EXAMPLE
from benchmarks.timing import Row
from jsonnet_ctx.check.bases import Base, base_contexts
from jsonnet_ctx.check.literals import literals_of
from jsonnet_ctx.check.plan import Request, plan
from jsonnet_ctx.check.run import all_targets
from jsonnet_ctx.check.search import search
from jsonnet_ctx.check.state import DELIBERATE, Effort, Learned
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.edit import apply_edit, value_at
from jsonnet_ctx.context.vary import edits_for
from jsonnet_ctx.ctx_path import Path as CtxPath
from jsonnet_ctx.engine.outcome import Failed, TemplateError
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.identity_schema import load_identity_schema

RULES = EXAMPLE.parent / "rules"
FAULTS = 4
_NAMES = "hook|kratos|content-type|contract"
_WORDS = re.compile(rf"(?P<word>{_NAMES}): (?P<value>.*?)(?= (?:{_NAMES}): |$)")
_RUNS_AWAY = frozenset({"timeout", "memory", "stack", "worker-died"})

Crash = tuple[str, int | None, int | None]
"""A distinct crash: its kind and its place in the template."""


class Searched(NamedTuple):
    """One target: evaluations that check and the matrix take, and the crashes that each finds."""

    spent: int
    every: int
    reachable: int
    found: frozenset[Crash]
    shown: frozenset[Crash]


def fault_rows(*, all_examples: bool = False) -> list[Row]:
    """The shares of evaluations, and how many crashes of the matrix ``check`` misses."""
    results = [searched(target) for target in (*_example_targets(), *_rule_targets(all_examples))]
    spent, every = sum(one.spent for one in results), sum(one.every for one in results)
    reachable = sum(one.reachable for one in results)
    missed = sum(len(one.shown - one.found) for one in results)
    return [
        Row("templates x hook points searched", len(results)),
        Row("distinct crashes that the matrix shows", sum(len(one.shown) for one in results)),
        Row("distinct crashes of the matrix that check misses", missed, "<= 0"),
        Row("distinct crashes that only check finds", sum(len(one.found - one.shown) for one in results)),
        Row("evaluations of check", spent),
        Row("evaluations of the matrix: every path x 4 faults", every),
        Row("share of the matrix that check evaluates", spent / every * 100, "<= 10", "%"),
        Row("share of those edits of the matrix that a kratos can send", spent / reachable * 100, unit="%"),
    ]


def searched(target: Target) -> Searched:
    """Search one target both ways."""
    engine = shared_engine(target.kratos)
    state = search(target, engine, literals_of(target.template.text), Learned(), Effort())
    found = frozenset(_crash(fault.error) for fault in state.faults.values())
    if any(kind in _RUNS_AWAY for kind, _line, _column in found):
        return Searched(0, 0, 0, frozenset(), frozenset())  # each evaluation would take Kratos's whole second
    every, contexts = 0, []
    for base in base_contexts(target):
        paths = list(_paths(base.ctx))
        every += len(paths) * FAULTS
        contexts += [base.ctx, *(apply_edit(base.ctx, edit) for path in paths for edit in _faults(base, path))]
    outcomes = engine.evaluate_many(target.template, contexts, content_type=target.content_type)
    shown = {_crash(outcome.error) for outcome in outcomes if isinstance(outcome, Failed)}
    accidents = frozenset(crash for crash in shown if crash[0] not in DELIBERATE)
    return Searched(state.evaluations, every, len(contexts), found, accidents)


def _crash(error: TemplateError) -> Crash:
    return (error.kind, error.line, error.column)


def _paths(value: Any, path: CtxPath = ()) -> Iterator[CtxPath]:
    """Every path of a ctx."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))


def _faults(base: Base, path: CtxPath) -> Iterator[Edit]:
    """The four faults of a path, as far as a Kratos can send them; one value stands for all other types."""
    kinds: dict[str, Edit] = {}
    present = value_at(base.ctx, path)
    for variation in edits_for(base.shape, base.scenario, base.ctx, path, values=True):
        edit = variation.edit
        if edit.path == path and (edit.op != "set" or type(edit.value) is not type(present)):
            kinds.setdefault(edit.op, edit)
    yield from kinds.values()


def _example_targets() -> list[Target]:
    """The running example's templates, as its configs wire them."""
    configs = (EXAMPLE / "kratos.yml", EXAMPLE / "kratos.careless.yml")
    return [
        target for config in configs for target in all_targets(plan(Request(paths=(), root=EXAMPLE, config=config)))
    ]


def _rule_targets(all_examples: bool) -> list[Target]:
    """The bad examples of the rules, or the first of each; the first line of each says where it runs."""
    folders = (folder for folder in sorted(RULES.glob("*/bad")) if not (folder / "kratos.yml").exists())
    files = (sorted(folder.glob("*.jsonnet"))[: None if all_examples else 1] for folder in folders)
    return [target for paths in files for path in paths for target in _targets_of(path)]


def _targets_of(path: Path) -> list[Target]:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    said = {match["word"]: match["value"].strip() for match in _WORDS.finditer(first)}
    schema = next(place / "identity.schema.json" for place in path.parents if (place / "identity.schema.json").exists())
    request = Request(
        paths=(path,),
        root=RULES,
        hooks=(parse_hook_point(said["hook"]),),
        versions=(said.get("kratos", LATEST),),
        schema=load_identity_schema(schema),
        content_type=said.get("content-type"),
    )
    return all_targets(plan(request))


if __name__ == "__main__":
    sys.stdout.writelines(f"{row}\n" for row in fault_rows(all_examples=True))
