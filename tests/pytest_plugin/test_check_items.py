"""``--jsonnet-ctx-check``: every binding is an item that fails with the text of ``check``."""

import os
import re
import shutil
from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.check.explained import explained
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.check.verdict import findings_of
from jsonnet_ctx.context.build import kratos_ctx
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest", "-W", "error")
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "fixtures" / "activate"
CONFIG = ("--jsonnet-ctx-config", "kratos.careless.yml")
CARELESS = "kratos.careless.yml::registration.after.oidc[0]"
HOOK = "registration.after.password.post_persist"
OIDC = "registration.after.oidc.post_persist"
# One table of characters for all tests: hypothesis takes seconds to make it anew.
STORAGE = {"HYPOTHESIS_STORAGE_DIRECTORY": os.fspath(ROOT / ".hypothesis")}


@pytest.fixture
def example(project: Project) -> Project:
    """The running example without its tests and cases."""
    left_out = shutil.ignore_patterns("__pycache__", ".*", "test_*", "*.cases.yaml", "__snapshots__")
    shutil.copytree(EXAMPLE, project.root, dirs_exist_ok=True, ignore=left_out)
    return project.write({"test_plain.py": "def test_plain(): pass\n"})


def finding(text: str) -> str:
    """The first finding in a text of check or pytest, without what follows it."""
    begin = text.index("webhook.activate.careless.jsonnet:")
    lines = text[begin:].splitlines()
    end = next(number for number, line in enumerate(lines) if line.startswith("  replay: "))
    return "\n".join(lines[: end + 1])


def test_a_binding_fails_with_the_text_of_check(example: Project) -> None:
    told = finding(example.run("check", "--config", "kratos.careless.yml").out)

    done = example.run_pytest(*QUICK, "--jsonnet-ctx-check", *CONFIG)

    assert (done.code, finding(done.out)) == (1, told)
    assert "1 failed, 2 passed" in done.out
    assert f"FAILED jsonnet-ctx-check::{CARELESS}" in done.out
    assert example.run("replay").out.startswith("FAILED ")


def test_the_settings_name_the_config_and_an_ini_key_turns_it_on(example: Project) -> None:
    example.write({"pytest.ini": "[pytest]\njsonnet_ctx_check = true\n"})

    assert "3 passed" in example.run_pytest(*QUICK).out
    assert "1 passed" in example.run_pytest(*QUICK, "-o", "jsonnet_ctx_check=false").out
    assert "2 passed, 1 deselected" in example.run_pytest(*QUICK, "-k", "jsonnet-ctx-check").out


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_words_choose_bindings(example: Project, more: tuple[str, ...]) -> None:
    done = example.run_pytest(*QUICK, "--jsonnet-ctx-check", *CONFIG, *more, "-k", "after.oidc[0]")
    wiring = example.run_pytest(*QUICK, "--jsonnet-ctx-check", *CONFIG, *more, "-k", "wiring")

    assert (done.code, "1 failed" in done.out, "passed" in done.out) == (1, True, False)
    assert (wiring.code, "1 passed" in wiring.out) == (0, True)


def test_the_least_severity_the_rules_and_the_baseline_count(example: Project) -> None:
    flags = (*QUICK, "--jsonnet-ctx-check", *CONFIG)

    assert example.run_pytest(*flags, env={"JSONNET_CTX_CHECK_IGNORE": "JC101"}).code == 0
    assert example.run_pytest(*flags, env={"JSONNET_CTX_FAIL_ON": "never"}).code == 0
    assert (
        example.run("check", "--config", "kratos.careless.yml", "--baseline", "b.json", "--update-baseline").code == 0
    )
    assert example.run_pytest(*flags, env={"JSONNET_CTX_BASELINE": "b.json"}).code == 0


