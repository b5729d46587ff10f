"""``jsonnet-ctx eval``: one evaluation, its payload, request, effect and failure."""

import base64
from typing import Any

import pytest
from harness import Project

HOOK = "registration.after.oidc.post_persist"
CAREFUL = "function(ctx) { provider: std.get(ctx.flow.transient_payload, 'provider', 'unknown') }\n"
CARELESS = """
    function(ctx) {
      provider: ctx.flow.transient_payload.oidc_provider,
    }
"""


def kratos_config(**action: Any) -> dict[str, Any]:
    """A config with one web_hook after OIDC registration that sends ``webhook.jsonnet``."""
    config = {"url": "https://example.org/hook", "method": "PUT", "body": "file://./webhook.jsonnet", **action}
    after = {"oidc": {"hooks": [{"hook": "web_hook", "config": config}]}}
    return {"selfservice": {"methods": {"oidc": {"enabled": True}}, "flows": {"registration": {"after": after}}}}


@pytest.fixture
def careful(project: Project) -> Project:
    return project.write({"webhook.jsonnet": CAREFUL, "kratos.json": kratos_config()})


@pytest.fixture
def careless(project: Project) -> Project:
    return project.write({"webhook.jsonnet": CARELESS, "kratos.json": kratos_config()})


def test_the_payload_is_printed_byte_for_byte(careful: Project) -> None:
    result = careful.run("eval", "webhook.jsonnet", "--hook", HOOK)
    assert (result.code, result.err) == (0, "")
    assert result.out == '{\n   "provider": "unknown"\n}\n'


def test_standard_input_is_a_template_too(project: Project) -> None:
    result = project.run("eval", "-", "--hook", HOOK, input="function(ctx) 'grüße'")
    assert (result.code, result.out) == (0, '"grüße"\n')


def test_given_and_without_change_the_ctx(careful: Project) -> None:
    given = ("--given", 'flow.transient_payload={"provider": "google", "plan": 1}')
    assert careful.run("eval", "webhook.jsonnet", "--hook", HOOK, *given).json() == {"provider": "google"}
    without = ("--without", "flow.transient_payload.provider")
    assert careful.run("eval", "webhook.jsonnet", "--hook", HOOK, *given, *without).json() == {"provider": "unknown"}


def test_a_failure_is_told_with_place_effect_and_hint(careless: Project) -> None:
    result = careless.run("eval", "webhook.jsonnet", "--hook", HOOK)
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "webhook.jsonnet:2:13: error missing-field\n"
        "  2 |   provider: ctx.flow.transient_payload.oidc_provider,\n"
        "    |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  ctx.flow.transient_payload has no oidc_provider\n"
        f"  at {HOOK} (kratos v26.2.0)\n"
        "  effect: the person sees an error 500; the identity is already stored; no webhook is sent\n"
        "  hint: std.get(ctx.flow.transient_payload, 'oidc_provider', 'unknown')\n"
    )


def test_a_cancel_is_no_failure(project: Project) -> None:
    result = project.run("eval", "-", "--hook", HOOK, input="function(ctx) error 'cancel'")
    assert result.code == 0
    assert result.out == ("<stdin>:1:15: cancelled: cancel\n  no webhook is sent, the flow goes on\n")


def test_an_error_on_purpose_shows_its_text(project: Project) -> None:
    result = project.run("eval", "-", "--hook", "login.after.password", input="function(ctx) error 'not today'")
    assert result.code == 1
    assert result.out.startswith("<stdin>:1:15: error explicit\n  1 | function(ctx) error 'not today'\n")
    assert (
        "\n  not today\n  at login.after.password (kratos v26.2.0)\n  effect: the person sees an error 500;"
        in result.out
    )


def test_without_a_hook_the_choice_is_told(careful: Project) -> None:
    result = careful.run("eval", "-", input="function(ctx) ctx.session.id")
    assert result.code == 0
    assert result.err.startswith("note: no --hook given; took login.after.password, which the template's reads fit")
    assert result.err.count("\n") == 1


def test_a_prefix_of_two_stages_takes_the_later(careful: Project) -> None:
    result = careful.run("eval", "webhook.jsonnet", "--hook", "registration.after.oidc")
    assert result.code == 0
    assert result.err.startswith(f"note: registration.after.oidc is 2 hook points; took {HOOK} ")


def test_the_config_says_hook_and_request(careful: Project) -> None:
    result = careful.run("eval", "webhook.jsonnet", "--config", "kratos.json", "--print", "request")
    assert (result.code, result.err) == (0, "")
    head, _, body = result.out.partition("\n\n")
    assert head.splitlines()[0] == "PUT https://example.org/hook"
    assert "Content-Type: application/json" in head.splitlines()
    assert body == '{\n   "provider": "unknown"\n}\n'


