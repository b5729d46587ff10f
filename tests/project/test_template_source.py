"""Where templates come from, and what Kratos would do with bodies that give none."""

import hashlib
import os
from pathlib import Path

import pytest
from kratos_yaml import body

from jsonnet_ctx.errors import SourceError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.places import Places
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.template_file import load_template
from jsonnet_ctx.project.template_source import resolve_body

TEXT = "function(ctx) { a: 1 }"
WHERE = Location("kratos.yml", 7, 3)


def _places(root: Path, folder: str = "deploy", **path_map: str) -> Places:
    (root / folder).mkdir(exist_ok=True)
    return Places(root / folder, root, path_map)


def _template(root: Path, *parts: str, text: str = TEXT) -> Path:
    path = root.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _resolve(uri: str | None, places: Places) -> tuple[Template | Unreadable, tuple[str, ...]]:
    return resolve_body(uri, location=WHERE, places=places, name="kratos.yml::login.before[0]")


def _readable(uri: str, places: Places) -> Template:
    template, _ = _resolve(uri, places)
    assert isinstance(template, Template), template
    return template


def _unreadable(uri: str | None, places: Places) -> Unreadable:
    template, _ = _resolve(uri, places)
    assert isinstance(template, Unreadable), template
    return template


def test_a_base64_body_is_named_by_its_action(tmp_path: Path) -> None:
    uri = body(TEXT)
    assert _readable(uri, _places(tmp_path)) == Template(TEXT, "kratos.yml::login.before[0]", uri, WHERE)


@pytest.mark.parametrize("uri", [None, ""])
def test_a_missing_body_fails_every_call(tmp_path: Path, uri: str | None) -> None:
    found = _unreadable(uri, _places(tmp_path))
    assert (found.kind, found.message) == (
        "missing-body",
        'the action has no body: every call fails with "got empty template path for request with body"',
    )


@pytest.mark.parametrize(
    ("uri", "kind", "message", "refused"),
    [
        ("base64://Zg", "lax-base64", "kratos cannot decode the body: illegal base64 data at input byte 0", False),
        (
            "base64://Zm9v\n",
            "lax-base64",
            "the body is not a valid URI (a line end at character 13): kratos refuses to start",
            True,
        ),
        ("base64:///w==", "not-utf8", "the decoded template is not UTF-8 (byte 0)", False),
        (
            "json://x",
            "unknown-scheme",
            "kratos knows no scheme json:// and takes the body for a path: every call fails",
            False,
        ),
        (
            "function(ctx) { a: 1 }",
            "template-not-found",
            "inline jsonnet without a scheme is taken for a path: every call fails with unable to open file",
            False,
        ),
        (
            "ZnVuY3Rpb24oY3R4KSB7IGE6IDEgfQ==",
            "template-not-found",
            "the body looks like base64 without its scheme: kratos takes it for a path, every call fails",
            False,
        ),
        ("http://example.com/body.jsonnet", "remote", "http://example.com/body.jsonnet is not fetched", False),
        ("file://./nope.jsonnet", "template-not-found", "no file './nope.jsonnet' (looked in deploy, .)", False),
        (
            "file:///etc/nope.jsonnet",
            "template-not-found",
            "no file '/etc/nope.jsonnet', and no file of that name under root",
            False,
        ),
        ("file://" + "x" * 5000, "template-not-found", f"no file {'x' * 5000!r} (looked in deploy, .)", False),
    ],
)
def test_bodies_without_a_template(tmp_path: Path, uri: str, kind: str, message: str, refused: bool) -> None:
    root = tmp_path / "root"
    root.mkdir()
    found = _unreadable(uri, _places(root))
    assert (found.kind, found.message, found.refused_at_start) == (kind, message, refused)
    assert found.location == WHERE


def test_a_relative_body_is_found_beside_the_config_then_below_the_root(tmp_path: Path) -> None:
    places = _places(tmp_path)
    _template(tmp_path, "a.jsonnet", text="'root'")
    assert _readable("file://./a.jsonnet", places).text == "'root'"
    _template(tmp_path, "deploy", "a.jsonnet", text="'beside'")
    found = _readable("file://a.jsonnet", places)
    assert (found.text, found.name, str(found.location)) == ("'beside'", "deploy/a.jsonnet", "deploy/a.jsonnet:1:1")


def test_a_bare_path_is_a_path(tmp_path: Path) -> None:
    _template(tmp_path, "deploy", "a.jsonnet")
    assert _readable("a.jsonnet", _places(tmp_path)).uri == "a.jsonnet"


def test_an_absolute_body_is_the_file_with_the_longest_equal_tail(tmp_path: Path) -> None:
    _template(tmp_path, "other", "a.jsonnet", text="'wrong'")
    _template(tmp_path, "deploy", "kratos", "a.jsonnet", text="'right'")
    _template(tmp_path, "node_modules", "config", "kratos", "a.jsonnet", text="'vendored'")
    _template(tmp_path, ".git", "config", "kratos", "a.jsonnet", text="'hidden'")
    template, notes = _resolve("file:///etc/config/kratos/a.jsonnet", _places(tmp_path))
    assert isinstance(template, Template)
    assert template.text == "'right'"
    assert notes == (
        "/etc/config/kratos/a.jsonnet was taken from deploy/kratos/a.jsonnet, the file with the longest equal path",
    )


