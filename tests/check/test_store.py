"""Stored failures and ``jsonnet-ctx replay`` of them: what is damaged, gone, shared, or cannot be written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from harness import Project

from jsonnet_ctx.check.store import StoredFailure, forget_failure, load_failures, store_failures
from jsonnet_ctx.errors import FileError, UnknownName

HOOK = "registration.after.password.post_persist"
FAILURE = StoredFailure(
    fingerprint="0123456789ab",
    rule="JC101",
    template="w.jsonnet",
    hook=HOOK,
    kratos="v26.2.0",
    content_type="application/json",
    error_kind="missing-field",
    path="flow.transient_payload.plan",
    ctx={"flow": {"transient_payload": {"grüße": "名"}}},
)
TWO = "function(ctx) { a: ctx.flow.transient_payload.a, b: ctx.flow.transient_payload.b }\n"


@pytest.fixture
def shop(project: Project) -> Project:
    """Two stored failures of one template."""
    project.write({"w.jsonnet": TWO})
    project.run("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC101")
    return project


def files(project: Project) -> list[Path]:
    """The files of stored failures."""
    return sorted((project.root / ".jsonnet-ctx" / "failures").iterdir())


def test_a_failure_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    assert store_failures(tmp_path, [FAILURE]) is None
    assert load_failures(tmp_path) == load_failures(tmp_path, "0123") == [FAILURE]
    forget_failure(tmp_path, FAILURE.fingerprint)
    assert load_failures(tmp_path) == []


def test_the_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    store_failures(tmp_path, [FAILURE])
    assert (tmp_path / ".jsonnet-ctx" / ".gitignore").read_text() == "*\n"


def test_no_failure_makes_no_folder(tmp_path: Path) -> None:
    assert store_failures(tmp_path, []) is None
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_beside_the_stored_files(tmp_path: Path) -> None:
    store_failures(tmp_path, [FAILURE])
    (tmp_path / ".jsonnet-ctx" / "failures" / "ffffffffffff.json").mkdir()
    assert store_failures(tmp_path, [StoredFailure(**{**plain(), "fingerprint": "ffffffffffff"})]) is not None
    names = {file.name for file in (tmp_path / ".jsonnet-ctx" / "failures").iterdir()}
    assert names == {"0123456789ab.json", "ffffffffffff.json"}


def test_an_unknown_fingerprint_is_told_with_the_nearest(tmp_path: Path) -> None:
    store_failures(tmp_path, [FAILURE])
    with pytest.raises(UnknownName, match="unknown stored failure: '0123456789ac'") as caught:
        load_failures(tmp_path, "0123456789ac")
    assert caught.value.nearest == ("0123456789ab",)


@pytest.mark.parametrize("fingerprint", ["../x", "*", "[0", "/"])
def test_a_fingerprint_is_no_pattern_and_no_path(tmp_path: Path, fingerprint: str) -> None:
    store_failures(tmp_path, [FAILURE])
    with pytest.raises(UnknownName):
        load_failures(tmp_path, fingerprint)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"format": 1}',
        json.dumps({"format": 2}),
        *(
            json.dumps({"format": 1, **{**{"fingerprint": "x"}, name: value}})
            for name, value in [("ctx", {}), ("new", 1)]
        ),
    ],
)
def test_a_damaged_file_is_an_error(tmp_path: Path, content: str) -> None:
    store_failures(tmp_path, [FAILURE])
    (tmp_path / ".jsonnet-ctx" / "failures" / "0123456789ab.json").write_text(content)
    with pytest.raises(FileError, match="a stored failure"):
        load_failures(tmp_path)


@pytest.mark.parametrize(("name", "value"), [("ctx", []), ("template", 5), ("content_type", None), ("kratos", 1)])
def test_a_value_of_a_wrong_type_is_an_error(tmp_path: Path, name: str, value: Any) -> None:
    store_failures(tmp_path, [FAILURE])
    file = tmp_path / ".jsonnet-ctx" / "failures" / "0123456789ab.json"
    file.write_text(json.dumps({"format": 1, **plain(), name: value}))
    with pytest.raises(FileError, match="not a stored failure"):
        load_failures(tmp_path)


def test_a_folder_where_a_failure_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".jsonnet-ctx" / "failures" / "0123456789ab.json").mkdir(parents=True)
    with pytest.raises(FileError, match="not a stored failure"):
        load_failures(tmp_path)


def plain() -> dict[str, Any]:
    """The fields of the failure."""
    return dict(vars(FAILURE))


def test_every_failure_is_replayed_and_only_the_fixed_one_forgotten(shop: Project) -> None:
    assert len(files(shop)) == 2
    shop.write({"w.jsonnet": TWO.replace("ctx.flow.transient_payload.a", "std.get(ctx.flow.transient_payload, 'a')")})
    done = shop.run("replay")
    assert (done.code, done.err) == (1, "")
    assert sorted(line.split()[0] for line in done.out.splitlines()) == ["FAILED", "FIXED"]
    assert len(files(shop)) == 1
    shop.write({"w.jsonnet": "function(ctx) {}\n"})
    assert shop.run("replay").code == 0
    assert files(shop) == []


def test_a_failure_whose_template_is_gone_does_not_stop_the_others(shop: Project) -> None:
    shop.write({"v.jsonnet": TWO})
    shop.run("check", "v.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC101")
    (shop.root / "w.jsonnet").unlink()
    done = shop.run("replay")
    assert done.code == 2
    assert len(re.findall(r"^FAILED \w{12} JC101 v\.jsonnet at ", done.out, re.MULTILINE)) == 2
    told = re.findall(
        r"^error: (\w{12}) cannot be run: w\.jsonnet: cannot be read: no such file or directory\n"
        r"  hint: delete \.jsonnet-ctx/failures/\1\.json to forget it$",
        done.err,
        re.MULTILINE,
    )
    assert len(told) == 2


def test_a_failure_is_replayed_from_every_folder(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write({"below/w.jsonnet": "function(ctx) {}\n"})
    done = Project(shop.root / "below", monkeypatch).run("replay")
    assert done.code == 1
    assert done.out.count("FAILED ") == 2


def test_a_failure_of_a_body_inside_a_config_is_replayed(project: Project) -> None:
    body = "base64://ZnVuY3Rpb24oY3R4KSB7IHBsYW46IGN0eC5mbG93LnRyYW5zaWVudF9wYXlsb2FkLnBsYW4gfQ=="
    action = {"hook": "web_hook", "config": {"url": "https://a.example/", "method": "POST", "body": body}}
    flows = {"registration": {"after": {"password": {"hooks": [action]}}}}
    project.write({"kratos.json": {"selfservice": {"flows": flows}}})
    assert project.run("check", "--config", "kratos.json", "--max-examples", "0").code == 1
    done = project.run("replay")
    assert done.code == 1
    assert " JC101 kratos.json::registration.after.password[0] at " in done.out
    project.write({"kratos.json": {"selfservice": {"flows": {"registration": {"after": {}}}}}})
    gone = project.run("replay")
    assert gone.code == 2
    assert "error: " in gone.err
    assert " cannot be run: unknown hook address: 'registration.after.password[0]'\n" in gone.err


def test_a_failure_that_fails_otherwise_says_how(shop: Project) -> None:
    shop.write({"w.jsonnet": "function(ctx) { a: ctx.flow.id.x }\n"})
    done = shop.run("replay")
    assert done.code == 1
    assert ": w.jsonnet:1:20: type: " in done.out


def test_a_template_that_refuses_on_purpose_now_still_fails(shop: Project) -> None:
    """Kratos fails the hook all the same; only a cancel or a payload is fixed."""
    shop.write({"w.jsonnet": "function(ctx) error 'no plan'\n"})
    assert shop.run("replay").code == 1
    shop.write({"w.jsonnet": "function(ctx) error 'cancel'\n"})
    assert shop.run("replay").code == 0
