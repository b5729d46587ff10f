"""Measuring: jobs that take turns, commands from a cold start, and rows that hold a figure against its goal."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Times = dict[str, float]


class Row(NamedTuple):
    """One figure of the table; ``goal`` is ``<= 2`` or ``>= 150``, empty where the figure is only for reading."""

    label: str
    value: float
    goal: str = ""
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches its goal."""
        if not self.goal:
            return True
        sign, bound = self.goal.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)

    def __str__(self) -> str:
        mark = "" if not self.goal else "met" if self.is_met else "MISSED"
        return f"  {self.label:82}{self.value:10.2f} {self.unit:4}{self.goal:>9}  {mark}".rstrip()


def best(jobs: Mapping[str, tuple[Callable[[], object], int]], rounds: int) -> Times:
    """The least seconds per item of each job, ``(call, items)``; the jobs take turns."""
    least = dict.fromkeys(jobs, float("inf"))
    for _ in range(rounds):
        for name, (job, items) in jobs.items():
            begun = time.perf_counter()
            job()
            least[name] = min(least[name], (time.perf_counter() - begun) / items)
    return least


def as_installed(compiled: Path) -> dict[str, str]:
    """The environment of a command whose modules are compiled once, below ``compiled``, and not at each start."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "CI")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPYCACHEPREFIX": str(compiled)}


def cold(commands: Mapping[str, tuple[Sequence[str], Path]], rounds: int, compiled: Path) -> dict[str, Times]:
    """The least ``wall`` and ``processor`` seconds of each command, ``(words, folder)``; they take turns.

    Processor time holds that of the children too, and is what a busy machine does not change much.
    """
    environment = as_installed(compiled)
    least = {name: {"wall": float("inf"), "processor": float("inf")} for name in commands}
    for turn in range(rounds + 1):
        for name, (words, folder) in commands.items():
            begun = time.perf_counter()
            with subprocess.Popen(
                words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                _pid, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in (0, 1):
                raise SystemExit(f"{' '.join(words)} ends with {process.returncode}")
            if turn:  # the first one compiles
                seconds = {"wall": time.perf_counter() - begun, "processor": used.ru_utime + used.ru_stime}
                least[name] = {kind: min(least[name][kind], seconds[kind]) for kind in seconds}
    return least
