"""What Kratos refuses at start, and configurations whose shapes are wrong in any way."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kratos_yaml import loaded, slugs, web_hook, wired

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.problem import Problem


def _problems(folder: Path, action: Any, where: str = "registration.after.password") -> tuple[Problem, ...]:
    return loaded(folder, wired({where: [action]})).problems


def _only(folder: Path, action: Any) -> Problem:
    (problem,) = _problems(folder, action)
    return problem


def _with_config(**changes: Any) -> dict[str, Any]:
    action = web_hook()
    action["config"] |= changes
    return action


@pytest.mark.parametrize(
    ("action", "slug", "message", "hint"),
    [
        (
            web_hook(response={"ignore": True, "parse": True}),
            "conflicting-flags",
            "response.ignore and response.parse exclude each other",
            "drop response.ignore where the answer counts, or the other flag where it does not",
        ),
        (
            web_hook(response={"ignore": True}, can_interrupt=True),
            "conflicting-flags",
            "response.ignore and can_interrupt exclude each other",
            "drop response.ignore where the answer counts, or the other flag where it does not",
        ),
        (web_hook(method=None), "missing-key", "config has no method", "add method"),
        (web_hook(url=None), "missing-key", "config has no url", "add url"),
        (web_hook(timeout="1s"), "unknown-key", "config has the unknown key 'timeout'", None),
        (web_hook(header={}), "unknown-key", "config has the unknown key 'header'", "did you mean headers?"),
        (
            web_hook(response={"parsed": True}),
            "unknown-key",
            "config.response has the unknown key 'parsed'",
            "did you mean parse?",
        ),
        (
            web_hook(can_interrupt="yes"),
            "wrong-shape",
            "config.can_interrupt must be a boolean, not a string",
            "write true or false without quotes",
        ),
        (web_hook(headers={"X": 1}), "wrong-shape", "header X must be a string, not a number", None),
        (web_hook(url=""), "wrong-shape", "config.url is empty", None),
        (web_hook(body=["x"]), "wrong-shape", "config.body must be a string, not a list", None),
        (web_hook(auth={}), "wrong-shape", "config.auth has no type (api_key or basic_auth)", None),
        (
            web_hook(auth={"type": "apikey", "config": {}}),
            "wrong-shape",
            "config.auth has the unknown type 'apikey' (api_key or basic_auth)",
            "did you mean api_key?",
        ),
        (
            web_hook(auth={"type": "basic_auth", "config": {"user": "u"}}),
            "missing-key",
            "config.auth.config has no password",
            "add password",
        ),
        (
            web_hook(auth={"type": "api_key", "config": {"name": "X", "value": "v", "in": "query"}}),
            "wrong-shape",
            "config.auth.config.in must be header or cookie, not 'query'",
            None,
        ),
        ({"hook": "web_hook"}, "missing-key", "the action has no config", "add config"),
        ({"hook": "web_hook", "config": 1}, "wrong-shape", "config must be an object, not a number", None),
        (
            {**web_hook(), "response": {}},
            "unknown-key",
            "the action has the unknown key 'response'",
            "it belongs under config",
        ),
        (
            {"hook": "webhook", "config": {}},
            "unknown-hook",
            "hook 0 of registration.after.password is of the unknown kind 'webhook'",
            "did you mean web_hook?",
        ),
        (
            {"url": "x"},
            "missing-key",
            "hook 0 of registration.after.password does not say which hook it is",
            "write hook: web_hook",
        ),
        ("web_hook", "wrong-shape", "hook 0 of registration.after.password must be an object, not a string", None),
    ],
)
def test_what_kratos_refuses_is_named(tmp_path: Path, action: Any, slug: str, message: str, hint: str | None) -> None:
    problem = next(found for found in _problems(tmp_path, action) if found.slug != "missing-body")
    assert (problem.slug, problem.message, problem.hint) == (slug, message, hint)
    assert (problem.severity, problem.refused_at_start, problem.kratos) == (Severity.ERROR, True, VERSIONS)
    assert problem.effect == "kratos refuses to start with this config"
    assert problem.location.path == "kratos.yml"
    assert problem.location.line is not None


def test_a_problem_stands_at_the_line_of_its_key(tmp_path: Path) -> None:
    text = (
        "selfservice:\n  flows:\n    login:\n      before:\n        hooks:\n          - hook: web_hook\n"
        "            config:\n              url: http://a\n              method: POST\n"
        "              boddy: base64://MQ==\n"
    )
    config = loaded(tmp_path, text)
    assert [(str(problem.location), problem.slug) for problem in config.problems] == [
        ("kratos.yml:10:15", "unknown-key"),
        ("kratos.yml:7:13", "missing-body"),
    ]
    assert config.problems[0].hint == "did you mean body?"


def test_equal_hooks_in_one_list_are_refused(tmp_path: Path) -> None:
    reordered = {"config": dict(reversed(web_hook()["config"].items())), "hook": "web_hook"}
    config = loaded(tmp_path, wired({"login.before": [web_hook(), {"hook": "session"}, reordered]}))
    (problem,) = config.problems
    assert (problem.slug, problem.message) == ("duplicate-hook", "hooks 0 and 2 of login.before are equal")


def test_equal_hooks_in_two_lists_are_fine(tmp_path: Path) -> None:
    assert loaded(tmp_path, wired({"login.after.oidc": [web_hook()], "login.before": [web_hook()]})).problems == ()


@pytest.mark.parametrize(
    ("flows", "message", "hint"),
    [
        ({"login": {"after": {"hooks": {}}}}, "the hooks of login.after.global must be a list, not an object", None),
        ({"login": {"after": []}}, "login.after must be an object, not a list", None),
        ({"login": 3}, "selfservice.flows.login must be an object, not a number", None),
        ({"login": {"after": {"oidc": []}}}, "login.after.oidc must be an object, not a list", None),
        (
            {"login": {"after": {"password": {"hook": []}}}},
            "login.after.password has the unknown key 'hook'",
            "did you mean hooks?",
        ),
        (
            {"login": {"after": {"pasword": {"hooks": []}}}},
            "login.after has no method 'pasword': its hooks are not checked",
            "did you mean password?",
        ),
        (
            {"recovery": {"after": {"code": {"hooks": []}}}},
            "recovery.after has no method 'code': its hooks are not checked",
            None,
        ),
        ({"login": {"before": {"password": 1}}}, "login.before has the unknown key 'password'", None),
        ({"signup": {"after": {"hooks": []}}}, "the flow 'signup' has no hooks", None),
        (
            {"registrations": {"after": {"hooks": []}}},
            "the flow 'registrations' has no hooks",
            "did you mean registration?",
        ),
    ],
)
def test_lists_of_a_wrong_shape(tmp_path: Path, flows: Any, message: str, hint: str | None) -> None:
    (problem,) = loaded(tmp_path, {"selfservice": {"flows": flows}}).problems
    assert problem.slug == ("unknown-key" if "must be" not in message else "wrong-shape")
    assert (problem.message, problem.hint) == (message, hint)


def test_flows_without_hooks_are_left_alone(tmp_path: Path) -> None:
    flows = {"logout": {"after": {"default_browser_return_url": "https://a"}}, "error": {"ui_url": "https://a"}}
    assert loaded(tmp_path, {"selfservice": {"flows": flows}}).problems == ()


@pytest.mark.parametrize(
    ("body", "slug", "severity", "effect"),
    [
        (None, "missing-body", Severity.ERROR, "every call fails"),
        ("base64://!", "lax-base64", Severity.ERROR, "every call fails"),
        ("base64://MQ==\n", "lax-base64", Severity.ERROR, "kratos refuses to start with this config"),
        ("json://{}", "unknown-scheme", Severity.ERROR, "every call fails"),
        ("file://nope.jsonnet", "template-not-found", Severity.ERROR, "every call fails"),
        ("https://example.com/x.jsonnet", "remote-body", Severity.INFO, "the template is not checked"),
        ("file:///../../../outside.jsonnet", "template-not-found", Severity.ERROR, "every call fails"),
    ],
)
def test_bodies_without_a_template_are_problems(
    tmp_path: Path, body: str | None, slug: str, severity: Severity, effect: str
) -> None:
    problem = _only(tmp_path, web_hook(body=body))
    assert (problem.slug, problem.severity, problem.effect) == (slug, severity, effect)
    assert problem.address == "kratos.yml::registration.after.password[0]"
    assert problem.hooks == ("registration.after.password.post_persist",)


def test_an_ignored_hook_without_a_template_fails_in_silence(tmp_path: Path) -> None:
    problem = _only(tmp_path, web_hook(body=None, response={"ignore": True}))
    assert problem.effect == "no call is sent, and nobody sees it but the log"


def test_a_dead_hook_without_a_template_is_only_worth_a_remark(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"settings.after": [web_hook(body=None, can_interrupt=True)]}))
    assert [(problem.slug, problem.severity) for problem in config.problems] == [
        ("dead-hook", Severity.ERROR),
        ("missing-body", Severity.INFO),
    ]


def test_a_bare_path_is_deprecated(tmp_path: Path) -> None:
    (tmp_path / "a.jsonnet").write_text("1")
    problem = _only(tmp_path, web_hook(body="a.jsonnet"))
    assert (problem.slug, problem.severity, problem.hint) == (
        "deprecated-bare-path",
        Severity.INFO,
        "write file://a.jsonnet",
    )


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
