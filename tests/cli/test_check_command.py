"""``jsonnet-ctx check``: exit codes, flags and what is said about those that are wrong."""

import json
import re
from typing import Any

import pytest
from harness import Project

HOOK = "registration.after.password.post_persist"
CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
CAREFUL = "function(ctx) { id: ctx.identity.id }\n"
ODD = "function(ctx) { plan: std.asciiLower(std.get(ctx.flow.transient_payload, 'plan', 'free')) }\n"
FRAME = """\
careless.jsonnet:1:23: error JC101 missing-field
  1 | function(ctx) { plan: ctx.flow.transient_payload.plan }
    |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  ctx.flow.transient_payload has no plan when the client does not send it
  at registration.after.password.post_persist (kratos v26.2.0)
  effect: the person sees an error 500; the identity is already stored; no webhook is sent
  hint: std.get(ctx.flow.transient_payload, 'plan', 'unknown')
  replay: jsonnet-ctx replay ebc01e693000
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A careless template, a careful one, and one that only a client with odd values breaks."""
    return project.write({"careless.jsonnet": CARELESS, "careful.jsonnet": CAREFUL, "odd.jsonnet": ODD})


def at_hook(name: str, *flags: str) -> tuple[str, ...]:
    """The arguments of a quick check of one template at one hook point."""
    return ("check", f"{name}.jsonnet", "--hook", HOOK, "--max-examples", "0", *flags)


def findings(project: Project, *args: str) -> list[dict[str, Any]]:
    """The findings in the JSON report of a command."""
    found: list[dict[str, Any]] = project.run(*args, "--format", "json").json()["findings"]
    return found


def test_a_finding_is_told_in_full_and_exits_with_1(shop: Project) -> None:
    done = shop.run(*at_hook("careless"), "-q")
    assert (done.code, done.out, done.err) == (1, FRAME, "")


def test_a_careful_template_exits_with_0_and_says_what_was_tried(shop: Project) -> None:
    done = shop.run(*at_hook("careful", "--select", "JC1"))
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(
        r"no findings in 1 template, 1 hook point, \d+ contexts, \d+\.\d\d s \(go-jsonnet 0\.\d+\.\d+\)\n", done.out
    )


def test_nothing_is_said_of_a_careful_template_with_quiet(shop: Project) -> None:
    done = shop.run(*at_hook("careful"), "-q")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "threshold", "code"),
    [
        ("careless", "error", 1),
        ("careless", "never", 0),
        ("odd", "error", 0),
        ("odd", "warning", 1),
        ("odd", "never", 0),
    ],
)
def test_fail_on_decides_which_findings_fail(shop: Project, name: str, threshold: str, code: int) -> None:
    done = shop.run(*at_hook(name), "-q", "--fail-on", threshold)
    assert done.code == code
    assert "JC10" in done.out


def test_remarks_fail_where_they_are_asked_to(shop: Project) -> None:
    done = shop.run(*at_hook("odd"), "--select", "JC504", "--fail-on", "info")
    assert done.code == 1


def test_verbose_tells_what_is_only_worth_knowing(shop: Project) -> None:
    short, long = shop.run(*at_hook("careless")), shop.run(*at_hook("careless", "-v"))
    assert "note: 1 more thing worth knowing: -v tells\n" in short.out
    assert "info JC504" not in short.out
    assert "careless.jsonnet:1:1: info JC504 over-limit\n" in long.out
    assert "-v tells" not in long.out


def test_rules_are_selected_and_ignored_by_id_slug_and_family(shop: Project) -> None:
    def rules(*flags: str) -> set[str]:
        return {finding["rule"] for finding in findings(shop, *at_hook("careless"), *flags)}

    assert rules() == {"JC101", "JC504"}
    assert rules("--select", "JC1") == {"JC101"}
    assert rules("--select", "missing-field,over-limit") == {"JC101", "JC504"}
    assert rules("--select", "JC1", "--select", "JC504", "--ignore", "missing-field") == {"JC504"}
    assert rules("--ignore", "JC") == set()


