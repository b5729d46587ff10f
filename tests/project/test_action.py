"""The action JSON of ory patch, in every way people write it."""

import json
from pathlib import Path

import pytest
from kratos_yaml import body, web_hook

from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.kratos.hook_point import HookPoint, select_hook_points
from jsonnet_ctx.project.action import load_action, load_actions
from jsonnet_ctx.project.template import Template

ACTION = json.dumps(web_hook())
PARSING = json.dumps(web_hook(response={"parse": True}))


def _ids(source: str | Path, hook: str | None = None) -> list[str]:
    return [point.id for point in load_action(source, select_hook_points(hook) if hook else ()).hooks]


@pytest.mark.parametrize(
    "text",
    [
        f"/selfservice/flows/registration/after/oidc/hooks/0={ACTION}",
        f"/selfservice/flows/registration/after/oidc/hooks/-='{ACTION}'",
        f"/services/identity/config/selfservice/flows/registration/after/oidc/hooks/0={ACTION}",
        f"ory patch identity-config $ID --add '/selfservice/flows/registration/after/oidc/hooks/0={ACTION}' --yes",
        f"--add /selfservice/flows/registration/after/oidc/hooks='[{ACTION}]'",
        '/selfservice/flows/registration/after/oidc="{\\"hooks\\": [' + ACTION.replace('"', '\\"') + ']}"',
        json.dumps([{"op": "add", "path": "/selfservice/flows/registration/after/oidc/hooks/0", "value": web_hook()}]),
    ],
)
def test_a_patch_names_its_hook_point(text: str) -> None:
    binding = load_action(text)
    assert [hook.id for hook in binding.hooks] == ["registration.after.oidc.post_persist"]
    assert isinstance(binding.template, Template)
    assert binding.address == "action::registration.after.oidc[0]"
    assert binding.status == "effective"


@pytest.mark.parametrize(
    ("action", "hook", "ids"),
    [
        (ACTION, "registration.after.oidc", ["registration.after.oidc.post_persist"]),
        (PARSING, "registration.after.oidc", ["registration.after.oidc.pre_persist"]),
        (PARSING, "login.after.oidc", ["login.after.oidc"]),
        (ACTION, "login.before", ["login.before"]),
        (ACTION, "password_migration", ["password_migration"]),
        (ACTION, "recovery", ["recovery.before", "recovery.after"]),
    ],
)
def test_a_bare_action_runs_where_it_is_said_to(action: str, hook: str, ids: list[str]) -> None:
    assert _ids(action, hook) == ids


def test_a_bare_action_without_a_hook_point_is_a_question() -> None:
    with pytest.raises(UsageError) as caught:
        load_action(ACTION)
    assert (str(caught.value), caught.value.hint) == (
        "action is an action without a hook point",
        "say where it is wired: --hook registration.after.oidc",
    )


@pytest.mark.parametrize(
    ("action", "stage", "message"),
    [
        (
            ACTION,
            "pre",
            "the action has neither response.parse nor can_interrupt, so it does not run at "
            "registration.after.oidc.pre_persist",
        ),
        (
            PARSING,
            "post",
            "the action has response.parse or can_interrupt, so it does not run at "
            "registration.after.oidc.post_persist",
        ),
    ],
)
def test_flags_decide_on_the_persist_stage(action: str, stage: str, message: str) -> None:
    hook = HookPoint(f"registration.after.oidc.{stage}_persist", "registration", "after", "oidc", stage)
    with pytest.raises(UsageError) as caught:
        load_action(action, [hook])
    assert str(caught.value) == message


def test_a_file_finds_bodies_beside_it_and_keeps_its_lines(tmp_path: Path) -> None:
    (tmp_path / "hook.jsonnet").write_text("function(ctx) 1")
    path = tmp_path / "action.json"
    path.write_text(json.dumps(web_hook(body="file://hook.jsonnet"), indent=1))
    binding = load_action(path, select_hook_points("login.before"), root=tmp_path)
    assert isinstance(binding.template, Template)
    assert (binding.template.name, binding.address) == ("hook.jsonnet", "action.json::login.before[0]")
    config = load_actions(path, select_hook_points("login.before"), root=tmp_path)
    assert config.path == "action.json"


def test_problems_of_an_action_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "action.json"
    path.write_text(json.dumps(web_hook(retries=3), indent=1))
    (problem,) = load_actions(path, select_hook_points("login.before"), root=tmp_path).problems
    assert (str(problem.location), problem.message) == ("action.json:7:3", "config has the unknown key 'retries'")


def test_several_actions_are_one_config_and_not_one_binding() -> None:
    other = json.dumps(web_hook("other"))
    text = f"--add /selfservice/flows/login/after/hooks/0={ACTION} --add /selfservice/flows/login/after/hooks/1={other}"
    assert [binding.address for binding in load_actions(text).bindings] == [
        "action::login.after.global[0]",
        "action::login.after.global[1]",
    ]
    with pytest.raises(UsageError, match="action holds 2 actions"):
        load_action(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"hook": "web_hook"', "action:1:20: is not JSON: expecting ',' delimiter"),
        ('{"hook": "session"}', "action:1:1: holds no web_hook action"),
        ('[{"op": "add"}]', "action:1:2: is neither an action nor a JSON patch"),
        ('[{"op": "add", "path": "/dsn", "value": {}}]', "action:1:1: /dsn is no place for an action"),
        ("/selfservice/flows/login/after/hooks/0={", None),
        (
            '[{"op": "add", "path": "/selfservice/flows/login/after/hooks/0/config", "value": {}}]',
            "action:1:1: holds no web_hook action: hook 0 of login.after.global does not say which hook it is",
        ),
        (
            '[{"op": "add", "path": "/selfservice/flows/login", "value": {"after": 1}},'
            ' {"op": "add", "path": "/selfservice/flows/login/after/hooks/0", "value": {}}]',
            "action:1:1: selfservice.flows.login.after.hooks[0] contradicts what was added before",
        ),
    ],
)
def test_text_that_is_no_action_says_why(text: str, message: str | None) -> None:
    with pytest.raises(FileError) as caught:
        load_action(text, select_hook_points("login.before"))
    if message is not None:
        assert str(caught.value) == message


def test_a_command_line_may_hold_the_whole_body() -> None:
    (binding,) = load_actions(f"/selfservice/flows/settings/after/profile/hooks/0={ACTION}").bindings
    assert binding.webhook.body == body()
