"""The tests that drive a real Kratos, driven by a stand-in: they agree with it, and notice where it errs."""

import os
import stat
import sys
from pathlib import Path

import pytest
from behaviours import BEHAVIOURS, Behaviour
from compare import differences
from found_kratos import FoundKratos, find_kratos
from harness import Project
from opinions import disagreements

FAKE = Path(__file__).with_name("fake_kratos.py")
BY_ID = {behaviour.id: behaviour for behaviour in BEHAVIOURS}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a script as a command")


def _fake(*wrong: str) -> FoundKratos:
    return FoundKratos((sys.executable, str(FAKE), *wrong), "v26.2.0", is_binary=False)


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    """The stand-in as a command of its own."""
    path = tmp_path / "kratos"
    path.write_text(f"#!{sys.executable}\nimport runpy\nrunpy.run_path({str(FAKE)!r}, run_name='__main__')\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
def test_the_stand_in_does_what_eval_says(project: Project, behaviour: Behaviour) -> None:
    assert differences(_fake(), project, behaviour) == []


def test_another_body_is_noticed(project: Project) -> None:
    (length, body) = differences(_fake("--wrong", "body"), project, BY_ID["form"])
    assert length.startswith("headers: the server [('Accept-Encoding', 'gzip'), ('Content-Length', '")
    sent = "a=x+y%26z&b=ann%40example.org&c="
    assert body == f"body: the server '{sent} ', eval '{sent}'"


def test_another_status_is_noticed(project: Project) -> None:
    assert differences(_fake("--wrong", "status"), project, BY_ID["cancel"]) == ["status: the server 201, eval 200"]


def test_a_server_that_does_not_start_shows_its_log(project: Project) -> None:
    with pytest.raises(AssertionError, match=r"^kratos does not start:\nError: unknown command \['--oops', 'serve'"):
        differences(_fake("--oops"), project, BY_ID["cancel"])


def test_a_named_binary_is_found_with_its_version(binary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRATOS_BIN", str(binary))
    assert find_kratos() == FoundKratos((str(binary),), "v26.2.0", is_binary=True)


def test_the_evaluator_of_a_binary_is_a_second_opinion(binary: Path) -> None:
    assert disagreements(str(binary), "v26.2.0") == []


def test_another_opinion_is_noticed(binary: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    answers = "for _ in iter(lambda: sys.stdin.buffer.read(1), b''):\n  if _ == b'\\0': os.write(1, b'{ }\\n\\0')\n"
    wrong.write_text(f"#!{sys.executable}\nimport os, sys\n{answers}")
    wrong.chmod(0o755)
    assert disagreements(str(wrong), "v26.2.0") != []


@pytest.mark.parametrize(
    ("binary_name", "path", "reason"),
    [
        ("/nowhere/kratos", os.environ["PATH"], "KRATOS_BIN=/nowhere/kratos is no command"),
        (None, "", "KRATOS_BIN names no Kratos, and there is no docker"),
    ],
)
def test_where_there_is_no_kratos_the_reason_is_told(
    monkeypatch: pytest.MonkeyPatch, binary_name: str | None, path: str, reason: str
) -> None:
    if binary_name is None:
        monkeypatch.delenv("KRATOS_BIN", raising=False)
    else:
        monkeypatch.setenv("KRATOS_BIN", binary_name)
    monkeypatch.setenv("PATH", path)
    assert find_kratos() == reason


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "docker does not answer"),
        ('test "$1" = info', "docker has no image oryd/kratos:v26.2.0 (docker pull oryd/kratos:v26.2.0)"),
    ],
)
def test_docker_without_a_daemon_or_the_image_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, reason: str
) -> None:
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\n{script}\n")
    docker.chmod(0o755)
    monkeypatch.delenv("KRATOS_BIN", raising=False)
    monkeypatch.delenv("KRATOS_IMAGE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_kratos() == f"KRATOS_BIN names no Kratos, and {reason}"


def test_an_image_of_docker_is_run_by_the_compose_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\ntest "$1" = compose && echo "Version: v25.4.0"\nexit 0\n')
    docker.chmod(0o755)
    monkeypatch.delenv("KRATOS_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_kratos()
    assert isinstance(found, FoundKratos)
    assert (found.version, found.is_binary) == ("v25.4.0", False)
    compose = str(FAKE.with_name("compose.yaml"))
    assert found.command == ("docker", "compose", "--file", compose, "run", "--rm", "--no-TTY", "kratos")
