"""Contexts per second: the worker's ways of evaluating beside the loops that people write."""

import json
import re
import time
from collections.abc import Iterator
from statistics import median

import _gojsonnet
import _jsonnet

from benchmarks.commands import EXAMPLE
from benchmarks.templates import LIGHT, REALISTIC, context
from benchmarks.timing import Row, Times, best
from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

RULES = EXAMPLE.parent / "rules"
CONTEXTS = 200
NAIVE_CONTEXTS = 10
TEMPLATES = {"light": LIGHT, "realistic": REALISTIC}
GOALS = {"light": ">= 150", "realistic": ">= 20"}


def template(text: str) -> Template:
    """A template from text."""
    return Template(text, "benchmark.jsonnet", "file://benchmark.jsonnet", Location("benchmark.jsonnet", 1, 1))


def evaluation_rows(engine: Engine, rounds: int) -> list[Row]:
    """Each template's microseconds per context and the ratios between the ways of evaluating it."""
    rows: list[Row] = []
    for name, text in TEMPLATES.items():
        times = per_context(text, rounds, engine)
        rows += [Row(f"{name}: {way}", seconds * 1e6, unit="us") for way, seconds in times.items()]
        rows += [
            Row(
                f"{name}: many in the worker, times as fast as the C++ loop",
                times["C++ loop"] / times["many"],
                GOALS[name],
            ),
            Row(f"{name}: many in the worker, times as fast as the Go loop", times["Go loop"] / times["many"]),
            Row(
                f"{name}: one by one in the worker, against the Go loop in process",
                times["one by one"] / times["Go loop"],
            ),
            Row(f"{name}: traced against plain, both many", times["traced"] / times["many"], "<= 2"),
            Row(f"{name}: traced many against plain one by one", times["traced"] / times["one by one"], "<= 2"),
        ]
    rows += tracing_rows(engine, rounds)
    return [*rows, Row("a template without end, killed, and the next evaluation", hostile(engine), "<= 1.2", "s")]


def per_context(text: str, rounds: int, engine: Engine) -> Times:
    """Seconds per context, each way of evaluating one template."""
    contexts = [context(number) for number in range(CONTEXTS)]
    some, few = contexts[:50], contexts[:NAIVE_CONTEXTS]
    asked = template(text)
    outcomes = engine.evaluate_many(asked, contexts)
    if not all(isinstance(outcome, Rendered) for outcome in outcomes):
        raise SystemExit(f"a benchmark template fails: {next(o for o in outcomes if not isinstance(o, Rendered))}")

    def in_process() -> None:
        for ctx in some:
            json.loads(_gojsonnet.evaluate_snippet("t", text, tla_codes={"ctx": json.dumps(ctx)}))

    def naive() -> None:
        for ctx in few:
            json.loads(_jsonnet.evaluate_snippet("t", text, tla_codes={"ctx": json.dumps(ctx)}))

    def exact() -> None:
        for ctx in some:
            engine.evaluate(asked, ctx)

    return best(
        {
            "C++ loop": (naive, len(few)),
            "Go loop": (in_process, len(some)),
            "one by one": (exact, len(some)),
            "many": (lambda: engine.evaluate_many(asked, contexts), len(contexts)),
            "traced": (lambda: engine.trace(asked, contexts), len(contexts)),
        },
        rounds,
    )


def tracing_rows(engine: Engine, rounds: int) -> list[Row]:
    """What tracing costs over templates as people write them: the good examples of the rules, at their hook points."""
    ratios = sorted(_tracing(engine, rounds, text, hook) for text, hook in _examples())
    return [
        Row(f"traced against plain, the median of {len(ratios)} example templates", median(ratios), "<= 2"),
        Row("traced against plain, the most of them", ratios[-1]),
    ]


def _examples() -> Iterator[tuple[str, str]]:
    for path in sorted(RULES.glob("*/good/*.jsonnet")):
        text = path.read_text(encoding="utf-8")
        hook = re.match(r"// hook: (\S+)", text)
        if hook is not None:
            yield text, hook[1]


def _tracing(engine: Engine, rounds: int, text: str, hook: str) -> float:
    contexts = [kratos_ctx(hook, seed=seed) for seed in range(50)]
    asked = template(text)
    times = best(
        {
            "plain": (lambda: engine.evaluate_many(asked, contexts), len(contexts)),
            "traced": (lambda: engine.trace(asked, contexts, blame=False), len(contexts)),
        },
        rounds,
    )
    return times["traced"] / times["plain"]


def hostile(engine: Engine) -> float:
    """Seconds that a template without end costs, with the next evaluation of a plain one."""
    endless = template("local f(n, a) = if n == 0 then a else f(n - 1, a + a) tailstrict; function(ctx) f(60, 'xx')")
    begun = time.perf_counter()
    engine.evaluate(endless, {})
    engine.evaluate(template(LIGHT), context(1))
    return time.perf_counter() - begun
