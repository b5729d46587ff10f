"""Configurations with odd values in any place are read or refused, never a crash."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kratos_yaml import loaded, web_hook, wired

from jsonnet_ctx.errors import FileError

_BASIC = {"type": "basic_auth", "config": {"user": "u", "password": "p"}}
_MIGRATE = {"enabled": True, "config": {"url": "http://m", "body": "base64://MQ=="}}
_FULL = wired(
    {
        "login.before": [web_hook(headers={"X": "y"}, auth=_BASIC)],
        "registration.after": [web_hook("g", response={"ignore": True})],
        "registration.after.oidc": [{"hook": "session"}, web_hook("o", response={"parse": True})],
        "recovery.after": [{"hook": "revoke_active_sessions"}],
    },
    selfservice={"methods": {"password": {"enabled": True, "config": {"migrate_hook": _MIGRATE}}}},
    identity={"default_schema_id": "a", "schemas": [{"id": "a", "url": "base64://e30="}]},
    clients={"web_hook": {"header_allowlist": ["X"]}},
    version="v26.2.0",
)

_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, 1.5, "", "x", "base64://%%", [], [None], [[]], {}, {"hooks": None}, {"x": {}}]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in _places(item, (*path, key)))]


def _replace(target: Any, path: tuple[Any, ...], odd: Any) -> None:
    """Put an odd value at a path, as far as earlier replacements left it there."""
    for step in path[:-1]:
        try:
            target = target[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(target, dict) or (isinstance(target, list) and isinstance(path[-1], int) and path[-1] < len(target)):
        target[path[-1]] = odd


@given(st.lists(st.tuples(st.sampled_from(_places(_FULL)[1:]), _ODD), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_shape_breaks_the_reader(tmp_path: Path, changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    config = copy.deepcopy(_FULL)
    for path, odd in changes:
        _replace(config, path, odd)
    try:
        found = loaded(tmp_path, config)
    except FileError as error:
        assert error.location.path == "kratos.yml"  # noqa: PT017 - either outcome is fine, this is the shape of one
        return
    assert all(problem.message for problem in found.problems)
