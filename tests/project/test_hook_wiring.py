"""Which hooks run: the rules of behaviours.json rows sel.*, one by one."""

from pathlib import Path
from typing import Any

import pytest
from kratos_yaml import loaded, slugs, web_hook, wired

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.project.kratos_config import Config

PARSE: dict[str, Any] = {"response": {"parse": True}}
ON = {"enabled": True}


def _statuses(config: Config) -> dict[str, str]:
    return {binding.address.rpartition("::")[2]: binding.status for binding in config.bindings}


def _with_methods(lists: dict[str, Any], **methods: Any) -> dict[str, Any]:
    return wired(lists, selfservice={"methods": methods})


def test_a_global_hook_alone_runs(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"registration.after": [web_hook()]}))
    assert (_statuses(config), config.problems) == ({"registration.after.global[0]": "effective"}, ())


@pytest.mark.parametrize("flow", ["registration", "settings"])
@pytest.mark.parametrize("flags", [PARSE, {"can_interrupt": True}])
def test_interrupting_hooks_in_the_global_list_never_run(tmp_path: Path, flow: str, flags: dict[str, Any]) -> None:
    config = loaded(tmp_path, wired({f"{flow}.after": [web_hook(**flags)]}))
    (problem,) = config.problems
    assert (problem.slug, problem.severity) == ("dead-hook", Severity.ERROR)
    assert problem.message == f"{flow}.after.hooks never runs hooks with response.parse or can_interrupt"
    assert problem.hint == f"move it into the lists of the methods, such as {flow}.after.password.hooks"
    assert _statuses(config) == {f"{flow}.after.global[0]": "dead"}
    assert config.bindings[0].hooks[0].id == f"{flow}.after.global.pre_persist"


def test_interrupting_hooks_in_other_global_lists_run(tmp_path: Path) -> None:
    hook = web_hook(**PARSE)
    config = loaded(tmp_path, wired({"login.after": [hook], "recovery.after": [hook], "registration.before": [hook]}))
    assert set(_statuses(config).values()) == {"effective"}
    assert config.problems == ()


def test_one_method_list_replaces_the_global_list_for_its_method(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, wired({"registration.after": [web_hook("g")], "registration.after.oidc": [web_hook("o")]})
    )
    (problem,) = config.problems
    assert (problem.slug, problem.severity, problem.address) == (
        "shadowed-hook",
        Severity.WARNING,
        "kratos.yml::registration.after.global[0]",
    )
    assert problem.message == "registration.after.hooks is replaced by the list of oidc"
    assert problem.hint == "repeat the hook in registration.after.oidc.hooks"
    assert problem.effect == "registration with oidc does not call this webhook"
    assert set(_statuses(config).values()) == {"effective"}
    assert config.bindings[0].notes == ("replaced by the list of oidc",)


@pytest.mark.parametrize("usable", [{"hook": "session"}, {"hook": "show_verification_ui"}, web_hook("p", **PARSE)])
def test_any_usable_hook_replaces_the_global_list(tmp_path: Path, usable: dict[str, Any]) -> None:
    lists = {"registration.after": [web_hook("g")], "registration.after.password": [usable]}
    config = loaded(tmp_path, _with_methods(lists, password=ON))
    assert _statuses(config)["registration.after.global[0]"] == "shadowed"
    (problem,) = config.problems
    assert problem.message == "registration.after.hooks is replaced by the list of password and never runs"
    assert problem.severity == Severity.ERROR


def test_an_empty_method_list_falls_back_to_the_global_one(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"login.after": [web_hook()], "login.after.password": []}))
    assert (_statuses(config), config.problems) == ({"login.after.global[0]": "effective"}, ())


def test_lists_of_methods_that_are_off_hide_nothing(tmp_path: Path) -> None:
    lists = {"settings.after": [web_hook("g")], "settings.after.totp": [web_hook("t")]}
    config = loaded(tmp_path, _with_methods(lists, password=ON, totp={"enabled": False}))
    assert _statuses(config) == {"settings.after.global[0]": "effective", "settings.after.totp[0]": "dead"}
    (problem,) = config.problems
    assert (problem.slug, problem.severity) == ("dead-hook", Severity.INFO)
    assert problem.message == "the method totp is switched off for settings"


def test_a_global_hook_is_shadowed_when_every_method_in_use_has_its_own_list(tmp_path: Path) -> None:
    lists = {
        "registration.after": [web_hook("g")],
        "registration.after.password": [web_hook("p")],
        "registration.after.oidc": [web_hook("o")],
    }
    config = loaded(tmp_path, _with_methods(lists, password=ON, oidc=ON))
    assert _statuses(config)["registration.after.global[0]"] == "shadowed"
    assert config.bindings[0].reason == "replaced by the list of password and oidc"
    assert config.problems[0].hint == (
        "repeat the hook in registration.after.password.hooks and registration.after.oidc.hooks"
    )