def test_an_action_is_addressed_like_a_pytest_node(careful: Project) -> None:
    result = careful.run("eval", "kratos.json::registration.after.oidc[0]", "--format", "json")
    assert result.code == 0
    assert result.json()["request"]["method"] == "PUT"
    wrong = careful.run("eval", "kratos.json::registration.after.odic[0]")
    assert wrong.code == 2
    assert "hint: did you mean registration.after.oidc[0]" in wrong.err


def test_flags_of_the_action_change_the_effect(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(response={"ignore": True})})
    result = careful.run("eval", "webhook.jsonnet", "--config", "kratos.json", "--print", "effect")
    assert result.code == 0
    assert "\n  flow continues   yes\n" in result.out


def test_a_config_that_does_not_wire_the_template_is_told(careful: Project) -> None:
    careful.write({"other.jsonnet": "function(ctx) ctx.identity.id"})
    result = careful.run("eval", "other.jsonnet", "--config", "kratos.json", "--hook", "login.after.password")
    assert result.code == 0
    assert result.err == "note: kratos.json does not wire other.jsonnet: taken as a plain web_hook\n"


def test_a_base64_body_is_known_by_its_text(careful: Project) -> None:
    body = f"base64://{base64.b64encode(CARELESS.encode()).decode()}"
    careful.write({"same.jsonnet": CARELESS.encode(), "kratos.json": kratos_config(body=body, can_interrupt=True)})
    result = careful.run("eval", "same.jsonnet", "--config", "kratos.json", "--format", "json")
    assert (result.code, result.err) == (1, "")
    told = result.json()
    assert told["effect"]["stored"] is False
    assert f"\n\t{body}:3:17-57\t" in told["effect"]["client_message"]
    assert told["error"]["template"] == "same.jsonnet"


def test_standard_input_is_known_by_its_text(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(response={"ignore": True})})
    result = careful.run("eval", "-", "--config", "kratos.json", "--format", "json", input=CAREFUL)
    assert (result.code, result.err) == (0, "")
    assert result.json()["request"]["method"] == "PUT"


def test_a_template_stands_in_for_one_that_lies_elsewhere(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(body="https://example.org/webhook.jsonnet")})
    asked = ("eval", "webhook.jsonnet", "--config", "kratos.json", "--hook", "registration.after.oidc")
    result = careful.run(*asked, "--format", "json")
    assert result.code == 0
    assert result.err == (
        "note: kratos.json::registration.after.oidc[0] sends https://example.org/webhook.jsonnet, which is not read:"
        " webhook.jsonnet stands in for it\n"
    )
    assert result.json()["request"]["method"] == "PUT"


def test_an_error_names_the_template_by_the_uri_of_its_body(careless: Project) -> None:
    asked = ("eval", "webhook.jsonnet", "--config", "kratos.json", "--format", "json")
    told = careless.run(*asked).json()
    assert "\n\tfile://./webhook.jsonnet:2:13-53\t" in told["effect"]["client_message"]


def test_an_action_without_a_body_fails_every_call(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(body="")})
    result = careful.run("eval", "kratos.json::registration.after.oidc[0]")
    assert result.code == 1
    assert result.out == (
        "kratos.json:1:198: error missing-body\n"
        '  the action has no body: every call fails with "got empty template path for request with body"\n'
        f"  at {HOOK} (kratos v26.2.0)\n"
        "  effect: the person sees an error 500; the identity is already stored; no webhook is sent\n"
        "  hint: give it a body: file://… or base64://…\n"
    )
    told = careful.run("eval", "kratos.json::registration.after.oidc[0]", "--format", "json").json()
    assert (told["outcome"], told["error"]["kind"], told["request"]) == ("failed", "missing-body", None)
    assert told["effect"]["client_message"] == "got empty template path for request with body"
    assert told["limits"] == {"seconds": 0.0, "input_bytes": 0, "output_bytes": 0}


