"""``jsonnet-ctx review``: decide on snapshots that are new, differ or are of no case."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from harness import Project

CASES = """
    template: w.jsonnet
    hook: login.after.password
    given: {identity.traits: {email: ann@example.org}}
    cases:
      - {name: the e-mail, expect: {snapshot: true}}
      - {name: at both stages, hook: registration.after.oidc, expect: {snapshot: true}}
      - {name: no snapshot, expect: {contains: {n: 1}}}
"""
MAIL, OLD = "__snapshots__/w/the-e-mail.json", "__snapshots__/w/old.json"
STAGES = [f"__snapshots__/w/at-both-stages-registration.after.oidc.{stage}_persist.json" for stage in ("pre", "post")]


@pytest.fixture
def shop(project: Project) -> Project:
    """A project with three snapshots to write."""
    return project.write({"w.jsonnet": "function(ctx) {n: 1, email: ctx.identity.traits.email}", "w.cases.yaml": CASES})


def changed(shop: Project) -> Project:
    """The same with snapshots that are written, a template that has changed, and a snapshot that no case has."""
    assert shop.run("review", "--accept-all").code == 0
    return shop.write({"w.jsonnet": "function(ctx) {n: 1, email: 'x', more: [true]}", OLD: '{"a": 1}\n'})


def files(project: Project) -> list[str]:
    """Every snapshot."""
    return sorted(path.relative_to(project.root).as_posix() for path in project.root.rglob("__snapshots__/*/*"))


def asked(project: Project, *args: str, answers: str) -> tuple[int, str]:
    """Exit code and output of a review on a terminal where somebody types."""
    master, slave = pty.openpty()
    os.write(master, answers.encode())
    env = {**os.environ, "NO_COLOR": "1", "CI": "", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "jsonnet_ctx", "review", *args],
        cwd=project.root,
        env=env,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
    ) as process:
        out = process.communicate(timeout=60)[0]
    os.close(slave)
    os.close(master)
    return process.returncode, out.decode()


def test_a_new_snapshot_is_shown_whole_and_accepted(shop: Project) -> None:
    listed, done = shop.run("review", "w.cases.yaml::the e-mail", "--list"), shop.run("review", MAIL, "--accept-all")

    shown = (
        "w.cases.yaml:5:5: 'the e-mail' has no snapshot yet\n"
        "  __snapshots__/w/the-e-mail.json\n"
        '  + {\n  +   "email": "ann@example.org",\n  +   "n": 1\n  + }\n'
    )
    assert (listed.code, listed.out) == (1, f"{shown}1 left\n")
    assert (done.code, done.out, done.err) == (0, f"{shown}1 accepted\n", f"wrote {MAIL}\n")
    assert shop.read(MAIL) == '{\n  "email": "ann@example.org",\n  "n": 1\n}\n'


def test_what_differs_is_told_path_by_path(shop: Project) -> None:
    done = changed(shop).run("review", MAIL, "--list")

    assert done.out == (
        "w.cases.yaml:5:5: 'the e-mail' differs from its snapshot\n"
        "  __snapshots__/w/the-e-mail.json\n"
        '  payload.email\n    - "ann@example.org"\n    + "x"\n'
        "  payload.more\n    + [true]\n"
        "1 left\n"
    )


def test_accepting_all_makes_the_cases_pass_and_removes_what_is_unused(shop: Project) -> None:
    done = changed(shop).run("review", "--accept-all", "-q")

    assert (done.code, files(shop)) == (0, sorted([MAIL, *STAGES]))
    assert done.out.endswith("__snapshots__/w/old.json: no case has this snapshot\n4 accepted\n")
    assert shop.run("review", "--list").out == "nothing to review\n"
    assert shop.run_command("test", "-q", env={"CI": "true"}).code == 0


def test_paths_choose_what_is_accepted(shop: Project) -> None:
    changed(shop)

    assert shop.run("review", "w.cases.yaml::at both stages", "--accept-all", "-q").out.endswith("2 accepted\n")
    assert '"more"' not in shop.read(MAIL)
    assert shop.run("review", OLD, "--accept-all", "-q").code == 0
    assert files(shop) == sorted([MAIL, *STAGES])


def test_what_was_rejected_is_not_asked_about_until_it_changes(shop: Project) -> None:
    changed(shop)

    rejected = shop.run("review", MAIL, "--reject-all")
    assert (rejected.code, rejected.out[-11:]) == (1, "1 rejected\n")
    assert "rejected: mend w.jsonnet" in rejected.err
    assert asked(shop, MAIL, answers="")[1].endswith("\n1 rejected before\n")
    assert "differs from its snapshot (rejected before)\n" in shop.run("review", MAIL, "--list").out
    assert asked(shop, MAIL, "--again", answers="s\n")[1].endswith("\n1 skipped\n")

    shop.write({"w.jsonnet": "function(ctx) {n: 1, email: 'y'}"})
    assert asked(shop, MAIL, answers="a\n")[0] == 0
    assert '"y"' in shop.read(MAIL)


@pytest.mark.parametrize(
    ("answers", "summary"),
    [
        ("a\nr\ns\na\n", "2 accepted, 1 rejected, 1 skipped"),
        ("x\nA\n", "4 accepted"),
        ("s\nR\n", "1 skipped, 3 rejected"),
        ("a\nq\n", "1 accepted, 3 skipped"),
        ("\n\n\n\n", "4 skipped"),
    ],
)
def test_a_person_decides_on_each(shop: Project, answers: str, summary: str) -> None:
    code, out = asked(changed(shop), "-q", answers=answers)

    assert out.splitlines()[-1] == summary
    assert code == int(summary != "4 accepted")
    assert len(files(shop)) == (3 if "4 a" in summary or "2 a" in summary else 4)


def test_the_end_of_the_input_is_an_interruption_and_keeps_what_was_decided(shop: Project) -> None:
    code, _ = asked(shop, answers="a\n\x04")

    assert (code, files(shop)) == (130, [MAIL])


def test_without_a_terminal_and_without_a_flag_nothing_is_guessed(shop: Project) -> None:
    done = shop.run_command("review", input="a\n")

    assert (done.code, done.out, files(shop)) == (2, "", [])
    assert done.err == (
        "error: review asks, and there is no terminal\n"
        "  hint: use --list, then --accept-all or --reject-all with PATHS\n"
    )


@pytest.mark.parametrize("flag", ["--accept-all", "--reject-all"])
def test_a_ci_service_may_look_and_not_touch(shop: Project, flag: str) -> None:
    refused = shop.run_command("review", flag, env={"CI": "true"})

    assert (refused.code, refused.out, files(shop)) == (2, "", [])
    assert "error: review: refused, as CI is set to 'true'\n" in refused.err
    assert shop.run_command("review", "--list", "-q", env={"CI": "true"}).out.endswith("3 left\n")


def test_a_case_that_fails_otherwise_has_nothing_to_accept(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES.replace("{snapshot: true}", "{snapshot: true, contains: {n: 2}}")})

    done = shop.run("review", "w.cases.yaml::the e-mail", "--accept-all")

    assert (done.code, files(shop)) == (1, [])
    assert done.out == (
        "w.cases.yaml:5:5: 'the e-mail' fails, so its payload is nothing to accept\n"
        "  run: jsonnet-ctx test 'w.cases.yaml::the e-mail'\n1 failed\n"
    )


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{}", b"", b"[" * 100_000])
def test_a_snapshot_that_is_no_json_can_be_replaced(shop: Project, content: bytes) -> None:
    changed(shop).write({MAIL: content})

    done = shop.run("review", MAIL, "--accept-all")

    assert (done.code, shop.read(MAIL)[:3]) == (0, "{\n ")
    assert "  payload\n    - no JSON\n    + {" in done.out


def test_a_read_only_folder_is_one_error(shop: Project) -> None:
    changed(shop)
    folder = shop.root / "__snapshots__" / "w"
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("root may write everywhere")

    done = shop.run("review", MAIL, "--accept-all", "-q")
    folder.chmod(0o700)

    assert (done.code, done.err) == (2, f"error: cannot write {MAIL}: permission denied\n")


def test_a_folder_that_is_a_file_is_one_error(shop: Project) -> None:
    shop.write({"__snapshots__/w": "a file"})

    done = shop.run("review", "w.cases.yaml::the e-mail", "--accept-all", "-q")

    assert (done.code, done.err) == (2, f"error: cannot read {MAIL}: not a directory\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("no.cases.yaml", "--list"), "error: no such file or folder: no.cases.yaml\n"),
        (("w.jsonnet", "--list"), "error: w.jsonnet is no case file\n"),
        (("__snapshots__/w/no.json", "--list"), "error: no case has the snapshot __snapshots__/w/no.json\n"),
        (("w.cases.yaml::the mail", "--list"), "error: unknown case in w.cases.yaml: 'the mail'\n  hint: did you mean"),
        (("empty", "--list"), "error: nothing to review: no case file\n  hint: jsonnet-ctx new TEMPLATE\n"),
        (("--list", "--accept-all"), "error: --list and --accept-all contradict each other\n"),
    ],
)
def test_what_cannot_be_reviewed_is_told(shop: Project, args: tuple[str, ...], message: str) -> None:
    (shop.root / "empty").mkdir()

    done = shop.run("review", *args)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(message)


def test_a_broken_case_file_is_told_with_its_place(shop: Project) -> None:
    shop.write({"w.cases.yaml": CASES.replace("snapshot", "snapshoot")})

    done = shop.run("review", "--list")

    assert (done.code, done.err.splitlines()[0]) == (2, "error: w.cases.yaml:5:33: unknown word of expect: 'snapshoot'")


def test_two_reviews_at_once_leave_whole_files(shop: Project) -> None:
    command = [sys.executable, "-m", "jsonnet_ctx", "review", "--accept-all", "-q"]
    env = {**os.environ, "CI": ""}
    running = [
        subprocess.Popen(command, cwd=shop.root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in running]

    assert files(shop) == sorted([MAIL, *STAGES])
    assert shop.run("review", "--list").out == "nothing to review\n"
    assert all(not error or "has changed meanwhile" in error or "wrote" in error for error in errors)


def test_a_payload_is_shown_without_what_a_terminal_obeys(shop: Project) -> None:
    shop.write({"w.jsonnet": 'function(ctx) {"k\\u009b2J": "\\u202e\\u001b[31m"}'})

    out = shop.run("review", MAIL, "--list").out

    assert not {"\x9b", "\x1b", "\u202e"} & set(out)
    assert '"k\\u009b2J": "\\u202e\\u001b[31m"' in out


def test_long_payloads_are_cut(shop: Project) -> None:
    shop.write({"w.jsonnet": "function(ctx) {['k%d' % i]: i for i in std.range(1, 200)}"})
    new = shop.run("review", MAIL, "--list").out
    shop.run("review", MAIL, "--accept-all")
    shop.write({"w.jsonnet": "function(ctx) {['k%d' % i]: -i for i in std.range(1, 200)}"})

    assert "  … and 142 more lines\n" in new
    assert "  … and 170 more paths\n" in shop.run("review", MAIL, "--list").out


def test_the_files_are_as_open_as_others(shop: Project) -> None:
    shop.run("review", "--accept-all")

    plain = Path(shop.root, "w.jsonnet").stat().st_mode
    assert Path(shop.root, MAIL).stat().st_mode == plain
