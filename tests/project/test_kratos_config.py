"""From configuration files to bindings: where they lie, what they are called, which template they have."""

import json
from pathlib import Path

import pytest
from kratos_yaml import body, loaded, slugs, web_hook, wired

from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.project.kratos_config import load_bindings, select_bindings
from jsonnet_ctx.project.template import Template

CONFIGS = Path(__file__).parents[2] / "fixtures" / "configs"


def _table(name: str) -> list[tuple[str, str, int | None]]:
    config = load_bindings(CONFIGS / name, root=CONFIGS)
    return [(b.address, b.hooks[0].id, b.location.line) for b in config.bindings]


def test_what_ory_get_project_prints_is_a_configuration() -> None:
    assert _table("network.project.json") == [
        ("network.project.json::registration.after.password[0]", "registration.after.password.post_persist", 15)
    ]


def test_helm_values_hold_a_configuration_with_anchors() -> None:
    assert _table("values.yaml") == [
        ("values.yaml::login.after.password[0]", "login.after.password", 4),  # where the anchor stands
        ("values.yaml::login.after.password[1]", "login.after.password", 25),
        ("values.yaml::settings.after.profile[0]", "settings.after.profile.pre_persist", 33),
    ]
    config = load_bindings(CONFIGS / "values.yaml", root=CONFIGS)
    assert {type(binding.template) for binding in config.bindings} == {Template}
    assert config.problems == ()


def test_toml_is_a_configuration_with_lines() -> None:
    assert _table("kratos.toml") == [
        ("kratos.toml::login.after.global[0]", "login.after.global", 6),
        ("kratos.toml::login.after.global[1]", "login.after.global", 13),
    ]


def test_the_text_of_a_config_map_keeps_the_lines_of_its_file() -> None:
    assert _table("configmap.yaml") == [("configmap.yaml::recovery.after[0]", "recovery.after", 18)]


def test_a_config_map_carries_its_own_template_and_schema(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "hook.jsonnet").write_text("'not this one'")
    inner = wired({"login.before": [web_hook(body="file:///etc/config/hook.jsonnet")]})
    inner["identity"] = {"default_schema_id": "a", "schemas": [{"id": "a", "url": "file:///etc/config/a.schema.json"}]}
    data = {"kratos.yaml": json.dumps(inner), "hook.jsonnet": "function(ctx) 1\n", "a.schema.json": '{"title": "a"}'}
    config = loaded(tmp_path, {"kind": "ConfigMap", "data": data})
    template = config.bindings[0].template
    assert isinstance(template, Template)
    assert (template.text, template.name) == ("function(ctx) 1\n", "kratos.yml::hook.jsonnet")
    assert config.bindings[0].notes == ("/etc/config/hook.jsonnet was taken from kratos.yml:7:3",)
    assert config.identity_schemas[0].document == {"title": "a"}
    assert config.problems == ()


def test_the_document_with_a_configuration_counts(tmp_path: Path) -> None:
    text = "kind: Service\n---\nselfservice:\n  flows:\n    login:\n      before:\n        hooks: []\n"
    assert loaded(tmp_path, text).bindings == ()


def test_two_configurations_in_one_file_are_one_too_many(tmp_path: Path) -> None:
    text = "a:\n  selfservice: {flows: {}}\nb:\n  selfservice: {flows: {}}\n"
    with pytest.raises(FileError) as caught:
        loaded(tmp_path, text)
    assert str(caught.value) == "kratos.yml:1:1: holds several kratos configurations: a (line 1), b (line 3)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "kratos.yml:1:1: holds null, not a kratos configuration"),
        ("- a\n", "kratos.yml:1:1: holds a list, not a kratos configuration"),
        ("a: 1\n", "kratos.yml:1:1: holds no kratos configuration"),
        ("selfservice: {flows: {login: [\n", "kratos.yml:2:1: is not YAML: did not find expected node content"),
    ],
)
def test_a_file_that_is_no_configuration_says_so(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        loaded(tmp_path, text)
    assert str(caught.value) == message


def test_a_part_of_a_configuration_without_hooks_has_none(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"dsn": "memory", "serve": {}, "version": "v1.3.0"})
    assert (config.bindings, config.problems, config.version) == ((), (), "v1.3.0")


def test_every_flow_and_phase_has_its_hook_point(tmp_path: Path) -> None:
    lists = [
        "login.before", "login.after", "login.after.totp", "registration.before", "registration.after",
        "registration.after.oidc", "settings.before", "settings.after.profile", "recovery.before", "recovery.after",
        "verification.before", "verification.after",
    ]  # fmt: skip
    config = loaded(tmp_path, wired({name: [web_hook(name)] for name in lists}))
    assert [binding.hooks[0].id for binding in config.bindings] == [
        "login.before", "login.after.global", "login.after.totp", "registration.before",
        "registration.after.global.post_persist", "registration.after.oidc.post_persist", "settings.before",
        "settings.after.profile.post_persist", "recovery.before", "recovery.after", "verification.before",
        "verification.after",
    ]  # fmt: skip