def test_trace_goes_out_without_a_body(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(method="TRACE", body=None)})
    told = careful.run("eval", "kratos.json::registration.after.oidc[0]", "--format", "json").json()
    assert (told["request"]["method"], told["request"]["body"]) == ("TRACE", None)
    assert (told["effect"]["webhook_sent"], told["effect"]["client_status"]) == (True, 200)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "file://./nope.jsonnet",
            "unable to open file: ./nope.jsonnet: open ./nope.jsonnet: no such file or directory",
        ),
        ("base64://ZnVuY3Rpb24", "base64decode: base64://ZnVuY3Rpb24: illegal base64 data at input byte 8"),
        ("json://{}", "unable to open file: json://{}: open json://{}: no such file or directory"),
    ],
)
def test_a_body_that_gives_no_template_has_kratos_words(careful: Project, body: str, message: str) -> None:
    careful.write({"kratos.json": kratos_config(body=body)})
    result = careful.run("eval", "kratos.json::registration.after.oidc[0]", "--format", "json")
    assert result.code == 1
    assert result.json()["effect"]["client_message"] == message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("https://example.org/a", "what this body does cannot be told from the files: https://example.org/a"),
        ("base64://Zn\nVu", "kratos does not start with this body: the body is not a valid URI (a line end"),
    ],
)
def test_a_body_of_which_nobody_knows_what_it_does_is_no_answer(careful: Project, body: str, said: str) -> None:
    careful.write({"kratos.json": kratos_config(body=body)})
    result = careful.run("eval", "kratos.json::registration.after.oidc[0]")
    assert result.code == 2
    assert result.err.startswith(f"error: {said}")


def test_the_effect_in_detail_tells_attempts_log_and_patch(careful: Project) -> None:
    careful.write({"answer.json": {"status": 503}})
    asked = ("eval", "webhook.jsonnet", "--config", "kratos.json", "--print", "effect", "--response", "answer.json")
    effect = careful.run(*asked, "--format", "json").json()["effect"]
    assert (effect["attempts"], effect["requests"]) == (3, 3)
    assert effect["log"] == {
        "level": "error",
        "message": "Webhook request failed",
        "error": "PUT https://example.org/hook giving up after 3 attempt(s)",
    }
    text = careful.run(*asked).out
    assert "\n  webhook sent     yes, 3 requests in 3 attempts\n" in text
    assert text.endswith("\n  kratos logs      error: Webhook request failed\n")


def test_a_request_that_go_refuses_says_why_nothing_leaves(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(headers={"x y": "1"})})
    result = careful.run("eval", "webhook.jsonnet", "--config", "kratos.json", "--print", "request")
    assert result.code == 0
    assert result.out == (
        "no request leaves: PUT https://example.org/hook giving up after 1 attempt(s): "
        'Put "https://example.org/hook": net/http: invalid header field name "x y"\n'
    )


def test_a_hook_that_contradicts_an_address_is_refused(careful: Project) -> None:
    result = careful.run("eval", "kratos.json::registration.after.oidc[0]", "--hook", "login.before")
    assert result.code == 2
    assert result.err.startswith("error: kratos.json::registration.after.oidc[0] is wired to registration.after.oidc")


def test_a_content_type_that_contradicts_the_config_is_refused(careful: Project) -> None:
    careful.write({"kratos.json": kratos_config(headers={"Content-Type": "application/json"})})
    form = ("--content-type", "application/x-www-form-urlencoded")
    result = careful.run("eval", "webhook.jsonnet", "--config", "kratos.json", *form)
    assert result.code == 2
    assert result.err.startswith("error: --content-type application/x-www-form-urlencoded, but kratos.json::")


def test_a_form_is_encoded(careful: Project) -> None:
    form = ("--content-type", "application/x-www-form-urlencoded")
    result = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, *form, "--format", "json")
    assert result.json()["request"]["body"] == "provider=unknown"
    assert result.json()["text"] == '{\n   "provider": "unknown"\n}\n'


def test_json_of_a_rendered_payload(careful: Project) -> None:
    told = careful.run("eval", "webhook.jsonnet", "--config", "kratos.json", "--format", "json").json()
    assert list(told) == ["format", "outcome", "payload", "text", "error", "request", "effect", "limits"]
    assert (told["format"], told["outcome"], told["error"]) == (1, "rendered", None)
    assert told["payload"] == {"provider": "unknown"}
    assert told["request"]["url"] == "https://example.org/hook"
    assert ["Content-Type", "application/json"] in told["request"]["headers"]
    assert told["effect"] == {
        "webhook_sent": True,
        "flow_continues": True,
        "client_status": 200,
        "client_message": None,
        "stored": True,
        "later_hooks_run": True,
        "summary": told["effect"]["summary"],
    }
    assert told["limits"]["output_bytes"] == len(told["text"].encode())
    assert told["limits"]["input_bytes"] > 1000


