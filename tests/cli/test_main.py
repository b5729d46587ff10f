"""The door of the command line: verbs, errors, exit codes, streams."""

import subprocess
import sys

import click
import pytest
from harness import Project

from jsonnet_ctx.cli import main
from jsonnet_ctx.cli.main import error_text
from jsonnet_ctx.cli.verbs import VERBS
from jsonnet_ctx.errors import FileError, UnknownName, UsageError
from jsonnet_ctx.finding import Location


def test_help_teaches_with_examples_and_lists_every_verb(project: Project) -> None:
    result = project.run("--help")
    assert result.code == 0
    assert "jsonnet-ctx check --config kratos.yml" in result.out
    assert "_JSONNET_CTX_COMPLETE=bash_source" in result.out
    assert all(f"\n  {verb} " in result.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(project: Project, verb: str) -> None:
    result = project.run(verb, "-h")
    assert result.code == 0
    assert f"jsonnet-ctx {verb} " in result.out.partition("Examples:")[2]


def test_help_of_the_group_loads_no_verb(project: Project) -> None:
    """What ``check`` of one file does not need must not cost it start-up time."""
    loaded = project.run_python("""
        import sys
        from jsonnet_ctx.cli.main import run
        run(["--help"])
        print(sorted(name for name in sys.modules if name.startswith("jsonnet_ctx.")), file=sys.stderr)
    """)
    assert loaded.err.strip() == (
        "['jsonnet_ctx.cli', 'jsonnet_ctx.cli.main', 'jsonnet_ctx.cli.verbs', 'jsonnet_ctx.ctx_path', "
        "'jsonnet_ctx.errors', 'jsonnet_ctx.finding', 'jsonnet_ctx.records']"
    )


def test_the_version_is_printed(project: Project) -> None:
    result = project.run("--version")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("jsonnet-ctx ")


def test_an_unknown_verb_is_told_with_the_nearest(project: Project) -> None:
    result = project.run("chekc")
    assert result.code == 2
    assert result.out == ""
    assert result.err.endswith("Error: no verb 'chekc'; did you mean check or schema?\n")


def test_an_unknown_option_cannot_run(project: Project) -> None:
    result = project.run("ctx", "--nonsense")
    assert result.code == 2
    assert "No such option" in result.err


def test_an_error_is_one_text_with_a_hint(project: Project) -> None:
    result = project.run("ctx", "registration.after.oidcc")
    assert result.code == 2
    assert result.out == ""
    first, second = result.err.splitlines()
    assert first == "error: unknown hook point: 'registration.after.oidcc'"
    assert second.startswith("  hint: did you mean registration.after.oidc")


def test_error_texts_say_what_and_where() -> None:
    assert error_text(UsageError("two minds")) == "error: two minds\n"
    located = FileError("not a mapping", Location("kratos.yml", 3, 1), hint="begin with\nselfservice:")
    assert error_text(located) == "error: kratos.yml:3:1: not a mapping\n  hint: begin with\n    selfservice:\n"
    assert error_text(UnknownName("rule", "JC1\x1b[2J", [])) == "error: unknown rule: 'JC1\\x1b[2J'\n"


def test_python_m_is_the_same_command(project: Project) -> None:
    result = project.run_command("ctx", "login.before", "--minimal")
    assert (result.code, result.err) == (0, "")
    assert result.json()["flow"]["type"] == "api"


def test_a_reader_who_leaves_is_no_error(project: Project) -> None:
    command = [sys.executable, "-m", "jsonnet_ctx", "ctx", "login.before", "--count", "300"]
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_a_bug_does_not_look_like_findings(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> None:
        raise ValueError("too many\x1b[2J values")

    monkeypatch.setattr(main.cli, "main", broken)
    monkeypatch.delenv("PYTHONFAULTHANDLER", raising=False)
    result = project.run("ctx", "login.before")
    assert (result.code, result.out) == (2, "")
    first, second = result.err.splitlines()
    shown = "error: a bug in jsonnet-ctx: ValueError: too many\\u001b[2J values (test_main.py:"
    assert first.startswith(shown)
    assert second == "  hint: please report it with what you ran; PYTHONFAULTHANDLER=1 shows the traceback"
    monkeypatch.setenv("PYTHONFAULTHANDLER", "1")
    with pytest.raises(ValueError, match="too many"):
        project.run("ctx", "login.before")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_ends_with_130_and_no_traceback(
    project: Project, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    def interrupted(*args: object, **more: object) -> None:
        raise interruption

    monkeypatch.setattr(main.cli, "main", interrupted)
    result = project.run("ctx", "login.before")
    assert (result.code, result.out, result.err) == (130, "", "")
