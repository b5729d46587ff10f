"""The baseline: known findings do not fail, new and expired ones do, and entries survive edits that change nothing."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from harness import Project

from jsonnet_ctx.check.baseline import apply_baseline, load_baseline, write_baseline
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Finding, Location, Severity

HOOK = "registration.after.password.post_persist"
ARGS = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC0,JC1")
TODAY = datetime.date(2026, 3, 1)


def finding(path: str = "a", **changes: Any) -> Finding:
    """A finding about a ctx path."""
    given = {"template": "w.jsonnet", "error_kind": "missing-field", **changes}
    return Finding("JC101", "missing-field", Severity.ERROR, "no a", Location("w.jsonnet", 3, 4), path=path, **given)


@pytest.fixture
def shop(project: Project) -> Project:
    """A careless template whose one finding is in the baseline."""
    project.write({"w.jsonnet": "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"})
    assert project.run(*ARGS, "--baseline", "known.json", "--update-baseline").code == 0
    return project


def test_a_known_finding_does_not_fail(shop: Project) -> None:
    done = shop.run(*ARGS, "--baseline", "known.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("note: 1 known finding is held back by known.json\nno findings in ")


def test_the_file_says_what_is_known_and_until_when(shop: Project) -> None:
    (entry,) = json.loads(shop.read("known.json"))["findings"]
    assert list(entry) == ["fingerprint", "rule", "template", "message", "expires"]
    assert (entry["rule"], entry["template"]) == ("JC101", "w.jsonnet")
    assert datetime.date.fromisoformat(entry["expires"]) > datetime.date.today()


def test_the_settings_can_name_the_file(shop: Project) -> None:
    shop.write({"jsonnet-ctx.toml": 'baseline = "known.json"\n'})
    assert shop.run(*ARGS).code == 0


@pytest.mark.parametrize(
    "text",
    [
        "// a comment that moves it down\n\n\nfunction(ctx) { plan: ctx.flow.transient_payload.plan }\n",
        "function(ctx)\n  local sent = ctx.flow.transient_payload;\n  {\n    plan: sent.plan,\n  }\n",
        "function(ctx) { other_name: ctx['flow']['transient_payload']['plan'] }\r\n",
    ],
)
def test_an_entry_survives_moved_lines_and_other_formatting(shop: Project, text: str) -> None:
    shop.write({"w.jsonnet": text.encode()})
    assert shop.run(*ARGS, "--baseline", "known.json").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) { plan: ctx.flow.transient_payload.seats }\n",
        "function(ctx) { plan: ctx.identity.metadata_public.plan }\n",
    ],
)
def test_another_ctx_path_is_a_new_finding(shop: Project, text: str) -> None:
    shop.write({"w.jsonnet": text})
    assert shop.run(*ARGS, "--baseline", "known.json").code == 1


def test_another_template_is_a_new_finding(shop: Project) -> None:
    (shop.root / "w.jsonnet").rename(shop.root / "v.jsonnet")
    assert shop.run("check", "v.jsonnet", *ARGS[2:], "--baseline", "known.json").code == 1


def test_a_new_finding_beside_a_known_one_is_told_alone(shop: Project) -> None:
    shop.write({"w.jsonnet": "function(ctx) { a: ctx.flow.transient_payload.plan, b: ctx.flow.transient_payload.b }\n"})
    done = shop.run(*ARGS, "--baseline", "known.json")
    assert done.code == 1
    assert "has no b when" in done.out
    assert "has no plan when" not in done.out


def test_an_expired_entry_fails_again_and_is_named(shop: Project) -> None:
    known = json.loads(shop.read("known.json"))
    (entry,) = known["findings"]
    entry["expires"] = "2020-01-01"
    shop.write({"known.json": known})
    done = shop.run(*ARGS, "--baseline", "known.json")
    assert done.code == 1
    assert "w.jsonnet:1:23: error JC101 missing-field\n" in done.out
    assert (
        "known.json: warning JC003 expired-baseline\n"
        f"  the baseline entry {entry['fingerprint']} (JC101) expired on 2020-01-01\n"
        "  hint: mend the finding, or take it in again with --update-baseline\n"
    ) in done.out


def test_an_expired_entry_of_what_is_mended_says_nothing(shop: Project) -> None:
    known = json.loads(shop.read("known.json"))
    known["findings"][0]["expires"] = "2020-01-01"
    shop.write({"known.json": known, "w.jsonnet": "function(ctx) { id: ctx.identity.id }\n"})
    done = shop.run(*ARGS, "--baseline", "known.json")
    assert done.code == 0
    assert done.out.startswith("no findings in ")


def test_a_new_update_takes_an_expired_entry_in_again(shop: Project) -> None:
    known = json.loads(shop.read("known.json"))
    known["findings"][0]["expires"] = "2020-01-01"
    shop.write({"known.json": known})
    done = shop.run(*ARGS, "--baseline", "known.json", "--update-baseline")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("note: 1 finding is now known in known.json\n")
    assert shop.run(*ARGS, "--baseline", "known.json").code == 0


def test_the_same_baseline_is_written_byte_for_byte(shop: Project) -> None:
    first = shop.read("known.json")
    shop.run(*ARGS, "--baseline", "known.json", "--update-baseline")
    assert shop.read("known.json") == first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "known.json:1:2: is not JSON: expecting property name enclosed in double quotes"),
        (b"[]", "known.json: not a baseline of format 1"),
        (b'{"format": 2, "findings": []}', "known.json: not a baseline of format 1"),
        (
            b'{"format": 1, "findings": [{"fingerprint": "x"}]}',
            "known.json: a baseline entry needs fingerprint, rule, template, message and expires (YYYY-MM-DD or null)",
        ),
        (
            b'{"format": 1, "findings": [{"fingerprint": "x", "rule": "JC101", "template": "t", "message": "m",'
            b' "expires": "1.1.2027"}]}',
            "known.json: a baseline entry needs fingerprint, rule, template, message and expires (YYYY-MM-DD or null)",
        ),
        (b"\xff", "known.json:1:1: is not UTF-8: byte 0xff at offset 0"),
        (b"[" * 100_000, "known.json: is nested too deeply"),
    ],
)
def test_a_damaged_file_is_an_error(shop: Project, content: bytes, message: str) -> None:
    shop.write({"known.json": content})
    done = shop.run(*ARGS, "--baseline", "known.json")
    assert (done.code, done.out) == (2, "")
    assert done.err.partition("\n")[0] == f"error: {message}"


def test_a_file_that_is_not_there_is_an_error(shop: Project) -> None:
    done = shop.run(*ARGS, "--baseline", "gone.json")
    assert (done.code, done.err) == (
        2,
        "error: gone.json: the baseline does not exist\n  hint: make it with check --baseline FILE --update-baseline\n",
    )


def test_a_file_that_cannot_be_written_is_an_error(shop: Project) -> None:
    done = shop.run(*ARGS, "--baseline", "no/known.json", "--update-baseline")
    assert (done.code, done.err) == (2, "error: cannot write the baseline no/known.json: no such file or directory\n")


def test_an_entry_holds_up_to_and_on_its_last_day(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    assert write_baseline([finding()], file, TODAY) == 1
    (entry,) = load_baseline(file)
    assert entry.expires == TODAY + datetime.timedelta(days=90)
    assert apply_baseline([finding()], [entry], file, entry.expires) == ((), 1)
    kept, held = apply_baseline([finding()], [entry], file, entry.expires + datetime.timedelta(days=1))
    assert ([one.rule for one in kept], held) == (["JC101", "JC003"], 0)


def test_an_entry_without_a_date_never_expires(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    write_baseline([finding()], file, TODAY)
    plain = json.loads(file.read_text())
    plain["findings"][0]["expires"] = None
    file.write_text(json.dumps(plain))
    assert apply_baseline([finding()], load_baseline(file), file, datetime.date(2999, 1, 1)) == ((), 1)


def test_what_is_known_is_written_once_and_expiry_never(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    twice = [finding(), finding(), finding("b")]
    assert write_baseline(twice, file, TODAY) == 2
    kept, _ = apply_baseline(twice, load_baseline(file), file, datetime.date(2999, 1, 1))
    assert write_baseline(kept, file, TODAY) == 2


def test_a_baseline_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a directory"):
        load_baseline(tmp_path)


def test_an_update_keeps_what_it_was_not_about(shop: Project) -> None:
    shop.write({"other.jsonnet": "function(ctx) { name: ctx.identity.name }\n"})
    update = ("--baseline", "known.json", "--update-baseline")
    shop.run("check", "other.jsonnet", "--hook", HOOK, "--max-examples", "0", *update)
    shop.run(*ARGS[:-2], "--select", "JC5", *update)

    known = json.loads(shop.read("known.json"))["findings"]
    assert {(entry["template"], entry["rule"]) for entry in known} >= {
        ("w.jsonnet", "JC101"),
        ("other.jsonnet", "JC105"),
    }

    shop.write({"w.jsonnet": "function(ctx) { a: 1 }\n"})
    shop.run(*ARGS, *update)
    left = json.loads(shop.read("known.json"))["findings"]
    assert ("w.jsonnet", "JC101") not in {(entry["template"], entry["rule"]) for entry in left}
    assert "other.jsonnet" in {entry["template"] for entry in left}
