"""The header allow-list of a configuration: where it counts and where it does not."""

from pathlib import Path
from typing import Any

import pytest
from kratos_yaml import loaded, slugs, web_hook, wired


def test_the_allow_list_is_read_as_written(tmp_path: Path) -> None:
    clients = {"web_hook": {"header_allowlist": ["x-custom-header", "AUTHORIZATION"]}}
    config = loaded(tmp_path, wired({"login.before": [web_hook()]}, clients=clients))
    assert config.header_allowlist == ("x-custom-header", "AUTHORIZATION")
    assert config.bindings[0].header_allowlist == config.header_allowlist
    older = loaded(tmp_path, wired({}, clients=clients), kratos="v1.3.1")
    assert older.header_allowlist is None
    assert [(p.slug, p.message) for p in older.problems] == [
        ("unknown-key", "clients.web_hook.header_allowlist exists since kratos v25.4.0")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"actions": {"web_hook": {"header_allowlist": ["X"]}}},
        {"clients": {"http": {"header_allow_list": ["X"]}}},
        {"selfservice": {"header_whitelist": ["X"]}},
    ],
)
def test_an_allow_list_in_another_place_has_no_effect(tmp_path: Path, more: dict[str, Any]) -> None:
    config = loaded(tmp_path, wired({}, **more))
    assert slugs(config) == ["unknown-key"]
    assert config.problems[0].hint == "move it to clients.web_hook.header_allowlist"


@pytest.mark.parametrize("setting", ["X", {"X": 1}, ["X", 1], None])
def test_an_allow_list_of_a_wrong_type_is_refused(tmp_path: Path, setting: Any) -> None:
    assert slugs(loaded(tmp_path, wired({}, clients={"web_hook": {"header_allowlist": setting}}))) == ["wrong-shape"]


def test_headers_of_cors_are_no_allow_list(tmp_path: Path) -> None:
    serve = {"public": {"cors": {"enabled": True, "allowed_headers": ["Authorization"]}}}
    assert loaded(tmp_path, wired({}, serve=serve)).problems == ()
