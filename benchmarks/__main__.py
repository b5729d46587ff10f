"""Measure, in one run and in interleaved rounds, and print a table of ratios: ``python -m benchmarks [ROUNDS]``."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping

import _gojsonnet
import _jsonnet

from benchmarks.templates import LIGHT, REALISTIC, context
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

CONTEXTS = 200
NAIVE_CONTEXTS = 10

Times = dict[str, float]


def template(text: str) -> Template:
    """A template from text."""
    return Template(text, "benchmark.jsonnet", "file://benchmark.jsonnet", Location("benchmark.jsonnet", 1, 1))


def best(jobs: Mapping[str, tuple[Callable[[], object], int]], rounds: int) -> Times:
    """The least seconds per item of each job, ``(call, items)``; the jobs take turns."""
    least = dict.fromkeys(jobs, float("inf"))
    for _ in range(rounds):
        for name, (job, items) in jobs.items():
            begun = time.perf_counter()
            job()
            least[name] = min(least[name], (time.perf_counter() - begun) / items)
    return least


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
            "naive": (naive, len(few)),
            "in process": (in_process, len(some)),
            "exact": (exact, len(some)),
            "many": (lambda: engine.evaluate_many(asked, contexts), len(contexts)),
            "trace": (lambda: engine.trace(asked, contexts), len(contexts)),
        },
        rounds,
    )


def hostile(engine: Engine) -> float:
    """Seconds that a template without end costs, with the next evaluation of a plain one."""
    endless = template("local f(n, a) = if n == 0 then a else f(n - 1, a + a) tailstrict; function(ctx) f(60, 'xx')")
    begun = time.perf_counter()
    engine.evaluate(endless, {})
    engine.evaluate(template(LIGHT), context(1))
    return time.perf_counter() - begun


def cold_start(rounds: int) -> Times:
    """Seconds of one ``jsonnet-ctx check`` of a file from a cold start, beside a bare Python's."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "pyproject.toml").write_text("[tool.jsonnet-ctx]\n", encoding="utf-8")
        file = pathlib.Path(folder, "webhook.jsonnet")
        file.write_text(LIGHT, encoding="utf-8")
        check = [sys.executable, "-m", "jsonnet_ctx.cli.main", "check", str(file)]
        check += ["--hook", "login.after.password", "--fail-on", "never"]

        # As installed: the modules are compiled once, not at each start.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(pathlib.Path(folder, "compiled"))

        def run(command: list[str]) -> None:
            subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)

        run(check)
        return best(
            {"python": (lambda: run([sys.executable, "-c", ""]), 1), "check": (lambda: run(check), 1)},
            rounds,
        )


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    write = sys.stdout.write
    with Engine() as engine:
        write(f"{engine.label}, best of {rounds} rounds\n\n")
        write(f"{'':12}{'C++ loop':>12}{'Go loop':>12}{'one by one':>12}{'many':>12}{'traced':>12}   us per context\n")
        ratios = []
        for name, text in (("light", LIGHT), ("realistic", REALISTIC)):
            times = per_context(text, rounds, engine)
            write(f"{name:12}" + "".join(f"{seconds * 1e6:12.0f}" for seconds in times.values()) + "\n")
            ratios += [
                (f"{name}: contexts per second, many against a C++ loop", times["naive"] / times["many"]),
                (
                    f"{name}: contexts per second, many against a Go loop in process",
                    times["in process"] / times["many"],
                ),
                (f"{name}: time, one by one in the worker against in process", times["exact"] / times["in process"]),
                (f"{name}: time, traced against plain, both many", times["trace"] / times["many"]),
                (f"{name}: time, traced against plain, one by one", times["trace"] / times["exact"]),
            ]
        write("\n" + "".join(f"{label:70}{ratio:8.2f}\n" for label, ratio in ratios))
        write(f"{'a template without end, killed, and the next evaluation: seconds':70}{hostile(engine):8.2f}\n")
    times = cold_start(rounds)
    write(f"{'cold check of one file: milliseconds':70}{times['check'] * 1e3:8.0f}\n")
    write(f"{'bare python: milliseconds':70}{times['python'] * 1e3:8.0f}\n")
    write(f"{'cold check of one file against bare python':70}{times['check'] / times['python']:8.2f}\n")


if __name__ == "__main__":
    main()