def test_a_part_of_a_configuration_leaves_every_method_possible(tmp_path: Path) -> None:
    lists = {"registration.after": [web_hook("g")], "registration.after.password": [web_hook("p")]}
    assert _statuses(loaded(tmp_path, wired(lists)))["registration.after.global[0]"] == "effective"


def test_a_repeated_hook_loses_nothing(tmp_path: Path) -> None:
    lists = {"registration.after": [web_hook("g")], "registration.after.oidc": [web_hook("g"), {"hook": "session"}]}
    (problem,) = loaded(tmp_path, wired(lists)).problems
    assert (problem.severity, problem.effect) == (Severity.INFO, "nothing is lost: oidc repeats it")


def test_id_token_logins_keep_the_global_login_hook_alive(tmp_path: Path) -> None:
    lists = {
        "login.after": [web_hook("g")],
        "login.after.password": [web_hook("p")],
        "login.after.oidc": [web_hook("o")],
    }
    config = loaded(tmp_path, _with_methods(lists, password=ON, oidc=ON))
    assert set(_statuses(config).values()) == {"effective"}
    assert slugs(config) == ["shadowed-hook"]
    oidc = next(binding for binding in config.bindings if "oidc" in binding.address)
    assert oidc.notes == ("native OIDC logins with an id_token take login.after.hooks instead of this list",)
    without = _with_methods({key: lists[key] for key in ("login.after", "login.after.password")}, password=ON)
    assert _statuses(loaded(tmp_path, without))["login.after.global[0]"] == "shadowed"


@pytest.mark.parametrize(
    ("code", "login", "registration"),
    [
        ({}, "effective", "effective"),
        ({"enabled": False}, "effective", "effective"),
        ({"passwordless_enabled": False}, "dead", "dead"),
        ({"passwordless_enabled": False, "mfa_enabled": True}, "effective", "dead"),
        ({"enabled": False, "passwordless_enabled": True}, "effective", "effective"),
    ],
)
def test_the_code_method_has_switches_of_its_own(
    tmp_path: Path, code: dict[str, bool], login: str, registration: str
) -> None:
    lists = {"login.after.code": [web_hook("l")], "registration.after.code": [web_hook("r")]}
    statuses = _statuses(loaded(tmp_path, _with_methods(lists, code=code)))
    assert statuses == {"login.after.code[0]": login, "registration.after.code[0]": registration}


def test_hooks_of_a_flow_that_is_off_are_dead(tmp_path: Path) -> None:
    config = wired({"registration.after": [web_hook()], "recovery.after": [web_hook()]})
    config["selfservice"]["flows"]["registration"]["enabled"] = False
    found = loaded(tmp_path, config)
    assert _statuses(found) == {"registration.after.global[0]": "dead", "recovery.after[0]": "effective"}
    assert found.problems[0].message == "selfservice.flows.registration.enabled is false"
    assert found.bindings[1].notes == ("selfservice.flows.recovery.enabled is not set here and is false by default",)


def test_a_session_hook_ends_the_chain_before_v1_2_0(tmp_path: Path) -> None:
    hooks = [{"hook": "session"}, web_hook("post"), web_hook("pre", **PARSE)]
    config = wired({"registration.after.password": hooks})
    assert loaded(tmp_path, config, kratos="v1.2.0").problems == ()
    older = loaded(tmp_path, config, kratos="v1.1.0")
    (problem,) = older.problems
    assert (problem.slug, problem.kratos) == ("session-before-web-hook", ("v1.0.0", "v1.1.0"))
    assert problem.address == "kratos.yml::registration.after.password[1]"
    assert problem.effect == "these clients register, and the webhook is not sent"


def test_a_session_hook_behind_the_webhook_is_harmless(tmp_path: Path) -> None:
    config = wired({"registration.after.password": [web_hook(), {"hook": "session"}]})
    assert loaded(tmp_path, config, kratos="v1.0.0").problems == ()


def test_a_method_list_newer_than_the_version_is_refused_at_start(tmp_path: Path) -> None:
    config = wired({"login.after.passkey": [web_hook()]})
    assert loaded(tmp_path, config, kratos="v1.2.0").problems == ()
    older = loaded(tmp_path, config, kratos="v1.1.0")
    assert [(p.slug, p.message, p.kratos, p.refused_at_start) for p in older.problems] == [
        ("unknown-key", "login.after.passkey exists since kratos v1.2.0", ("v1.0.0", "v1.1.0"), True),
        ("dead-hook", "login.after.passkey exists since kratos v1.2.0", ("v1.0.0", "v1.1.0"), False),
    ]


def test_a_trace_request_evaluates_no_template(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"login.before": [web_hook(method="TRACE")]}))
    assert (_statuses(config), slugs(config)) == ({"login.before[0]": "effective"}, ["dead-hook"])
    assert config.problems[0].effect == "the receiver gets no body"
    bare = loaded(tmp_path, wired({"login.before": [web_hook(method="TRACE", body=None)]}))
    assert slugs(bare) == ["dead-hook"]