def test_two_equally_good_files_are_listed(tmp_path: Path) -> None:
    _template(tmp_path, "a", "kratos", "x.jsonnet")
    _template(tmp_path, "b", "kratos", "x.jsonnet")
    found = _unreadable("file:///etc/kratos/x.jsonnet", _places(tmp_path))
    assert found.message == "'/etc/kratos/x.jsonnet' could be any of a/kratos/x.jsonnet, b/kratos/x.jsonnet"
    assert found.hint == 'say which: path-map = {"/etc/kratos" = "a/kratos"}'


def test_a_path_map_decides(tmp_path: Path) -> None:
    _template(tmp_path, "a", "kratos", "x.jsonnet", text="'a'")
    _template(tmp_path, "b", "kratos", "x.jsonnet", text="'b'")
    places = Places(tmp_path, tmp_path, {"/etc": "a", "/etc/kratos": "b/kratos"})
    assert _readable("file:///etc/kratos/x.jsonnet", places).text == "'b'"
    missing = _unreadable("file:///etc/kratos/y.jsonnet", places)
    assert missing.message == "no file '/etc/kratos/y.jsonnet' (path-map takes it to b/kratos/y.jsonnet)"


def test_nothing_outside_the_root_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    secret = _template(tmp_path, "secret.jsonnet")
    places = _places(root)
    assert _unreadable("file://../../secret.jsonnet", places).kind == "outside-root"
    assert _unreadable(f"file://{secret}", places).kind == "template-not-found"
    (root / "deploy" / "link.jsonnet").symlink_to(secret)
    found = _unreadable("file://link.jsonnet", places)
    assert (found.kind, found.message) == ("outside-root", "link.jsonnet lies outside the project root")
    assert _unreadable("file:///etc/link.jsonnet", _places(root)).kind == "outside-root"
    mapped = Places(root, root, {"/etc": ".."})
    assert _unreadable("file:///etc/secret.jsonnet", mapped).kind == "outside-root"


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    path = _template(tmp_path, "src", "a.jsonnet")
    places = _places(tmp_path)
    (tmp_path / "deploy" / "b.jsonnet").symlink_to(path)
    assert _readable("file://b.jsonnet", places).text == TEXT


def test_a_link_that_leads_to_itself_is_no_file(tmp_path: Path) -> None:
    places = _places(tmp_path)
    (tmp_path / "deploy" / "loop.jsonnet").symlink_to(tmp_path / "deploy" / "loop.jsonnet")
    assert _unreadable("file://loop.jsonnet", places).kind == "template-not-found"
    assert _unreadable("file:///etc/loop.jsonnet", places).kind in {"template-not-found", "outside-root"}


def test_a_template_over_one_mebibyte_is_refused(tmp_path: Path) -> None:
    _template(tmp_path, "deploy", "big.jsonnet", text="1" * (1024 * 1024 + 1))
    found = _unreadable("file://big.jsonnet", _places(tmp_path))
    assert (found.kind, found.message) == ("too-large", "deploy/big.jsonnet is larger than 1,048,576 bytes")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_gives_no_template(tmp_path: Path) -> None:
    places = _places(tmp_path)
    os.mkfifo(tmp_path / "deploy" / "pipe.jsonnet")
    found = _unreadable("file://pipe.jsonnet", places)
    assert found.message == "deploy/pipe.jsonnet is not an ordinary file (a FIFO, device or socket)"


def test_a_body_in_ory_networks_storage_is_found_by_its_digest(tmp_path: Path) -> None:
    _template(tmp_path, "src", "a.jsonnet")
    digest = hashlib.sha512(TEXT.encode()).hexdigest()
    uri = f"https://storage.googleapis.com/bac-gcs-production/{digest}.jsonnet"
    template, notes = _resolve(uri, _places(tmp_path))
    assert isinstance(template, Template)
    assert template.name == "src/a.jsonnet"
    assert notes == ("the stored body has the SHA-512 of src/a.jsonnet, which was read instead",)
    other = _unreadable(uri.replace(digest, "0" * 128), _places(tmp_path))
    assert other.kind == "remote"
    assert other.hint == "ory network stores the body under its SHA-512: keep the template's source in the project"


def test_a_template_file_keeps_the_name_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _template(tmp_path, "a.jsonnet")
    assert load_template("a.jsonnet") == Template(TEXT, "a.jsonnet", "a.jsonnet", Location("a.jsonnet", 1, 1))


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"\xff", "a.jsonnet: is not UTF-8 (byte 0)"), (None, "a.jsonnet: cannot be read: no such file or directory")],
)
def test_a_template_file_that_cannot_be_read_is_a_source_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if data is not None:
        Path("a.jsonnet").write_bytes(data)
    with pytest.raises(SourceError) as caught:
        load_template("a.jsonnet")
    assert str(caught.value) == message