def test_wrong_wiring_is_an_item_of_its_own(example: Project) -> None:
    config = example.read("kratos.yml").replace("webhook.activate.jsonnet", "nowhere.jsonnet")
    example.write({"kratos.yml": config})

    done = example.run_pytest(*QUICK, "--jsonnet-ctx-check")

    assert "FAILED jsonnet-ctx-check::wiring of kratos.yml" in done.out
    assert "template-not-found" in done.out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('config = "no.yml"', "no.yml: cannot be read: no such file or directory"),
        ('cofnig = "kratos.yml"', "jsonnet-ctx.toml:1:1: unknown key 'cofnig'\nhint: did you mean config?\n"),
        ('contracts = {"x.jsonnet" = "r.json"}', "contracts: 'x.jsonnet': cannot read the contract r.json"),
    ],
)
def test_what_cannot_be_checked_is_a_collection_error(example: Project, settings: str, message: str) -> None:
    example.write({"jsonnet-ctx.toml": f"{settings}\n"})

    done = example.run_pytest(*QUICK, "--jsonnet-ctx-check")

    assert done.code == pytest.ExitCode.INTERRUPTED
    assert message in done.out, done.out


def test_templates_that_no_config_wires_are_items_too(project: Project) -> None:
    bad = "function(ctx) {a: ctx.flow.transient_payload.a}"
    project.write({"a.jsonnet": bad, "b.jsonnet": "function(ctx) {b: ctx.flow.id}"})

    done = project.run_pytest(*QUICK, "--jsonnet-ctx-check")

    assert "FAILED jsonnet-ctx-check::a.jsonnet - " in done.out
    assert "1 failed, 1 passed" in done.out


GIVEN = """
    import json
    from pathlib import Path

    import pytest
    from hypothesis import given

    from jsonnet_ctx import Failed
    from jsonnet_ctx.strategies import contexts

    HOOK = "registration.after.oidc.post_persist"
    SCHEMA = json.loads(Path("identity.schema.json").read_text())
    TEMPLATE = "webhook.activate.careless.jsonnet"

    @given(ctx=contexts(HOOK, identity_schema=SCHEMA))
    def test_given(jsonnet_evaluate, jsonnet_render, ctx):
        {body}
"""


@pytest.mark.parametrize(
    "body", ["jsonnet_render(TEMPLATE, ctx)", "assert not isinstance(jsonnet_evaluate(TEMPLATE, ctx), Failed)"]
)
def test_a_failure_below_given_shrinks_to_the_finding_of_check(example: Project, body: str) -> None:
    schema = ("--identity-schema", "identity.schema.json")
    checked = example.run("check", "webhook.activate.careless.jsonnet", "--hook", OIDC, *schema)
    example.write({"test_given.py": GIVEN.replace("{body}", body)})

    done = example.run_pytest("-q", "test_given.py", env=STORAGE)

    assert done.code == 1
    # Pytest sets in what a failure says.
    shown = re.sub(r"^E {3}(    )?", "", done.out.replace("Failed: webhook", "webhook"), flags=re.MULTILINE)
    assert finding(checked.out) in shown, done.out


SINGLE = {
    "function(ctx) {a: std.asciiLower(std.get(ctx.flow.transient_payload, 'plan', 'x'))}": (
        "JC103",
        False,
        "when the client sends a number; so a client can suppress this event",
    ),
    "function(ctx) {a: ctx.identity.metadata_public.plan}": ("JC102", True, "is null when no admin has set it"),
    "function(ctx) {a: ctx.identity.traits.email}": ("JC101", False, "; --identity-schema FILE would decide it"),
    "function(ctx) {a: ctx.nothing}": ("JC105", True, "kratos never sends it"),
}
GIVEN_THERE = {
    "function(ctx) {a: std.asciiLower(std.get(ctx.flow.transient_payload, 'plan', 'x'))}": {
        "flow.transient_payload.plan": 0
    }
}


@pytest.mark.parametrize("text", SINGLE)
def test_a_single_failure_is_explained_as_the_search_would(text: str) -> None:
    rule, ordinary, told = SINGLE[text]
    template = Template(text, "t.jsonnet", "t.jsonnet", Location("t.jsonnet"))
    target = Target(template, parse_hook_point(HOOK), LATEST, WebHook(), None, None)
    without = ("identity.traits.email",) if "email" in text else ()
    ctx = kratos_ctx(HOOK, given=GIVEN_THERE.get(text), without=without)
    outcome = shared_engine(LATEST).evaluate(template, ctx)
    assert isinstance(outcome, Failed)

    fault = explained(target, outcome.error, ctx, scenarios(target.hook, LATEST)[0])
    (finding,) = findings_of([fault])

    assert (finding.rule, fault.ordinary) == (rule, ordinary)
    assert told in finding.message
