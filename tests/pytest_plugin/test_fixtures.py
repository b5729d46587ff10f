"""What the three fixtures do in a project's tests."""

import textwrap
from pathlib import Path

import pytest
from harness import Project

# Hypothesis's own plugin takes longer to load than everything else; only a test with @given needs it.
QUICK = ("-q", "-p", "no:hypothesispytest")

CARELESS = """\
// The template that everybody writes first.
function(ctx) {
  identity_id: ctx.identity.id,
  provider: ctx.flow.transient_payload.oidc_provider,
}
"""
HEAD = """\
import pytest
from jsonnet_ctx import Cancelled, Failed, Rendered
from jsonnet_ctx.errors import JsonnetCtxError, SourceError, UnknownName, UsageError

HOOK = "registration.after.oidc.post_persist"

"""


def module(body: str) -> str:
    """A test module: the usual imports and ``body``."""
    return HEAD + textwrap.dedent(body)


def test_an_outcome_is_rendered_cancelled_or_failed(project: Project) -> None:
    project.write(
        {
            "careless.jsonnet": CARELESS,
            "cancel.jsonnet": "function(ctx) error 'cancel'",
            "test_it.py": module("""
                def test_rendered(kratos_ctx, jsonnet_evaluate):
                    ctx = kratos_ctx(HOOK, given={"flow.transient_payload.oidc_provider": "google"})
                    outcome = jsonnet_evaluate("careless.jsonnet", ctx)
                    assert isinstance(outcome, Rendered)
                    assert outcome.payload == {"identity_id": ctx["identity"]["id"], "provider": "google"}

                def test_failed(kratos_ctx, jsonnet_evaluate):
                    ctx = kratos_ctx(HOOK, without=["flow.transient_payload.oidc_provider"])
                    outcome = jsonnet_evaluate("careless.jsonnet", ctx)
                    assert isinstance(outcome, Failed)
                    assert outcome.error.kind == "missing-field"
                    assert outcome.error.path == "flow.transient_payload.oidc_provider"
                    assert (outcome.error.line, outcome.error.column) == (4, 13)

                def test_cancelled(kratos_ctx, jsonnet_evaluate):
                    assert isinstance(jsonnet_evaluate("cancel.jsonnet", kratos_ctx(HOOK)), Cancelled)

                def test_a_form_body_cannot_be_cancelled(kratos_ctx, jsonnet_evaluate):
                    form = "application/x-www-form-urlencoded"
                    outcome = jsonnet_evaluate("cancel.jsonnet", kratos_ctx(HOOK), content_type=form)
                    assert isinstance(outcome, Failed)
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "4 passed" in done.out, done.out


def test_render_fails_the_test_with_the_text_of_the_command_line(project: Project) -> None:
    project.write(
        {
            "careless.jsonnet": CARELESS,
            "test_it.py": module("""
                def test_it(kratos_ctx, jsonnet_render):
                    ctx = kratos_ctx(HOOK, without=["flow.transient_payload.oidc_provider"])
                    jsonnet_render("careless.jsonnet", ctx)
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert done.code == 1
    said = [line.removeprefix("E       ") for line in done.out.splitlines() if line.startswith("E  ")]
    assert said == [
        "Failed: careless.jsonnet:4:13: error missing-field",
        "  4 |   provider: ctx.flow.transient_payload.oidc_provider,",
        "    |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  ctx.flow.transient_payload has no oidc_provider",
        "  at registration.after.oidc.post_persist (kratos v26.2.0)",
        "  effect: the person sees an error 500; the identity is already stored; no webhook is sent",
        "  hint: std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')",
    ]
    assert "jsonnet_ctx/pytest_plugin" not in done.out, "our own stack is hidden"


def test_render_fails_the_test_where_the_template_cancels(project: Project) -> None:
    project.write(
        {
            "cancel.jsonnet": "function(ctx)\n  error 'cancelled: a robot'",
            "test_it.py": module("""
                def test_it(kratos_ctx, jsonnet_render):
                    jsonnet_render("cancel.jsonnet", kratos_ctx(HOOK))
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert (
        "Failed: cancel.jsonnet:2:3: the template cancels: no webhook is sent, so there is no payload "
        "(cancelled: a robot)"
    ) in done.out


def test_a_deliberate_error_is_told_with_its_message(project: Project) -> None:
    project.write(
        {
            "refuse.jsonnet": "function(ctx)\n  error 'no robots'",
            "test_it.py": module("""
                def test_it(kratos_ctx, jsonnet_render):
                    jsonnet_render("refuse.jsonnet", kratos_ctx(HOOK))
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "Failed: refuse.jsonnet:2:3: error explicit" in done.out
    assert "  2 |   error 'no robots'" in done.out
    assert "no robots" in done.out


def test_a_test_that_fails_after_a_failed_outcome_shows_it(project: Project) -> None:
    project.write(
        {
            "careless.jsonnet": CARELESS,
            "test_it.py": module("""
                def test_it(kratos_ctx, jsonnet_evaluate):
                    ctx = kratos_ctx(HOOK, without=["flow.transient_payload.oidc_provider"])
                    assert isinstance(jsonnet_evaluate("careless.jsonnet", ctx), Rendered)
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "the template's last failure" in done.out
    assert "careless.jsonnet:4:13: error missing-field" in done.out


def test_a_payload_that_differs_is_told_path_by_path(project: Project) -> None:
    project.write(
        {
            "webhook.jsonnet": "function(ctx) { user: { email: 'b', tags: ['x'] } }",
            "test_it.py": module("""
                def test_it(kratos_ctx, jsonnet_render):
                    payload = jsonnet_render("webhook.jsonnet", kratos_ctx(HOOK))
                    assert payload == {"user": {"email": "a", "tags": ["x", "y"]}}

                def test_part(kratos_ctx, jsonnet_render):
                    payload = jsonnet_render("webhook.jsonnet", kratos_ctx(HOOK))
                    assert {"email": "a", "tags": ["x"]} == payload["user"]
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "E       AssertionError: assert payload is not as expected" in done.out
    assert "E         payload.user.email: expected 'a' got 'b'" in done.out
    assert "E         payload.user.tags[1]: expected 'y' got nothing" in done.out
    assert "E       AssertionError: assert payload.user is not as expected" in done.out


def test_templates_are_looked_for_beside_the_test_then_from_rootdir(project: Project) -> None:
    project.write(
        {
            "pytest.ini": "[pytest]",
            "both.jsonnet": "function(ctx) 'rootdir'",
            "kratos/root.jsonnet": "function(ctx) 'rootdir'",
            "tests/both.jsonnet": "function(ctx) 'beside'",
            "tests/test_it.py": module("""
                from pathlib import Path

                @pytest.mark.parametrize(("template", "found"), [
                    ("both.jsonnet", "beside"),
                    ("kratos/root.jsonnet", "rootdir"),
                    (Path(__file__).parent / "both.jsonnet", "beside"),
                    ("../kratos/root.jsonnet", "rootdir"),
                ])
                def test_found(kratos_ctx, jsonnet_render, template, found):
                    assert jsonnet_render(template, kratos_ctx(HOOK)) == found

                def test_a_file_that_is_not_there(kratos_ctx, jsonnet_render):
                    with pytest.raises(SourceError, match="no template 'nowhere.jsonnet'") as caught:
                        jsonnet_render("nowhere.jsonnet", kratos_ctx(HOOK))
                    assert caught.value.hint.startswith("relative paths are looked for in ")

                def test_a_ctx_in_the_place_of_the_template(kratos_ctx, jsonnet_render):
                    with pytest.raises(UsageError, match="a template is named by its path, not by dict"):
                        jsonnet_render(kratos_ctx(HOOK))
            """),
        }
    )

    done = project.run_pytest(*QUICK, "tests")

    assert "6 passed" in done.out, done.out


def test_questions_that_are_wrong_are_errors_at_the_line_of_the_call(project: Project) -> None:
    project.write(
        {
            "webhook.jsonnet": "function(ctx) 1",
            "test_it.py": module("""
                def test_hook(kratos_ctx):
                    kratos_ctx("registration.after.odic.post_persist")

                def test_no_hook(kratos_ctx):
                    kratos_ctx()

                def test_no_template(kratos_ctx, jsonnet_render):
                    jsonnet_render(ctx=kratos_ctx(HOOK))

                def test_given(kratos_ctx):
                    kratos_ctx(HOOK, given={"transient_payload.oidc_provider": "google"})

                def test_without(kratos_ctx):
                    kratos_ctx(HOOK, without="flow.return_to")

                def test_given_list(kratos_ctx):
                    kratos_ctx(HOOK, given=["flow.return_to"])
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "6 failed" in done.out
    for said in (
        "UnknownName: unknown hook point: 'registration.after.odic.post_persist'",
        "hint: did you mean registration.after.oidc.post_persist",
        "UsageError: no hook point: neither the call nor a marker names one",
        "UsageError: no template: neither the call nor a marker names one",
        "hint: did you mean flow.transient_payload",
        "UsageError: without= of kratos_ctx is a string: 'flow.return_to'",
        "UsageError: given= of kratos_ctx is no mapping of ctx paths to values: ['flow.return_to']",
    ):
        assert said in done.out
    assert "jsonnet_ctx/pytest_plugin" not in done.out, "our own stack is hidden"


def test_the_marker_gives_template_hook_version_and_edits(project: Project) -> None:
    project.write(
        {
            "who.jsonnet": "function(ctx) [ctx.identity.traits.email, std.get(ctx.flow.transient_payload, 'plan')]",
            "trim.jsonnet": "function(ctx) std.trim(' a ')",
            "test_it.py": module("""
                pytestmark = pytest.mark.jsonnet_ctx(
                    template="who.jsonnet", hook=HOOK, given={"identity.traits": {"email": "far@example.org"}}
                )

                def test_all_from_the_marker(jsonnet_render):
                    assert jsonnet_render()[0] == "far@example.org"

                @pytest.mark.jsonnet_ctx(given={"identity.traits": {"email": "near@example.org"}})
                def test_the_nearest_wins(jsonnet_render):
                    assert jsonnet_render()[0] == "near@example.org"

                @pytest.mark.jsonnet_ctx(given={"flow.transient_payload.plan": "pro"})
                def test_edits_add_up(jsonnet_render, kratos_ctx):
                    assert jsonnet_render() == ["far@example.org", "pro"]
                    ctx = kratos_ctx(without=["flow.transient_payload.plan"])
                    assert jsonnet_render(ctx=ctx) == ["far@example.org", None]

                @pytest.mark.jsonnet_ctx(hooks=["registration.after.password", "login.after.password"])
                def test_hooks(kratos_ctx, jsonnet_render):
                    assert jsonnet_render()[0] == "far@example.org"
                    assert ("session" in kratos_ctx()) == kratos_ctx()["flow"]["request_url"].endswith("/login/api")

                @pytest.mark.jsonnet_ctx(template="trim.jsonnet", kratos="v1.3.1")
                def test_version(jsonnet_evaluate):
                    assert jsonnet_evaluate().error.kind == "std-missing"
            """),
        }
    )

    done = project.run_pytest(*QUICK, "--strict-markers")

    assert "7 passed" in done.out, done.out


def test_the_first_evaluation_of_a_test_finds_everything_imported(project: Project) -> None:
    project.write(
        {
            "webhook.jsonnet": "function(ctx) ctx.identity.id",
            "test_it.py": module("""
                import sys

                def test_it(jsonnet_evaluate):
                    before = set(sys.modules)
                    assert jsonnet_evaluate("webhook.jsonnet", {"identity": {"id": "7"}}).payload == "7"
                    late = sorted(name for name in set(sys.modules) - before if name.startswith("jsonnet_ctx."))
                    assert not [name for name in late if name.split(".")[1] in ("kratos", "context", "engine")]
            """),
        }
    )

    done = project.run_pytest(*QUICK)

    assert "1 passed" in done.out, done.out


def test_the_fixtures_work_below_given_and_in_fixtures_of_any_scope(project: Project) -> None:
    project.write(
        {
            "careless.jsonnet": CARELESS,
            "test_it.py": module("""
                from hypothesis import Phase, given, settings
                from jsonnet_ctx.strategies import contexts

                @pytest.fixture(scope="module")
                def ctx(kratos_ctx):
                    return kratos_ctx(HOOK, given={"flow.transient_payload.oidc_provider": "google"})

                def test_module_fixture(ctx, jsonnet_render):
                    assert jsonnet_render("careless.jsonnet", ctx)["provider"] == "google"

                @settings(max_examples=10)
                @given(ctx=contexts(HOOK, given={"flow.transient_payload": {"oidc_provider": "google"}}))
                def test_given(jsonnet_render, ctx):
                    assert jsonnet_render("careless.jsonnet", ctx)["provider"] == "google"

                @pytest.mark.jsonnet_ctx(hook=HOOK)
                @settings(phases=[Phase.generate])
                @given(ctx=contexts(HOOK))
                def test_falsified(jsonnet_render, ctx):
                    jsonnet_render("careless.jsonnet", ctx)
            """),
        }
    )

    # One table of characters for all tests: hypothesis takes seconds to make it anew.
    storage = Path(__file__).parents[2] / ".hypothesis"
    done = project.run_pytest("-q", env={"HYPOTHESIS_STORAGE_DIRECTORY": str(storage)})

    assert "1 failed, 2 passed" in done.out, done.out
    assert "careless.jsonnet:4:13: error JC101 missing-field" in done.out


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_no_child_and_no_warning_is_left_at_the_end(project: Project, arguments: tuple[str, ...]) -> None:
    project.write(
        {
            "webhook.jsonnet": "function(ctx) ctx.identity.id",
            "conftest.py": """
                import os
                import pathlib
                import pytest

                @pytest.hookimpl(trylast=True)
                def pytest_unconfigure():
                    # Nothing of ours may be left once every other plugin is done too.
                    children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
                    pathlib.Path(f"children.{os.getpid()}").write_text(" ".join(children))
            """,
            "test_it.py": module("""
                import os

                def test_it(kratos_ctx, jsonnet_render):
                    assert jsonnet_render("webhook.jsonnet", kratos_ctx(HOOK))

                def test_a_forked_process_evaluates_too(kratos_ctx, jsonnet_render):
                    ctx = kratos_ctx(HOOK)
                    expected = jsonnet_render("webhook.jsonnet", ctx)
                    child = os.fork()
                    if child == 0:
                        os._exit(0 if jsonnet_render("webhook.jsonnet", ctx) == expected else 1)
                    assert os.waitpid(child, 0)[1] == 0
                    assert jsonnet_render("webhook.jsonnet", ctx) == expected
            """),
        }
    )

    done = project.run_pytest(*QUICK, "-W", "error", *arguments, env={"PYTHONDEVMODE": "1"})

    assert "2 passed" in done.out, done.out
    assert done.err == ""
    left = [path.read_text() for path in project.root.glob("children.*")]
    assert left
    assert set(left) == {""}