def test_an_ignored_finding_does_not_fail(shop: Project) -> None:
    assert shop.run(*at_hook("careless", "--ignore", "JC101")).code == 0


def test_a_finding_says_in_which_versions_it_holds(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) { id: ctx.session.id }"})
    (found,) = findings(
        *(project, "check", "w.jsonnet", "--hook", "login.after.password", "--select", "JC107"),
        *("--kratos", "v1.1.0", "--kratos", "v26.2.0"),
    )
    assert (found["rule"], found["kratos"]) == ("JC107", ["v1.1.0"])


def test_one_finding_names_every_version_in_which_it_holds(shop: Project) -> None:
    args = at_hook("careless", "--kratos", "v1.3.1", "--kratos", "v26.2.0", "--kratos", "v26.2.0", "--select", "JC101")
    (found,) = findings(shop, *args)
    assert found["kratos"] == ["v1.3.1", "v26.2.0"]


def test_a_prefix_selects_both_persist_stages(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) { plan: ctx.flow.transient_payload.plan }"})
    found = findings(project, "check", "w.jsonnet", "--hook", "registration.after.oidc", "--select", "JC101")
    hooks = {hook for finding in found for hook in finding["hooks"]}
    assert hooks == {"registration.after.oidc.pre_persist", "registration.after.oidc.post_persist"}


def test_only_the_hook_points_of_an_older_version_are_checked(shop: Project) -> None:
    (found,) = findings(
        shop, "check", "careless.jsonnet", "--hook", "login.after", "--kratos", "v1.0.0", "--select", "JC107"
    )
    assert "login.after.password" in found["hooks"]
    assert "login.after.code" not in found["hooks"]


def test_a_template_without_a_hook_is_checked_at_those_of_its_version(shop: Project) -> None:
    done = shop.run("check", "careless.jsonnet", "--kratos", "v1.3.1", "--max-examples", "0")
    assert done.code == 1
    assert done.err == ""


def test_a_hook_point_that_the_version_lacks_is_an_error(shop: Project) -> None:
    done = shop.run("check", "careless.jsonnet", "--hook", "login.after.code", "--kratos", "v1.0.0")
    assert (done.code, done.err) == (
        2,
        "error: kratos v1.0.0 has no login.after.code\n  hint: it came with v1.1.0\n",
    )


def test_a_content_type_that_kratos_refuses_fails_every_call(shop: Project) -> None:
    charset = ("--content-type", "application/json; charset=utf-8")
    (found,) = (one for one in findings(shop, *at_hook("careful", *charset)) if one["severity"] != "info")
    assert (found["rule"], found["error"]["kind"]) == ("JC302", "content-type")


def test_a_form_needs_strings(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) { addresses: ctx.identity.traits }"})
    args = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC301")
    assert findings(project, *args) == []
    (found,) = findings(project, *args, "--content-type", "application/x-www-form-urlencoded")
    assert found["error"]["kind"] == "form-shape"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ("--hook", "registration.aftr"),
            "error: unknown hook point: 'registration.aftr'\n"
            "  hint: did you mean registration.after or registration.after.oidc or registration.after.code?\n",
        ),
        (
            ("--kratos", "v26.3.0"),
            "error: unknown kratos version: 'v26.3.0'\n  hint: did you mean v26.2.0 or v1.3.0 or v25.4.0?\n",
        ),
        (
            ("--select", "missing-feld"),
            "error: unknown rule: 'missing-feld'\n  hint: did you mean missing-field or missing-key or missing-body?\n",
        ),
        (("--ignore", ""), "error: unknown rule: ''\n"),
        (("--engine", "foo"), "error: unknown engine: 'foo'\n  hint: known: go-jsonnet, jsonnet, kratos\n"),
        (
            ("--report", "xml:out.xml"),
            "error: --report xml:out.xml: not FORMAT:FILE\n  hint: such as json:findings.json; formats: text, json\n",
        ),
        (("--config", "no.yml"), "error: no.yml: cannot be read: no such file or directory\n"),
        (("--update-baseline",), "error: --update-baseline needs a file\n  hint: name it with --baseline FILE\n"),
    ],
)
def test_a_wrong_flag_is_told_with_what_is_near(shop: Project, flags: tuple[str, ...], message: str) -> None:
    done = shop.run(*at_hook("careless"), *flags) if "--hook" not in flags else shop.run("check", *flags)
    assert (done.code, done.out, done.err) == (2, "", message)


