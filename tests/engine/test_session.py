"""A worker over time: restarts, threads, forks, kills."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from evaluation import rendered, template

from jsonnet_ctx.engine.child import ChildStopped
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.pool import close_shared_engines, shared_engine
from jsonnet_ctx.engine.session import Session
from jsonnet_ctx.kratos.limits import limits_of
from jsonnet_ctx.kratos.versions import LATEST

COPY = template("function(ctx) { n: ctx.n }")

posix = pytest.mark.skipif(os.name != "posix", reason="fork and signals of POSIX")


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        yield engine


def _worker(engine: Engine) -> int:
    with engine._session.link() as link:
        return link.child.pid


def test_one_worker_serves_all_evaluations(engine: Engine) -> None:
    first = _worker(engine)
    for number in range(3):
        assert rendered(engine.evaluate(COPY, {"n": number})).payload == {"n": number}
    assert _worker(engine) == first


@posix
def test_a_worker_that_was_killed_is_replaced(engine: Engine) -> None:
    for number in range(3):
        os.kill(_worker(engine), signal.SIGKILL)
        assert rendered(engine.evaluate(COPY, {"n": number})).payload == {"n": number}


@posix
def test_a_worker_killed_in_the_middle_of_many_loses_nothing(engine: Engine) -> None:
    contexts = [{"n": number} for number in range(600)]
    slow = template("function(ctx) { n: ctx.n, s: std.length(std.range(1, 20000)) }")
    pid = _worker(engine)
    timer = threading.Timer(0.05, os.kill, (pid, signal.SIGKILL))
    timer.start()
    outcomes = engine.evaluate_many(slow, contexts)
    timer.join()
    assert [rendered(outcome).payload["n"] for outcome in outcomes] == list(range(600))


def test_threads_take_turns(engine: Engine) -> None:
    got: dict[int, list[Outcome]] = {}

    def evaluate(start: int) -> None:
        got[start] = [engine.evaluate(COPY, {"n": start + step}) for step in range(20)]

    threads = [threading.Thread(target=evaluate, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for start, outcomes in got.items():
        assert [rendered(outcome).payload["n"] for outcome in outcomes] == list(range(start, start + 20))


@posix
def test_a_forked_child_has_a_worker_of_its_own() -> None:
    code = """
import os
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

copy = Template("function(ctx) ctx.n", "x", "x", Location("x", 1, 1))
own, shared = Engine(), shared_engine()

def check(start):
    for engine in (own, shared, shared_engine()):
        got = [outcome.payload for outcome in engine.evaluate_many(copy, [{"n": start + i} for i in range(200)])]
        assert got == list(range(start, start + 200)), got

check(0)
children = []
for start in (1000, 2000):
    child = os.fork()
    if child == 0:
        check(start)
        own.close()
        os._exit(7)
    children.append(child)
check(3000)
for child in children:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
check(4000)
own.close()
print("fine")
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "fine\n", "")


def test_a_process_shares_one_engine_for_a_version_and_a_name() -> None:
    assert shared_engine() is shared_engine("26.2.0", "go-jsonnet")
    assert shared_engine() is not shared_engine("v1.3.1")
    assert shared_engine() is not shared_engine(name="jsonnet")


def test_closed_shared_engines_start_again() -> None:
    close_shared_engines()
    assert rendered(shared_engine().evaluate(COPY, {"n": 1})).payload == {"n": 1}


@posix
def test_ctrl_c_in_the_middle_of_an_evaluation_leaves_a_working_engine() -> None:
    code = """
import os, signal, threading
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

def template(text):
    return Template(text, "x", "x", Location("x", 1, 1))

# A process that was started in the background ignores SIGINT, and hands that down.
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = Engine()
engine.evaluate(template("function(ctx) 1"), {})
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    # Busy for much longer than the limit, and in little memory: it cannot end by itself before the signal.
    engine.evaluate(template("function(ctx) [1 for x in std.range(1, 5000) for y in std.range(1, 5000) if x < 0]"), {})
except KeyboardInterrupt:
    print(engine.evaluate(template("function(ctx) 'right'"), {}).payload)
engine.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "right\n", "")


def test_nothing_is_left_at_the_end_of_a_process() -> None:
    code = """
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template

print(shared_engine().evaluate(Template("function(ctx) 1", "x", "x", Location("x", 1, 1)), {}).payload)
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_a_worker_that_dies_after_other_work_is_no_fault_of_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session("go-jsonnet", limits_of(LATEST))

    def die(*_: object, **__: object) -> None:
        raise ChildStopped(timed_out=False, status=2, words="fatal error: out of memory")

    def dying() -> None:
        with session.link() as link:
            monkeypatch.setattr(link, "evaluate", die)

    try:
        dying()
        assert session.evaluate("t", "function(ctx) ctx", "1").text == "1\n"
        session.close()
        session.begin()
        monkeypatch.setattr(session._link, "evaluate", die)
        with pytest.raises(ChildStopped):
            session.evaluate("t", "function(ctx) ctx", "1")
    finally:
        session.close()
