"""Measure in one run and in turns, and print figures beside their goals: ``python -m benchmarks [ROUNDS]``."""

import os
import sys
import time
from collections.abc import Callable

from benchmarks.cases import case_rows
from benchmarks.commands import command_rows
from benchmarks.evaluation import evaluation_rows
from benchmarks.faults import fault_rows
from benchmarks.timing import Row
from jsonnet_ctx.engine.engine import Engine


def main() -> None:
    """Print the table, one part after the other."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    begun = time.perf_counter()
    with Engine() as engine:
        load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
        sys.stdout.write(f"{engine.label}, the best of {rounds} rounds; load of the machine: {load}\n")
        parts: dict[str, Callable[[], list[Row]]] = {
            "contexts (2 KB each)": lambda: evaluation_rows(engine, rounds),
            "cold starts": lambda: command_rows(rounds),
            "evaluations that check needs": fault_rows,
            "cases": lambda: case_rows(max(rounds // 2, 1)),
        }
        for title, part in parts.items():
            sys.stdout.write(f"\n{title}\n")
            sys.stdout.writelines(f"{row}\n" for row in part())
            sys.stdout.flush()
    sys.stdout.write(f"\nmeasured in {time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