@pytest.mark.parametrize(
    "flags",
    [("--format", "xml"), ("--fail-on", "fatal"), ("--max-examples", "-1"), ("--time-budget", "0"), ("--bogus",)],
)
def test_a_value_out_of_range_is_an_error_of_usage(shop: Project, flags: tuple[str, ...]) -> None:
    done = shop.run(*at_hook("careless"), *flags)
    assert (done.code, done.out) == (2, "")
    assert "Try 'jsonnet-ctx check --help' for help." in done.err
    assert flags[0] in done.err


def test_an_engine_that_is_none_is_told_by_a_dry_run_too(shop: Project) -> None:
    done = shop.run(*at_hook("careless", "--engine", "foo", "--dry-run"))
    assert (done.code, done.err) == (2, "error: unknown engine: 'foo'\n  hint: known: go-jsonnet, jsonnet, kratos\n")


def test_the_same_seed_finds_the_same(project: Project) -> None:
    template = """\
    function(ctx)
      local sent = ctx.flow.transient_payload;
      { a: if std.get(sent, 'a') == 'x' && std.get(sent, 'b') == 'y' then sent.c else 'none' }
    """
    project.write({"w.jsonnet": template})

    def report(seed: str) -> dict[str, Any]:
        done = project.run("check", "w.jsonnet", "--hook", HOOK, "--seed", seed, "--format", "json")
        said: dict[str, Any] = done.json()
        said["checked"].pop("seconds")
        return said

    first = report("7")
    assert json.dumps(first) == json.dumps(report("7"))
    assert {finding["rule"] for finding in first["findings"]} >= {"JC101"}


def test_more_examples_cost_more_contexts(project: Project) -> None:
    template = """\
    function(ctx)
      local sent = ctx.flow.transient_payload;
      { a: if 'a' in sent then std.get(sent, 'b') else 1, c: if 'c' in sent then std.get(sent, 'd') else 1 }
    """
    project.write({"w.jsonnet": template})

    def contexts(examples: str) -> int:
        done = project.run("check", "w.jsonnet", "--hook", HOOK, "--max-examples", examples, "--format", "json")
        return int(done.json()["checked"]["contexts"])

    assert contexts("50") > contexts("0")


def test_a_time_budget_says_what_was_left_out(shop: Project) -> None:
    done = shop.run(
        "check",
        "careless.jsonnet",
        "--hook",
        "login.after",
        "--hook",
        "registration.after",
        "--time-budget",
        "0.000001",
    )
    assert done.code == 0
    assert done.out.startswith("note: the time budget was used up: 19 searches were left out\n")


def test_a_dry_run_tries_nothing(shop: Project) -> None:
    done = shop.run("check", "careful.jsonnet", "odd.jsonnet", "--hook", HOOK, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"careful.jsonnet at {HOOK} (kratos v26.2.0): 8 base contexts, 2 ctx paths read, 0 edits to begin with\n"
        f"odd.jsonnet at {HOOK} (kratos v26.2.0): 8 base contexts, 3 ctx paths read, 6 edits to begin with\n"
        "2 templates, 2 hook points; nothing was tried\n"
    )
    assert not (shop.root / ".jsonnet-ctx").exists()


def test_a_dry_run_goes_to_a_file(shop: Project) -> None:
    assert shop.run(*at_hook("careful", "--dry-run", "--output", "plan.txt")).out == ""
    assert shop.read("plan.txt").endswith("1 template, 1 hook point; nothing was tried\n")


CONFIG_WITH_HEADERS = """\
version: %s
identity:
  default_schema_id: default
  schemas: [{id: default, url: "file://identity.schema.json"}]
clients:
  web_hook:
    header_allowlist: [%s]
selfservice:
  flows:
    login:
      after:
        password:
          hooks:
            - hook: web_hook
              config: {url: "https://example.org", method: POST, body: "file://w.jsonnet"}
"""


