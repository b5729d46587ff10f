"""The plugin's flags and ini keys: what each does, and which one wins."""

import shutil
from pathlib import Path

import pytest
from harness import Project

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest")

EXAMPLE = Path(__file__).parent.parent.parent / "fixtures" / "activate"
TRIM = {
    "trim.jsonnet": "function(ctx) std.trim(' a ')",
    "test_it.py": """
        def test_it(kratos_ctx, jsonnet_evaluate):
            outcome = jsonnet_evaluate("trim.jsonnet", kratos_ctx("login.after.password"))
            print("KIND", outcome.error.kind if hasattr(outcome, "error") else "rendered")
    """,
}


def kind(project: Project, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What the one test of :data:`TRIM` says came out."""
    done = project.run_pytest(*QUICK, "-s", *arguments, env=env)
    assert "1 passed" in done.out, done.out
    return done.out.partition("KIND ")[2].split()[0]


def test_the_version_decides_which_std_there_is(project: Project) -> None:
    project.write(TRIM)

    assert kind(project) == "rendered"
    assert kind(project, "--jsonnet-ctx-kratos", "v1.3.1") == "std-missing"


def test_a_ctx_of_an_old_kratos_is_evaluated_as_that_kratos_does(project: Project) -> None:
    project.write(TRIM)
    made = project.read("test_it.py").replace('"login.after.password"', '"login.after.password", kratos="v1.3.1"')
    project.write({"test_it.py": made})

    assert kind(project) == "std-missing"


def test_flag_then_environment_then_ini_then_settings_file(project: Project) -> None:
    project.write(TRIM | {"jsonnet-ctx.toml": 'kratos = "v1.3.1"'})
    assert kind(project) == "std-missing"

    project.write({"pytest.ini": "[pytest]\njsonnet_ctx_kratos = v26.2.0\n"})
    assert kind(project) == "rendered"

    old = {"JSONNET_CTX_KRATOS": "v1.3.1"}
    assert kind(project, env=old) == "std-missing"
    assert kind(project, "--jsonnet-ctx-kratos", "26.2.0", env=old) == "rendered"


def test_of_several_versions_in_the_settings_tests_take_the_newest(project: Project) -> None:
    project.write(TRIM | {"jsonnet-ctx.toml": 'kratos = ["v25.4.0", "v1.3.1"]'})

    assert kind(project) == "rendered"


def test_the_config_gives_identity_schema_and_content_type(project: Project) -> None:
    shutil.copy(EXAMPLE / "identity.schema.json", project.root)
    config = (EXAMPLE / "kratos.yml").read_text(encoding="utf-8")
    project.write(
        {
            "deploy/kratos.yml": config.replace(
                "X-Webhook-Source: kratos", "Content-Type: application/x-www-form-urlencoded"
            ),
            "webhook.activate.jsonnet": "function(ctx) { n: 1 }",
            "other.jsonnet": "function(ctx) { n: 1 }  // not wired",
            "test_it.py": """
                import pytest
                from jsonnet_ctx.errors import UsageError

                HOOK = "registration.after.oidc.post_persist"

                def test_a_number_in_a_form(kratos_ctx, jsonnet_evaluate):
                    ctx = kratos_ctx(HOOK)
                    assert jsonnet_evaluate("webhook.activate.jsonnet", ctx).error.kind == "form-shape"

                def test_the_call_wins(kratos_ctx, jsonnet_evaluate):
                    ctx = kratos_ctx(HOOK)
                    outcome = jsonnet_evaluate("webhook.activate.jsonnet", ctx, content_type="application/json")
                    assert outcome.payload == {"n": 1}

                def test_a_template_that_is_not_wired_is_json(kratos_ctx, jsonnet_render):
                    assert jsonnet_render("other.jsonnet", kratos_ctx(HOOK)) == {"n": 1}

                def test_the_schema(kratos_ctx):
                    assert set(kratos_ctx(HOOK)["identity"]["traits"]) <= {"email", "name", "locale", "kind"}
                    with pytest.raises(UsageError):
                        kratos_ctx(HOOK, given={"identity.traits.shoe_size": 43})

                def test_no_schema(kratos_ctx):
                    ctx = kratos_ctx(HOOK, identity_schema=None, given={"identity.traits.shoe_size": 43})
                    assert ctx["identity"]["traits"]["shoe_size"] == 43
            """,
        }
    )

    done = project.run_pytest(*QUICK, "--jsonnet-ctx-config", "deploy/kratos.yml")

    assert "5 passed" in done.out, done.out


def test_a_schema_of_its_own_wins_over_the_config(project: Project) -> None:
    shutil.copytree(EXAMPLE, project.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("test_*", ".*"))
    project.write(
        {
            "handle.schema.json": {
                "type": "object",
                "properties": {
                    "traits": {"type": "object", "properties": {"handle": {"type": "string"}}, "required": ["handle"]}
                },
            },
            "pytest.ini": "[pytest]\njsonnet_ctx_identity_schema = handle.schema.json\n",
            "test_it.py": """
                def test_it(kratos_ctx):
                    assert isinstance(kratos_ctx("login.after.password")["identity"]["traits"]["handle"], str)
            """,
        }
    )

    done = project.run_pytest(*QUICK, "test_it.py")

    assert "1 passed" in done.out, done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--jsonnet-ctx-kratos", "v27"), "UnknownName: unknown kratos version: 'v27'"),
        (("--jsonnet-ctx-config", "nowhere.yml"), "nowhere.yml"),
        (("--jsonnet-ctx-engine", "go-jsonet"), "hint: did you mean go-jsonnet"),
    ],
)
def test_a_wrong_option_is_an_error_of_the_tests_that_need_it_and_no_other(
    project: Project, arguments: tuple[str, ...], said: str
) -> None:
    project.write(TRIM | {"test_plain.py": "def test_plain(): pass"})

    done = project.run_pytest(*QUICK, *arguments)

    assert "1 passed, 1 error" in done.out
    assert said in done.out
