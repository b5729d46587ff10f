"""``jsonnet-ctx new``: a first case file, green from the start, that says what it guessed."""

from pathlib import Path

from harness import Project

EXAMPLE = Path(__file__).parents[2] / "fixtures" / "activate"
HOOK = ("--hook", "registration.after.oidc.post_persist")


def test_the_file_gives_what_is_read_and_expects_what_is_rendered(project: Project) -> None:
    project.write({"w.jsonnet": (EXAMPLE / "webhook.activate.careless.jsonnet").read_text(encoding="utf-8")})

    done = project.run("new", "w.jsonnet", *HOOK)

    assert (done.code, done.out) == (0, "w.cases.yaml: 3 cases, 0 failed\n")
    assert done.err == (
        "note: guessed: ctx.flow.transient_payload.oidc_provider is 'example': nothing says what stands there\n"
        "note: guessed: without ctx.flow.transient_payload.oidc_provider the template fails (missing-field); "
        "the case takes that for right\n"
        "note: guessed: without ctx.identity.traits.email the template fails (missing-field); "
        "the case takes that for right\n"
        "next: read w.cases.yaml, then jsonnet-ctx test w.cases.yaml\n"
    )
    identity_id = project.read("w.cases.yaml").partition("identity.id: ")[2].partition("\n")[0]
    assert (
        project.read("w.cases.yaml")
        == f"""\
# Read every expectation: it is what the template does today, right or wrong.
template: w.jsonnet
hook: registration.after.oidc.post_persist
kratos: v26.2.0
given:
  flow.transient_payload.oidc_provider: example
  identity.id: {identity_id}
  identity.traits.email: frances.liskov@example.org
cases:
  - name: with everything that the template reads
    expect:
      payload:
        identity_id: {identity_id}
        provider: example
        user: {{email: frances.liskov@example.org}}

  - name: without flow.transient_payload.oidc_provider
    without: [flow.transient_payload.oidc_provider]
    # The hook fails here: say what should be sent instead, then mend the template.
    expect:
      failed: {{kind: missing-field, path: flow.transient_payload.oidc_provider}}

  - name: without identity.traits.email
    without: [identity.traits.email]
    # The hook fails here: say what should be sent instead, then mend the template.
    expect:
      failed: {{kind: missing-field, path: identity.traits.email}}
"""
    )


def test_what_it_writes_passes_and_a_change_of_the_template_fails(project: Project) -> None:
    text = (EXAMPLE / "webhook.activate.jsonnet").read_text(encoding="utf-8")
    project.write({"w.jsonnet": text})
    project.run("new", "w.jsonnet", *HOOK)

    assert project.run_command("test", "-q").code == 0
    project.write({"w.jsonnet": text.replace("'unknown'", "'nobody'")})
    assert project.run_command("test", "-q").code == 1


def test_the_only_config_says_where_the_template_runs_and_which_traits_there_are(project: Project) -> None:
    hook = {"hook": "web_hook", "config": {"url": "https://example.org", "method": "POST", "body": "file://w.jsonnet"}}
    flows = {"recovery": {"enabled": True, "after": {"hooks": [hook]}}}
    identity = {"schemas": [{"id": "default", "url": "file://deploy/person.json"}]}
    email = {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]}
    project.write(
        {
            "deploy/kratos.yml": {"version": "v1.3.1", "identity": identity, "selfservice": {"flows": flows}},
            "deploy/w.jsonnet": "function(ctx) {email: ctx.identity.traits.email}",
            "deploy/deploy/person.json": {"type": "object", "properties": {"traits": email}},
        }
    )

    done = project.run("new", "deploy/w.jsonnet")

    assert (done.code, done.out) == (0, "deploy/w.cases.yaml: 1 case, 0 failed\n")
    assert done.err == (
        "note: found the kratos config deploy/kratos.yml\n"
        "next: read deploy/w.cases.yaml, then jsonnet-ctx test deploy/w.cases.yaml\n"
    )
    assert project.read("deploy/w.cases.yaml").splitlines()[1:5] == [
        "template: w.jsonnet",
        "hook: recovery.after",
        "kratos: v1.3.1",
        "identity-schema: deploy/person.json",
    ]
    assert project.run("eval", "deploy/w.jsonnet").err == "note: found the kratos config deploy/kratos.yml\n"


def cases_of(project: Project, template: str) -> str:
    """The cases that are written for a template, below what is given to all of them."""
    project.write({"w.jsonnet": template})
    assert project.run("new", "w.jsonnet", *HOOK).code == 0
    return project.read("w.cases.yaml").partition("\ngiven:\n")[2] or project.read("w.cases.yaml")