@pytest.mark.parametrize("flags", [{"can_interrupt": True}, {"response": {"parse": True}}])
def test_interrupting_hooks_run_before_the_identity_is_stored(tmp_path: Path, flags: dict[str, object]) -> None:
    hooks = [web_hook("post"), {"hook": "session"}, web_hook("pre", **flags)]
    config = loaded(tmp_path, wired({"registration.after.password": hooks, "login.after.password": hooks[::2]}))
    assert [(binding.address, binding.hooks[0].id) for binding in config.bindings] == [
        ("kratos.yml::registration.after.password[2]", "registration.after.password.pre_persist"),
        ("kratos.yml::registration.after.password[0]", "registration.after.password.post_persist"),
        ("kratos.yml::login.after.password[0]", "login.after.password"),
        ("kratos.yml::login.after.password[1]", "login.after.password"),
    ]


def test_a_webhook_is_read_as_written(tmp_path: Path) -> None:
    auth = {"type": "api_key", "config": {"name": "X-Key", "value": "k", "in": "header"}}
    action = web_hook(
        headers={"content-type": "application/x-www-form-urlencoded"}, auth=auth, emit_analytics_event=False,
        response={"ignore": True},
    )  # fmt: skip
    (binding,) = loaded(tmp_path, wired({"login.before": [action]})).bindings
    webhook = binding.webhook
    assert (webhook.url, webhook.method, webhook.auth) == ("https://example.com/h", "POST", auth)
    assert webhook.content_type == "application/x-www-form-urlencoded"
    assert (webhook.ignore, webhook.parse, webhook.can_interrupt, webhook.emit_analytics_event) == (
        True, False, False, False,
    )  # fmt: skip
    assert len({binding}) == 1


def test_the_template_of_a_file_body_is_the_file(tmp_path: Path) -> None:
    (tmp_path / "hook.jsonnet").write_text("function(ctx) {}")
    config = loaded(tmp_path, wired({"login.before": [web_hook(body="file:///etc/config/kratos/hook.jsonnet")]}))
    (binding,) = config.bindings
    assert isinstance(binding.template, Template)
    assert binding.template.name == "hook.jsonnet"
    assert binding.notes == (
        "/etc/config/kratos/hook.jsonnet was taken from hook.jsonnet, the file with the longest equal path",
    )


def test_a_path_map_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "hook.jsonnet").write_text("1")
    action = web_hook(body="file:///etc/hook.jsonnet")
    config = loaded(tmp_path, wired({"login.before": [action]}), path_map={"/etc": "src"})
    assert isinstance(config.bindings[0].template, Template)
    assert config.bindings[0].notes == ()


def test_the_root_is_found_upwards(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy").mkdir()
    (tmp_path / "hook.jsonnet").write_text("1")
    path = tmp_path / "deploy" / "kratos.json"
    path.write_text(json.dumps(wired({"login.before": [web_hook(body="file://hook.jsonnet")]})))
    config = load_bindings(path)
    assert (config.path, config.root) == ("deploy/kratos.json", tmp_path)
    assert config.bindings[0].address == "deploy/kratos.json::login.before[0]"
    assert isinstance(config.bindings[0].template, Template)


def test_an_unknown_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        loaded(tmp_path, wired({}), kratos="v9.9.9")


def test_an_address_selects_an_action_or_a_list(tmp_path: Path) -> None:
    config = loaded(tmp_path, wired({"login.after.oidc": [web_hook("a"), web_hook("b")]}))
    assert [b.webhook.url for b in select_bindings(config, "kratos.yml::login.after.oidc[1]")] == [
        "https://example.com/b"
    ]
    assert len(select_bindings(config, "login.after.oidc")) == 2
    with pytest.raises(UnknownName) as caught:
        select_bindings(config, "login.after.odic[0]")
    assert caught.value.nearest[0] == "login.after.oidc[0]"


def test_the_password_migration_hook_has_a_template_since_v25_4_0(tmp_path: Path) -> None:
    hook = {"enabled": True, "config": {"url": "https://example.com/m", "method": "POST", "body": body()}}
    config = {"selfservice": {"methods": {"password": {"enabled": True, "config": {"migrate_hook": hook}}}}}
    (binding,) = loaded(tmp_path, config).bindings
    assert (binding.address, binding.hooks[0].id, binding.status) == (
        "kratos.yml::password_migration",
        "password_migration",
        "effective",
    )
    older = loaded(tmp_path, config, kratos="v1.3.1")
    assert older.bindings[0].status == "dead"
    assert slugs(older) == ["dead-hook"]
    assert older.problems[0].kratos == ("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.3.1")


def test_a_migration_hook_without_a_body_needs_none(tmp_path: Path) -> None:
    hook = {"enabled": True, "config": {"url": "https://example.com/m"}}
    config = {"selfservice": {"methods": {"password": {"config": {"migrate_hook": hook}}}}}
    assert (loaded(tmp_path, config).bindings, loaded(tmp_path, config).problems) == ((), ())
