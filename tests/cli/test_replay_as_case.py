"""``jsonnet-ctx replay --as-case``: a failure that check found becomes a case that fails until it is mended."""

import re

import pytest
from harness import Project

HOOK = "registration.after.password.post_persist"
CARELESS = "function(ctx) { plan: ctx.flow.transient_payload.plan }\n"
CAREFUL = "function(ctx) { plan: std.get(ctx.flow.transient_payload, 'plan', 'free') }\n"


@pytest.fixture
def shop(project: Project) -> Project:
    """A stored failure of a careless template."""
    project.write({"hooks/w.jsonnet": CARELESS})
    project.run("check", "hooks/w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC101")
    return project


def test_the_case_fails_until_the_template_is_mended(shop: Project) -> None:
    done = shop.run("replay", "--as-case", "no plan")
    assert (done.code, done.err) == (
        1,
        "wrote the case 'no plan' to hooks/w.cases.yaml, its ctx to hooks/w.no-plan.json\n",
    )
    assert shop.read("hooks/w.cases.yaml") == (
        f"template: w.jsonnet\nhook: {HOOK}\ncases:\n"
        f"  - name: no plan\n    hook: {HOOK}\n    kratos: v26.2.0\n    fixture: w.no-plan.json\n"
        "    expect: {under: {seconds: 1}}  # it renders, in the second that Kratos gives it\n"
    )
    assert shop.run_command("test", "-q").code == 1
    shop.write({"hooks/w.jsonnet": CAREFUL})
    assert shop.run_command("test", "-q").code == 0


def test_a_case_is_added_to_those_that_are_there(shop: Project) -> None:
    cases = f"""\
        # what we agreed on
        template: w.jsonnet
        hook: {HOOK}
        cases:
            - name: a plan is sent  # once
              given: {{flow.transient_payload: {{plan: pro}}}}
              expect: {{payload: {{plan: pro}}}}
        """
    shop.write({"hooks/w.cases.yaml": cases})
    before = shop.read("hooks/w.cases.yaml")
    assert shop.run("replay", "--as-case", "no plan").code == 1
    assert shop.read("hooks/w.cases.yaml").startswith(before + "\n    - name: no plan\n")
    shop.write({"hooks/w.jsonnet": CAREFUL})
    assert "2 passed" in shop.run_command("test").out


def test_a_name_that_is_taken_is_refused(shop: Project) -> None:
    shop.run("replay", "--as-case", "no plan")
    before = shop.read("hooks/w.cases.yaml")
    done = shop.run("replay", "--as-case", "no plan")
    assert (done.code, done.err) == (
        2,
        "error: hooks/w.cases.yaml has a case 'no plan' already\n  hint: give it another name\n",
    )
    assert shop.read("hooks/w.cases.yaml") == before


def test_a_file_that_cannot_take_a_case_stays_as_it_was(shop: Project) -> None:
    cases = f"cases: [{{name: a, expect: cancelled}}]\ntemplate: w.jsonnet\nhook: {HOOK}\n"
    shop.write({"hooks/w.cases.yaml": cases})
    done = shop.run("replay", "--as-case", "no plan")
    assert done.code == 2
    assert done.err.startswith("error: hooks/w.cases.yaml: the case does not fit in: ")
    assert "  hint: add it by hand:\n" in done.err
    assert shop.read("hooks/w.cases.yaml") == cases
    assert not (shop.root / "hooks" / "w.no-plan.json").exists()


def test_one_failure_at_a_time(shop: Project) -> None:
    shop.write({"v.jsonnet": CARELESS})
    shop.run("check", "v.jsonnet", "--hook", HOOK, "--max-examples", "0", "--select", "JC101")
    done = shop.run("replay", "--as-case", "no plan")
    assert (done.code, done.err) == (
        2,
        "error: --as-case no plan: 2 failures are stored\n  hint: say which by its fingerprint\n",
    )


def test_the_ctx_of_the_case_is_the_one_that_failed(shop: Project) -> None:
    (stored,) = (shop.root / ".jsonnet-ctx" / "failures").iterdir()
    shop.run("replay", stored.stem[:5], "--as-case", "no plan")
    done = shop.run("eval", "hooks/w.jsonnet", "--ctx", "hooks/w.no-plan.json")
    assert done.code == 1
    assert re.search(r"^hooks/w\.jsonnet:1:23: error missing-field$", done.out, re.MULTILINE)