def test_guesses_have_the_types_that_the_template_needs(project: Project) -> None:
    text = cases_of(
        project,
        "function(ctx) local m(c) = c.identity.metadata_public;\n"
        "{a: ctx.identity.traits.age + 1 > 18, roles: std.join(',', m(ctx).roles), name: ctx.identity.traits.n.m}",
    )

    assert text.partition("\n\n")[0] == (
        "  identity.metadata_public.roles: [example]\n"
        "  identity.traits.age: 1\n"
        "  identity.traits.n.m: example\n"
        "cases:\n"
        "  - name: with everything that the template reads\n"
        "    expect:\n"
        "      payload: {a: false, name: example, roles: example}"
    )


def test_a_constant_that_the_template_compares_with_has_a_case(project: Project) -> None:
    text = cases_of(
        project, "function(ctx) if ctx.identity.traits.plan == 'trial' then error 'cancel' else {id: ctx.flow.type}"
    )

    assert text.endswith(
        """  - name: identity.traits.plan is trial
    given: {identity.traits.plan: trial}
    expect: cancelled
"""
    )


def test_a_template_that_sends_everything_is_told_by_the_types_of_its_parts(project: Project) -> None:
    text = cases_of(project, "function(ctx) {all: ctx, count: 1}")

    assert text.endswith("    expect:\n      paths: {all: {type: object}, count: {type: number}}\n")


def test_a_file_that_is_there_stays(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) {a: 1}", "w.cases.yaml": "mine"})

    done = project.run("new", "w.jsonnet", *HOOK)

    assert done.code == 2
    assert done.err == "error: w.cases.yaml is there already\n  hint: edit it, or overwrite it with --force\n"
    assert project.read("w.cases.yaml") == "mine"
    assert project.run("new", "w.jsonnet", *HOOK, "--force").code == 0


def test_a_template_that_is_not_there_is_an_error(project: Project) -> None:
    done = project.write({"w.jsonnet": "{}"}).run("new", "v.jsonnet")

    assert (done.code, done.err) == (2, "error: no such template: v.jsonnet\n  hint: there is w.jsonnet\n")


def test_odd_values_are_written_so_that_they_come_back(project: Project) -> None:
    values = (
        """['no', 'null', '1e3', '2026-01-01', 'a: b', '#c', '- d', "'", '"', '', ' e', '{f}', 7, 1.5, null, 'ü\\n']"""
    )
    project.write({"w.jsonnet": f"function(ctx) {{n: {values}, 'a.b c': {{y: true}}, '1': {{}}}}"})

    assert project.run("new", "w.jsonnet", *HOOK).code == 0


def test_a_template_that_never_runs_gets_no_cases(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) {a: "})

    done = project.run("new", "w.jsonnet", *HOOK)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: w.jsonnet:1:19: syntax: ")
    assert not (project.root / "w.cases.yaml").exists()


def test_an_entry_point_without_ctx_is_told_with_its_place(project: Project) -> None:
    project.write({"w.jsonnet": "local a = 1;\nfunction(context) context.flow.id"})

    done = project.run("new", "w.jsonnet")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: w.jsonnet:2:1: entry-point: function has no parameter ctx\n  hint: mend the template first\n"
    )


def test_a_template_of_another_surface_gets_no_cases(project: Project) -> None:
    project.write({"w.jsonnet": "{ identity: { traits: { email: std.extVar('claims').email } } }"})

    done = project.run("new", "w.jsonnet")

    assert (done.code, done.err) == (
        2,
        "error: w.jsonnet is an OIDC claims mapper\n  hint: case files are for the body of a web_hook\n",
    )


def test_a_template_that_sends_ctx_as_a_whole_gets_one_case(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) { all: ctx }"})

    assert project.run("new", "w.jsonnet", *HOOK).out == "w.cases.yaml: 1 case, 0 failed\n"


def test_a_value_that_makes_the_template_cancel_gets_a_case(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) if ctx.identity.traits.kind == 'service' then error 'cancel' else {}"})

    assert project.run("new", "w.jsonnet", *HOOK).code == 0
    assert project.read("w.cases.yaml").endswith(
        "  - name: identity.traits.kind is service\n    given: {identity.traits.kind: service}\n    expect: cancelled\n"
    )


def test_a_value_that_makes_the_template_send_after_all_gets_a_case(project: Project) -> None:
    project.write(
        {"w.jsonnet": "function(ctx) if ctx.identity.traits.kind != 'person' then error 'cancel' else {a: 1}"}
    )

    assert project.run("new", "w.jsonnet", *HOOK).code == 0
    assert project.read("w.cases.yaml").endswith(
        "  - name: identity.traits.kind is person\n"
        "    given: {identity.traits.kind: person}\n"
        "    expect:\n      payload: {a: 1}\n"
    )


def test_a_file_that_cannot_be_written_is_one_line(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) {a: 1}", "w.cases.yaml/in_the_way": ""})

    done = project.run("new", "w.jsonnet", *HOOK, "--force")

    assert (done.code, done.err) == (2, "error: cannot write w.cases.yaml: is a directory\n")