def test_json_of_a_failure(careless: Project) -> None:
    result = careless.run("eval", "webhook.jsonnet", "--hook", HOOK, "--format", "json")
    told = result.json()
    assert (result.code, told["outcome"], told["payload"], told["text"], told["request"]) == (
        1,
        "failed",
        None,
        None,
        None,
    )
    assert told["error"] == {
        "kind": "missing-field",
        "message": "Field does not exist: oidc_provider",
        "template": "webhook.jsonnet",
        "line": 2,
        "column": 13,
        "path": "flow.transient_payload.oidc_provider",
    }
    assert told["effect"]["flow_continues"] is False
    assert told["effect"]["client_status"] == 400


def test_the_client_decides_the_status(careless: Project) -> None:
    status = {
        client: careless.run(
            "eval", "webhook.jsonnet", "--hook", "login.after.password", "--client", client, "--format", "json"
        ).json()["effect"]["client_status"]
        for client in ("api", "spa", "browser")
    }
    assert status == {"api": 400, "spa": 500, "browser": 303}


def test_json_of_a_cancel(project: Project) -> None:
    result = project.run("eval", "-", "--hook", HOOK, "--format", "json", input="function(ctx) error 'cancel now'")
    told = result.json()
    assert (result.code, told["outcome"], told["payload"], told["request"]) == (0, "cancelled", None, None)
    assert told["error"]["message"] == "cancel now"
    assert (told["effect"]["webhook_sent"], told["effect"]["flow_continues"]) == (False, True)


def test_the_ctx_can_be_printed_also_when_the_template_fails(careless: Project) -> None:
    result = careless.run("eval", "webhook.jsonnet", "--hook", HOOK, "--print", "ctx")
    assert result.code == 1
    assert result.json()["flow"]["transient_payload"] == {}
    assert result.err.startswith("webhook.jsonnet:2:13: error missing-field\n")


def test_reads_are_those_of_this_evaluation(careful: Project) -> None:
    result = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, "--print", "reads")
    assert result.code == 0
    assert "tests  flow.transient_payload.provider\n" in result.out
    told = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, "--print", "reads", "--format", "json").json()
    assert "flow.transient_payload" in told["reads"]


def test_the_receivers_answer_counts(careful: Project) -> None:
    careful.write({"answer.json": {"status": 503}})
    result = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, "--response", "answer.json", "--format", "json")
    effect = result.json()["effect"]
    assert (result.code, effect["webhook_sent"], effect["flow_continues"]) == (0, True, False)


def test_a_recorded_ctx_is_taken_as_it_is(careful: Project) -> None:
    recorded = {"flow": {"type": "browser", "transient_payload": {"provider": "github"}}}
    careful.write(
        {"bare.json": recorded, "fixture.json": {"format": 1, "hook": HOOK, "kratos": "v26.2.0", "ctx": recorded}}
    )
    bare = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, "--ctx", "bare.json")
    assert (bare.code, bare.json()) == (0, {"provider": "github"})
    fixture = careful.run("eval", "webhook.jsonnet", "--ctx", "fixture.json", "--format", "json")
    assert (fixture.err, fixture.json()["payload"]) == ("", {"provider": "github"})


def test_the_settings_name_the_config(careful: Project) -> None:
    careful.write({"jsonnet-ctx.toml": 'config = "kratos.json"\n'})
    result = careful.run("eval", "webhook.jsonnet", "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert result.json()["request"]["url"] == "https://example.org/hook"


def test_traits_follow_the_identity_schema(project: Project) -> None:
    traits = {"type": "object", "properties": {"nick": {"const": "ada"}}, "required": ["nick"]}
    project.write({"identity.schema.json": {"properties": {"traits": traits}}})
    schema = ("--identity-schema", "identity.schema.json")
    result = project.run("eval", "-", "--hook", HOOK, *schema, input="function(ctx) ctx.identity.traits")
    assert result.json() == {"nick": "ada"}


def test_a_missing_template_cannot_be_evaluated(project: Project) -> None:
    result = project.run("eval", "nowhere.jsonnet", "--hook", HOOK)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: nowhere.jsonnet: ")


def test_a_template_that_is_not_text_cannot_be_evaluated(project: Project) -> None:
    result = project.run("eval", "-", "--hook", HOOK, input=b"\xff\xfe")
    assert (result.code, result.err) == (2, "error: <stdin>: is not UTF-8 (byte 0)\n")


def test_an_unknown_engine_is_told(careful: Project) -> None:
    result = careful.run("eval", "webhook.jsonnet", "--hook", HOOK, "--engine", "go-jsonet")
    assert result.code == 2
    assert "go-jsonnet" in result.err