def with_headers(project: Project, version: str, allowed: str, template: str) -> list[tuple[str, str, str | None]]:
    """Severity, rule and hint of what is found in a template of a config with an allow-list of its own."""
    project.write(
        {
            "kratos.yml": CONFIG_WITH_HEADERS % (version, allowed),
            "identity.schema.json": '{"type": "object", "properties": {"traits": {"type": "object"}}}',
            "w.jsonnet": template,
        }
    )
    result = project.run("check", "--config", "kratos.yml", "--kratos", version, "--format", "json")
    found = json.loads(result.out)["findings"]
    return [(one["severity"], one["rule"], one["hint"]) for one in found if one["severity"] != "info"]


def test_a_header_that_the_allow_list_of_the_config_leaves_out_fails_every_call(project: Project) -> None:
    template = "function(ctx) { agent: ctx.request_headers['User-Agent'][0] }"
    assert with_headers(project, "v26.2.0", "X-Forwarded-For", template) == [
        ("error", "JC105", "clients.web_hook.header_allowlist adds it")
    ]


def test_a_guard_for_a_header_that_the_config_never_lets_through_is_a_warning(project: Project) -> None:
    template = "function(ctx) { ip: std.get(ctx.request_headers, 'X-Forwarded-For', ['none'])[0] }"
    assert with_headers(project, "v26.2.0", "User-Agent", template) == [("warning", "JC108", None)]
    assert with_headers(project, "v26.2.0", "X-Forwarded-For", template) == []


def test_a_header_is_spelled_as_the_allow_list_spells_it_where_the_version_does_so(project: Project) -> None:
    template = "function(ctx) { id: std.get(ctx.request_headers, 'X-Request-Id', ['none'])[0] }"
    assert with_headers(project, "v26.2.0", "x-request-id", template) == []
    assert with_headers(project, "v25.4.0", "x-request-id", template) == [
        ("warning", "JC108", "ctx.request_headers.x-request-id is what comes close")
    ]


def test_a_value_that_one_of_the_hooks_has_can_be_equal(project: Project) -> None:
    """flow.state is show_form before a change is stored, and success after."""
    project.write({"w.jsonnet": "function(ctx) { stored: ctx.flow.state == 'success' }"})
    profile = ("check", "w.jsonnet", "--select", "JC111", "--hook", "settings.after.profile")
    assert findings(project, *profile) == []
    (found,) = findings(project, *profile[:-1], "settings.after.profile.pre_persist")
    assert found["message"] == "ctx.flow.state is never 'success': it is show_form"


def test_the_password_migration_hook_sees_every_header(project: Project) -> None:
    """Capture password_migration__api-migrate: no allow-list there."""
    config = CONFIG_WITH_HEADERS % ("v26.2.0", "User-Agent")
    methods = (
        "selfservice:\n  methods:\n    password:\n      config:\n        migrate_hook:\n          enabled: true\n"
        "          config: {url: https://example.org, method: POST, body: file://w.jsonnet}\n"
    )
    assert config.count("selfservice:\n") == 1
    project.write(
        {
            "kratos.yml": config.replace("selfservice:\n", methods),
            "identity.schema.json": '{"type": "object", "properties": {"traits": {"type": "object"}}}',
            "w.jsonnet": "function(ctx) { ip: std.get(ctx.request_headers, 'X-Forwarded-For', ['none'])[0] }",
        }
    )
    assert "password_migration" in project.run("hooks", "kratos.yml").out
    assert findings(project, "check", "--config", "kratos.yml", "--select", "JC108") == []


def test_a_value_that_makes_no_form_is_told_where_its_field_begins(project: Project) -> None:
    template = "function(ctx) {\n  email: ctx.identity.traits.email,\n  merge: {\n    id: ctx.identity.id,\n  },\n}\n"
    project.write({"w.jsonnet": template})
    form = ("--content-type", "application/x-www-form-urlencoded", "--select", "JC301")
    (found,) = findings(project, "check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", *form)
    assert found["location"]["line"] == 3
