"""What Kratos refuses at start, and configurations whose shapes are wrong in any way."""

from pathlib import Path
from typing import Any

import pytest
from kratos_yaml import loaded, web_hook, wired

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
    assert problem.address == "kratos.yml::selfservice.flows.login.before.hooks[2]"


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
