"""``jsonnet-ctx explain``: hook points, error kinds, rules."""

from typing import get_args

import pytest
from harness import Project

from jsonnet_ctx.cli.error_kinds import KINDS
from jsonnet_ctx.engine.outcome import Kind


def test_every_error_kind_has_a_page() -> None:
    assert set(KINDS) == set(get_args(Kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_meaning_cause_and_fix(project: Project, kind: str) -> None:
    page = project.run("explain", kind).out
    assert page.startswith(f"{kind}: ")
    assert "\n  cause: " in page
    assert "\n  fix: " in page


def test_a_rule_is_explained_by_id(project: Project) -> None:
    assert project.run("explain", "JC101").out.startswith("JC101 missing-field\n")


def test_a_name_of_both_a_kind_and_a_rule_shows_both(project: Project) -> None:
    page = project.run("explain", "missing-field").out
    assert page.startswith("missing-field: ")
    assert "\nJC101 missing-field\n" in page


def test_a_hook_point_shows_its_fields(project: Project) -> None:
    page = project.run("explain", "registration.after.oidc.post_persist").out
    assert page.startswith("registration.after.oidc.post_persist (kratos v26.2.0)\n")
    assert "\n  config: selfservice.flows.registration.after.oidc.hooks\n" in page
    rows = {line.split()[0]: line.split()[1:] for line in page.splitlines() if line.startswith("  identity.")}
    assert rows["identity.id"][:3] == ["always", "string", "server"]
    assert rows["identity.organization_id"][:3] == ["always", "string", "or"]
    assert "identity.metadata_admin: Always stripped" in page


def test_where_the_provider_id_is_is_answered(project: Project) -> None:
    page = project.run("explain", "registration.after.oidc").out
    question = "where is the OIDC provider id? ctx has no field for it; what can hold it, best first\n"
    answer = page.partition(question)[2].partition("\n\n")[0]
    assert answer == (
        "  identity.metadata_public.<key> or identity.traits.<key> written by a per-provider claims mapper: reliable\n"
        "  request_url path segment after /callback/: where the browser comes from the provider; not for an id_token,\n"
        "  nor with pkce=force (since v1.3.0)\n"
        "  flow.transient_payload.<your key>: what the client says, which may lie or leave it out\n"
        "  flow.ui.nodes[?attributes.name=='provider']: not reliable: lists every provider, and only the used one"
        " once\n"
        "  the person had to add traits"
    )


@pytest.mark.parametrize(
    ("kratos", "answer"),
    [
        (
            "v1.1.0",
            "ctx has no field for it; what can hold it, best first\n  request_url path segment after",
        ),
        ("v1.2.0", "best first\n  session.authentication_methods[?method=='oidc'].provider: reliable\n"),
    ],
)
def test_a_login_holds_the_provider_since_v1_2_0(project: Project, kratos: str, answer: str) -> None:
    page = project.run("explain", "login.after.oidc", "--kratos", kratos).out
    assert f"where is the OIDC provider id? {answer}" in page


def test_a_hook_point_without_a_provider_does_not_ask(project: Project) -> None:
    assert "provider id?" not in project.run("explain", "recovery.after").out


def test_a_flow_lists_its_hook_points(project: Project) -> None:
    result = project.run("explain", "verification.before")
    assert "verification.before (kratos" in result.out
    many = project.run("explain", "login")
    assert many.err == "9 hook points; name one of them to see its ctx\n"
    assert many.out.startswith("login.before\n  ")


def test_versions_are_told_apart(project: Project) -> None:
    page = project.run("explain", "login.after.password", "--kratos", "v1.1.0", "--kratos", "v26.2.0").out
    old, new = page.split("login.after.password (kratos v26.2.0)")
    assert "\n  session.id " not in old
    assert "\n  session.id " in new


def test_verbose_spells_out_the_form(project: Project) -> None:
    assert "flow.ui.nodes" not in project.run("explain", "login.before").out
    assert "flow.ui.nodes" in project.run("explain", "login.before", "-v").out


def test_what_is_nothing_is_told_with_the_nearest(project: Project) -> None:
    result = project.run("explain", "null-indx")
    first, second = result.err.splitlines()
    assert result.code == 2
    assert first == "error: unknown hook point, error kind or rule: 'null-indx'"
    assert second.startswith("  hint: did you mean null-index")
