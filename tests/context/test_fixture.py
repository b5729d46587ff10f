import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.context.fixture import check_fixture, load_fixture
from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.kratos.hook_point import hook_points
from jsonnet_ctx.kratos.shape import shape_of

CAPTURES = Path(__file__).parents[2] / "fixtures/captures"
HOOKS = {hook.id for hook in hook_points()}


def write(tmp_path: Path, value: Any, name: str = "one.json") -> Path:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1))
    return path


def told(path: Path, hook: str | None = None) -> tuple[str, str | None]:
    with pytest.raises(FileError) as caught:
        load_fixture(path, hook)
    return str(caught.value).replace(str(path), path.name), caught.value.hint


def test_a_fixture_brings_its_hook_point_and_version(tmp_path: Path) -> None:
    ctx = kratos_ctx("login.before")
    path = write(
        tmp_path,
        {"format": 1, "hook": "login.before", "kratos": "v25.4.0", "redacted": ["request_url"], "ctx": ctx},
    )
    fixture = load_fixture(path)
    assert fixture.hook is not None
    assert (fixture.hook.id, fixture.kratos, fixture.redacted) == ("login.before", "v25.4.0", ("request_url",))
    assert fixture.ctx == ctx
    assert fixture.location.path == str(path)


def test_a_bare_ctx_is_of_the_hook_point_that_was_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, {"flow": {}})
    assert load_fixture(path).hook is None
    named = load_fixture(path, "login.after.password")
    assert named.hook is not None
    assert (named.hook.id, named.kratos, named.ctx) == ("login.after.password", None, {"flow": {}})
    several = load_fixture(path, "registration.after.oidc")
    assert several.hook is not None
    assert several.hook.id == "registration.after.oidc.post_persist"


def test_a_fixture_may_be_yaml(tmp_path: Path) -> None:
    path = write(tmp_path, "format: 1\nhook: login.before\nctx: {flow: {}}\n", "one.yaml")
    assert load_fixture(path).ctx == {"flow": {}}


@pytest.mark.parametrize("path", sorted(CAPTURES.rglob("*.json")), ids=lambda path: path.stem)
def test_every_capture_of_a_hook_holds_only_what_kratos_sends(path: Path) -> None:
    raw = json.loads(path.read_text())
    if raw.get("hook") not in HOOKS:
        return
    fixture = load_fixture(path)
    assert fixture.hook is not None
    assert fixture.kratos is not None
    assert fixture.ctx == raw["ctx"]
    assert check_fixture(fixture, shape_of(fixture.hook, kratos=fixture.kratos)) == ()


def test_keys_that_kratos_never_sends_are_named_with_the_nearest(tmp_path: Path) -> None:
    ctx = kratos_ctx("login.after.password")
    ctx = {**ctx, "transient_payload": {"a": 1}, "identity": {**ctx["identity"], "metadata_admin": {"b": {}}}}
    fixture = load_fixture(write(tmp_path, {"format": 1, "hook": "login.after.password", "ctx": ctx}))
    assert fixture.hook is not None
    found = {unsent.path: unsent.nearest for unsent in check_fixture(fixture, shape_of(fixture.hook))}
    assert set(found) == {("transient_payload",), ("identity", "metadata_admin")}
    assert "flow.transient_payload" in found[("transient_payload",)]


def test_what_is_wrong_with_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    assert told(write(tmp_path, {"format": 1, "hook": "login.befor", "ctx": {}})) == (
        "one.json:3:2: unknown hook point: 'login.befor'",
        "did you mean login.before or settings.before or registration.before?",
    )
    assert told(write(tmp_path, {"format": 2, "ctx": {}})) == ("one.json:2:2: unknown fixture format: 2", "format 1")
    assert told(write(tmp_path, {"format": 1, "hok": "login.before", "ctx": {}})) == (
        "one.json:3:2: unknown fixture key: 'hok'",
        "did you mean hook?",
    )
    assert (
        told(write(tmp_path, {"format": 1, "hook": "login.before"}))[0] == "one.json:1:1: a fixture needs a ctx object"
    )
    assert told(write(tmp_path, {"format": 1, "kratos": "v0.1", "ctx": {}}))[0] == (
        "one.json:3:2: unknown kratos version: 'v0.1'"
    )
    assert (
        told(write(tmp_path, {"format": 1, "hook": 5, "ctx": {}}))[0] == "one.json:3:2: a hook point is a string, not 5"
    )
    assert told(write(tmp_path, {"format": 1, "redacted": "x", "ctx": {}}))[0] == (
        "one.json:3:2: redacted is a list of ctx paths"
    )
    assert told(write(tmp_path, [1])) == ("one.json:1:1: a fixture is an object", "wrap the ctx: {…}")
    assert told(write(tmp_path, "{"))[0].startswith("one.json:1:2: ")


def test_a_fixture_of_another_hook_point_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"format": 1, "hook": "login.before", "ctx": {}})
    assert told(path, "registration.after.oidc")[0] == (
        "one.json:3:2: the fixture is of login.before, asked for is "
        "registration.after.oidc.pre_persist or registration.after.oidc.post_persist"
    )
    with pytest.raises(UnknownName):
        load_fixture(path, "nowhere")


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert told(tmp_path / "pipe")[0] == "pipe: is not an ordinary file (a FIFO, device or socket)"
    assert told(tmp_path / "gone")[0] == "gone: cannot be read: no such file or directory"
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    assert told(big)[0] == "big.json: is larger than 10,485,760 bytes"
    shutil.rmtree(tmp_path)
