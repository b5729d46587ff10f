"""Identity schemas: from files and configurations, never from the network."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from kratos_yaml import loaded, slugs, web_hook, wired

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location, Severity
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.identity_schema import load_identity_schema

SCHEMA = {
    "$schema": "https://json-schema.org/draft-07/schema#",
    "properties": {"traits": {"$ref": "https://example.com/traits.json"}},
}


def _config(*schemas: Any, **identity: Any) -> dict[str, Any]:
    return wired({"login.before": [web_hook()]}, identity={"schemas": list(schemas), **identity})


def test_a_schema_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "customer.schema.json"
    path.write_text("\n" + json.dumps(SCHEMA))
    assert load_identity_schema(path) == IdentitySchema("customer", SCHEMA, Location(str(path), 2, 1))


@pytest.mark.parametrize(
    ("text", "message"), [("[]", "is a list, not a JSON schema of an identity"), ("{", "is not JSON")]
)
def test_a_file_that_is_no_schema_is_a_file_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(FileError, match=message) as caught:
        load_identity_schema(path)
    assert caught.value.location.path == str(path)


def test_the_default_schema_of_a_configuration_comes_first(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(SCHEMA))
    inline = "base64://" + base64.b64encode(b'{"title": "a"}').decode()
    schemas = [{"id": "a", "url": inline}, {"id": "b", "url": "file:///etc/config/b.json"}]
    config = loaded(tmp_path, _config(*schemas, default_schema_id="b"))
    assert [schema.schema_id for schema in config.identity_schemas] == ["b", "a"]
    assert config.identity_schemas[0].location.path == "b.json"
    assert config.bindings[0].identity_schemas == config.identity_schemas
    assert config.problems == ()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://example.com/a.json", "identity schema 'a': https://example.com/a.json is not fetched"),
        ("preset://email", "identity schema 'a': preset://email is not fetched"),
        ("file://a.json", "identity schema 'a': no file 'a.json' (looked in .)"),
        ("base64://!", "identity schema 'a': kratos cannot decode it: illegal base64 data at input byte 0"),
        ("base64://WzFd", "identity schema 'a': is a list, not a JSON schema of an identity"),
        ("file://../outside.json", "identity schema 'a': ../outside.json lies outside the project root"),
    ],
)
def test_a_schema_that_is_not_there_leaves_the_traits_unknown(tmp_path: Path, url: str, message: str) -> None:
    (tmp_path / "outside.json").write_text("{}")
    root = tmp_path / "root"
    root.mkdir()
    config = loaded(root, _config({"id": "a", "url": url}, default_schema_id="a"))
    (problem,) = config.problems
    assert (problem.slug, problem.severity, problem.message) == ("identity-schema", Severity.WARNING, message)
    assert problem.effect == "which traits an identity can have is not known"
    assert config.identity_schemas == ()


def test_a_broken_schema_is_located_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1,\n "b" 2}')
    (problem,) = loaded(tmp_path, _config({"id": "a", "url": "file://a.json"}, default_schema_id="a")).problems
    assert str(problem.location) == "a.json:2:6"


def test_a_default_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    config = loaded(tmp_path, _config({"id": "a", "url": "base64://e30="}, default_schema_id="b"))
    assert config.problems[0].message == "identity.default_schema_id 'b' is none of identity.schemas"


@pytest.mark.parametrize("schemas", ["x", [1], [{"id": "a"}], {"id": "a"}])
def test_schemas_of_a_wrong_shape_are_refused(tmp_path: Path, schemas: Any) -> None:
    assert slugs(loaded(tmp_path, wired({}, identity={"schemas": schemas}))) == ["wrong-shape"]
