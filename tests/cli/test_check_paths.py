"""What ``jsonnet-ctx check`` looks at: paths, folders, configs, addresses, standard input, or nothing named at all."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from harness import Project

HOOK = "registration.after.password.post_persist"
CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
CAREFUL = "function(ctx) { id: ctx.identity.id }\n"
ACTION = {"hook": "web_hook", "config": {"url": "https://a.example/", "method": "POST", "body": "file://a.jsonnet"}}
CONFIG = """\
    version: v25.4.0
    selfservice:
      flows:
        registration:
          after:
            password:
              hooks:
                - hook: web_hook
                  config: {url: "https://a.example/0", method: POST, body: "file://a.jsonnet"}
                - hook: web_hook
                  config: {url: "https://a.example/1", method: POST, body: "file://gone.jsonnet"}
        login:
          after:
            password:
              hooks:
                - hook: web_hook
                  config: {url: "https://a.example/2", method: POST, body: "file://b.jsonnet"}
    """


@pytest.fixture
def shop(project: Project) -> Project:
    """A config that wires a careless template to a registration and a careful one to a login."""
    return project.write({"deploy/kratos.yml": CONFIG, "deploy/a.jsonnet": CARELESS, "deploy/b.jsonnet": CAREFUL})


def report(project: Project, *args: str, input: str | None = None) -> dict[str, Any]:
    """The JSON report of a quick check."""
    done = project.run("check", *args, "--max-examples", "0", "--format", "json", input=input)
    assert done.err == ""
    said: dict[str, Any] = done.json()
    return said


def told(said: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """Rule, file and hook points of each finding that is more than a remark."""
    findings = (finding for finding in said["findings"] if finding["severity"] != "info")
    return [(finding["rule"], finding["location"]["path"], finding["hooks"]) for finding in findings]


MISSING = ("JC101", "deploy/a.jsonnet", [HOOK])
GONE = ("JC407", "deploy/kratos.yml", [HOOK])


def test_without_arguments_a_config_below_the_folder_is_found(shop: Project) -> None:
    done = shop.run("check", "--max-examples", "0")
    assert done.code == 1
    assert "note: found the kratos config deploy/kratos.yml\n" in done.out
    assert " in 2 templates, 2 hook points, " in done.out
    assert told(report(shop)) == [MISSING, GONE]


def test_the_config_of_the_settings_comes_first(shop: Project) -> None:
    shop.write({"jsonnet-ctx.toml": 'config = "deploy/kratos.yml"\n', "other/kratos.yml": CONFIG})
    assert told(report(shop)) == [MISSING, GONE]


def test_the_version_that_a_config_declares_counts_until_a_flag_says_another(shop: Project) -> None:
    assert report(shop, "--config", "deploy/kratos.yml")["findings"][0]["kratos"] == ["v25.4.0"]
    flagged = report(shop, "--config", "deploy/kratos.yml", "--kratos", "v1.3.1")
    assert {version for finding in flagged["findings"] for version in finding["kratos"]} == {"v1.3.1"}


def test_without_a_config_templates_are_found_and_checked_where_they_fit(project: Project) -> None:
    project.write({"hooks/w.jsonnet": "function(ctx) { id: ctx.identity.id, session: ctx.session.id }\n"})
    done = project.run("check", "--max-examples", "0")
    assert "note: no config wires hooks/w.jsonnet: checked at login.after." in done.out
    assert "; pin it with --hook login.after." in done.out


def test_templates_of_other_surfaces_and_libraries_are_left_alone(project: Project) -> None:
    project.write(
        {
            "claims.jsonnet": "local claims = std.extVar('claims'); { identity: { traits: {} }, ctx: 1 }\n",
            "lib.libsonnet": "{ f(ctx): ctx.a }\n",
            "node_modules/x.jsonnet": CARELESS,
            "w.jsonnet": CAREFUL,
        }
    )
    assert report(project)["checked"]["templates"] == 1


def test_a_claims_mapper_that_is_named_is_said_not_to_be_checked(project: Project) -> None:
    project.write({"claims.jsonnet": "local claims = std.extVar('claims'); { identity: { traits: {} } }\n"})
    done = project.run("check", "claims.jsonnet")
    assert done.code == 2
    assert done.err.startswith("error: nothing to check: no template and no web_hook was found\n")


def test_the_patterns_of_the_settings_name_templates(project: Project) -> None:
    project.write({"jsonnet-ctx.toml": 'templates = ["hooks/*.jsonnet"]\n', "hooks/w.jsonnet": CARELESS})
    project.write({"elsewhere/x.jsonnet": CARELESS})
    assert {path for _, path, _ in told(report(project, "--hook", HOOK))} == {"hooks/w.jsonnet"}


def test_a_folder_gives_the_templates_below_it_and_no_others(shop: Project) -> None:
    shop.write({"elsewhere/x.jsonnet": CARELESS})
    assert told(report(shop, "deploy", "--hook", HOOK)) == [("JC101", "deploy/a.jsonnet", [HOOK])]


def test_a_template_in_a_folder_is_checked_as_a_config_wires_it(shop: Project) -> None:
    said = report(shop, "deploy")
    assert told(said) == [("JC101", "deploy/a.jsonnet", [HOOK])]
    assert said["checked"]["templates"] == 2


def test_a_folder_without_templates_gives_its_configs(project: Project) -> None:
    body = "base64://ZnVuY3Rpb24oY3R4KSB7IHBsYW46IGN0eC5mbG93LnRyYW5zaWVudF9wYXlsb2FkLnBsYW4gfQ=="
    project.write({"deploy/kratos.yml": CONFIG.replace("file://a.jsonnet", body)})
    first, *_ = told(report(project, "deploy"))
    assert first[:2] == ("JC101", "deploy/kratos.yml::registration.after.password[0]")


@pytest.mark.parametrize("flags", [(), ("--hook", "login.after")])
def test_an_empty_folder_is_nothing_to_check(shop: Project, flags: tuple[str, ...]) -> None:
    (shop.root / "empty").mkdir()
    done = shop.run("check", "empty", *flags)
    assert (done.code, done.err) == (2, "error: nothing to check: no template and no kratos config in empty\n")


def test_an_empty_project_is_nothing_to_check(project: Project) -> None:
    done = project.run("check")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: nothing to check: no template and no web_hook was found\n"
        "  hint: name a template (jsonnet-ctx check webhook.jsonnet --hook registration.after.oidc)"
        " or a config (--config kratos.yml)\n"
    )


def test_a_config_without_web_hooks_is_nothing_to_check(project: Project) -> None:
    project.write({"kratos.yml": "selfservice: {flows: {}}\n"})
    assert project.run("check", "--config", "kratos.yml").code == 2


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.jsonnet", "error: gone.jsonnet does not exist\n  hint: name a template, a folder or a kratos config\n"),
        (
            "gone.yml::login.after[0]",
            "error: gone.yml does not exist\n  hint: name a template, a folder or a kratos config\n",
        ),
        (
            "deploy/kratos.yml::login.after.pasword[0]",
            "error: unknown hook address: 'login.after.pasword[0]'\n"
            "  hint: did you mean login.after.password[0] or registration.after.password[0] or"
            " registration.after.password[1]?\n",
        ),
    ],
)
def test_a_path_that_is_not_there_is_an_error(shop: Project, path: str, message: str) -> None:
    done = shop.run("check", path)
    assert (done.code, done.out, done.err) == (2, "", message)


def test_an_address_checks_one_action_of_a_config(shop: Project) -> None:
    said = report(shop, "deploy/kratos.yml::registration.after.password[0]")
    assert told(said) == [MISSING]
    assert said["checked"]["bindings"] == 1


def test_an_address_without_a_number_checks_the_whole_list(shop: Project) -> None:
    assert told(report(shop, "deploy/kratos.yml::registration.after.password")) == [MISSING, GONE]


def test_several_addresses_are_checked_together(shop: Project) -> None:
    addresses = ("deploy/kratos.yml::registration.after.password[0]", "deploy/kratos.yml::login.after.password[0]")
    assert report(shop, *addresses)["checked"]["bindings"] == 2


def test_the_wiring_of_an_addressed_action_is_told_and_no_other(shop: Project) -> None:
    assert told(report(shop, "deploy/kratos.yml::registration.after.password[1]")) == [GONE]
    assert told(report(shop, "deploy/kratos.yml::login.after.password[0]")) == []


def test_an_address_is_not_joined_by_the_config_of_the_settings(shop: Project) -> None:
    shop.write({"jsonnet-ctx.toml": 'config = "deploy/kratos.yml"\n'})
    assert report(shop, "deploy/kratos.yml::login.after.password[0]")["checked"]["bindings"] == 1


def test_a_hook_narrows_a_config(shop: Project) -> None:
    said = report(shop, "--config", "deploy/kratos.yml", "--hook", "login.after")
    assert (told(said), said["checked"]["bindings"]) == ([], 1)
    assert told(report(shop, "--config", "deploy/kratos.yml", "--hook", "registration")) == [MISSING, GONE]


def test_a_hook_that_a_config_does_not_wire_is_an_error(shop: Project) -> None:
    done = shop.run("check", "--config", "deploy/kratos.yml", "--hook", "settings.before")
    assert (done.code, done.err) == (
        2,
        "error: nothing to check: no web_hook is wired to settings.before\n"
        f"  hint: wired are {HOOK}, login.after.password\n",
    )


def test_an_action_is_read_from_standard_input(shop: Project) -> None:
    (shop.root / "a.jsonnet").write_text(CARELESS)
    said = report(shop, "-", "--hook", "registration.after.password", input=json.dumps(ACTION))
    assert told(said) == [("JC101", "a.jsonnet", [HOOK])]


def test_an_action_of_standard_input_is_checked_against_several_versions(shop: Project) -> None:
    (shop.root / "a.jsonnet").write_text(CARELESS)
    args = ("-", "--hook", "registration.after.password", "--kratos", "v1.3.1", "--kratos", "v26.2.0")
    (found,) = (one for one in report(shop, *args, input=json.dumps(ACTION))["findings"] if one["rule"] == "JC101")
    assert found["kratos"] == ["v1.3.1", "v26.2.0"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CARELESS, "standard input holds no action\n"),
        ("", "standard input holds no action\n"),
        (json.dumps(ACTION), "action is an action without a hook point\n"),
        ('{"hook": }', "action:1:10: is not JSON: expecting value\n"),
        (b"\xff\xfe{", "standard input is not UTF-8 (byte 0)\n"),
    ],
)
def test_what_is_no_action_on_standard_input_is_an_error(project: Project, text: str | bytes, message: str) -> None:
    done = project.run("check", "-", input=text)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: {message}")


@pytest.mark.parametrize("name", ["fifo.jsonnet", "loop.jsonnet", "dangling.jsonnet", "folder.jsonnet"])
def test_what_is_no_file_in_a_folder_is_passed_over(shop: Project, name: str) -> None:
    path = shop.root / "deploy" / name
    make_odd_file(path)
    assert told(report(shop, "deploy", "--hook", HOOK)) == [("JC101", "deploy/a.jsonnet", [HOOK])]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fifo.jsonnet", "fifo.jsonnet: is not an ordinary file (a FIFO, device or socket)"),
        ("loop.jsonnet", "loop.jsonnet does not exist"),
        ("dangling.jsonnet", "dangling.jsonnet does not exist"),
        ("folder.jsonnet", "nothing to check: no template and no kratos config in folder.jsonnet"),
    ],
)
def test_what_is_no_file_and_is_named_is_an_error(project: Project, name: str, message: str) -> None:
    make_odd_file(project.root / name)
    done = project.run("check", name, "--hook", HOOK)
    assert (done.code, done.err.partition("\n")[0]) == (2, f"error: {message}")


def make_odd_file(path: Path) -> None:
    """A thing of the kind that its name says."""
    match path.stem:
        case "fifo":
            os.mkfifo(path)
        case "loop":
            path.symlink_to(path.name)
        case "dangling":
            path.symlink_to("nowhere.jsonnet")
        case _:
            path.mkdir()


def test_a_template_behind_a_link_is_checked(shop: Project) -> None:
    (shop.root / "link.jsonnet").symlink_to("deploy/a.jsonnet")
    assert told(report(shop, "link.jsonnet", "--hook", HOOK)) == [("JC101", "link.jsonnet", [HOOK])]


def test_a_folder_that_holds_itself_through_a_link_ends(shop: Project) -> None:
    (shop.root / "deploy" / "again").symlink_to(".")
    assert report(shop, "deploy", "--hook", HOOK)["checked"]["templates"] == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_an_error(shop: Project) -> None:
    (shop.root / "deploy" / "a.jsonnet").chmod(0)
    done = shop.run("check", "deploy/a.jsonnet", "--hook", HOOK)
    assert (done.code, done.err) == (2, "error: deploy/a.jsonnet: cannot be read: permission denied\n")


def test_a_finding_is_the_same_one_from_every_folder(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fingerprint does not depend on where the command was started; the location is one to open from there."""
    below = Project(shop.root / "deploy", monkeypatch)
    from_root = report(shop, "deploy/a.jsonnet", "--hook", HOOK)["findings"]
    from_below = report(below, "a.jsonnet", "--hook", HOOK)["findings"]
    assert [one["fingerprint"] for one in from_root] == [one["fingerprint"] for one in from_below]
    assert {one["location"]["path"] for one in from_below} == {"a.jsonnet"}
    wired = report(below, "--config", "kratos.yml")["findings"]
    assert {one["location"]["path"] for one in wired} >= {"a.jsonnet", "kratos.yml"}
    assert {one["fingerprint"] for one in wired} == {
        one["fingerprint"] for one in report(shop, "--config", "deploy/kratos.yml")["findings"]
    }


def test_a_template_named_below_the_root_is_checked_as_wired(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write({"jsonnet-ctx.toml": 'config = "deploy/kratos.yml"\n'})
    said = report(Project(shop.root / "deploy", monkeypatch), "a.jsonnet")
    assert told(said) == [("JC101", "a.jsonnet", [HOOK]), ("JC407", "kratos.yml", [HOOK])]
