"""What a hook does to the person, in fields and in one sentence."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.effect import Effect, effect_of
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Kind, Outcome, Rendered, TemplateError
from jsonnet_ctx.engine.request import request_of
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook

URL = "http://receiver/hook"
RENDERED = Rendered({}, "{ }\n")
CANCELLED = Cancelled(TemplateError("explicit", "cancel"))
FAILED = Failed(TemplateError("explicit", "nope", raw="jsonnetsecure: ERROR: RUNTIME ERROR: nope"))
BLOCKED = Answer(400, body=b'{"messages": [{"instance_ptr": "#/", "messages": [{"id": 1, "text": "Not today."}]}]}')
SCHEMA: dict[str, Any] = {
    "properties": {"traits": {"type": "object", "properties": {"email": {"type": "string"}}, "required": ["email"]}}
}


def effect(hook: str, outcome: Outcome = RENDERED, *, webhook: WebHook | None = None, **options: Any) -> Effect:
    return effect_of(webhook or WebHook(url=URL), outcome, hook=hook, **options)


@pytest.mark.parametrize(
    ("hook", "summary"),
    [
        (
            "registration.after.oidc.post_persist",
            "the person sees an error 500; the identity is already stored; no webhook is sent",
        ),
        (
            "registration.after.oidc.pre_persist",
            "the person sees an error 500; the identity is not stored; no webhook is sent",
        ),
        (
            "settings.after.profile.post_persist",
            "the person sees an error 500; the change is already stored; no webhook is sent",
        ),
        (
            "settings.after.profile.pre_persist",
            "the person sees an error 500; the change is not stored; no webhook is sent",
        ),
        ("login.after.password", "the person sees an error 500; the person is not logged in; no webhook is sent"),
        ("recovery.after", "the person sees an error 500; the person is not logged in; no webhook is sent"),
        ("verification.after", "the person sees an error 500; the address is already verified; no webhook is sent"),
        ("registration.before", "the person sees an error 500; no flow starts; no webhook is sent"),
        ("password_migration", "the person sees an error 500; the person is not logged in; no webhook is sent"),
    ],
)
def test_a_failing_template_is_told_in_one_sentence(hook: str, summary: str) -> None:
    assert effect(hook, FAILED).summary == summary


def test_success_is_told_too() -> None:
    hook = "registration.after.password.post_persist"
    assert effect(hook).summary == "the flow continues; the identity is stored; the webhook is sent"
    assert effect(hook, CANCELLED).summary == "the flow continues; the identity is stored; no webhook is sent"
    assert effect("login.before").summary == "the flow continues; the webhook is sent"


def test_a_receiver_that_does_not_answer_is_told() -> None:
    hook = "login.after.password"
    assert effect(hook, answer=Answer(503)).summary == (
        "the person sees an error 500; the person is not logged in; the webhook is sent 3 times"
    )
    assert effect(hook, answer=Answer(refused=True)).summary == (
        "the person sees an error 500; the person is not logged in; the webhook reaches nobody in 3 attempts"
    )
    assert effect(hook, answer=Answer(sleep=31)).summary == (
        "the person's connection closes without a response; the person is not logged in; the webhook is sent 3 times"
    )


def test_an_ignored_failure_is_only_in_the_log() -> None:
    found = effect("login.after.password", FAILED, webhook=WebHook(url=URL, ignore=True))
    assert found.summary == (
        "the person notices nothing; the person is logged in; no webhook is sent; the log has a warning"
    )
    assert (found.log_level, found.log_error) == ("warning", "jsonnetsecure: ERROR: RUNTIME ERROR: nope")
    assert found.flow_continues
    assert found.later_hooks_run


def test_only_a_failing_hook_stops_the_ones_after_it() -> None:
    """Rows sel.reg.hook-fails-then-second, sel.cancel-parse-then-persist, sel.ignore-error-then-second."""
    after, before = "registration.after.password.post_persist", "registration.after.password.pre_persist"
    assert not effect(after, answer=Answer(400)).later_hooks_run
    assert effect(before, CANCELLED, webhook=WebHook(url=URL, parse=True)).later_hooks_run
    assert effect(after, FAILED, webhook=WebHook(url=URL, ignore=True)).later_hooks_run


@pytest.mark.parametrize("outcome", [RENDERED, CANCELLED, FAILED])
def test_a_method_that_is_none_fails_before_the_template_is_asked(outcome: Outcome) -> None:
    webhook = WebHook(url=URL, method="BAD METHOD")
    found = effect("login.after.password", outcome, webhook=webhook)
    assert (found.client_status, found.client_message) == (400, 'net/http: invalid method "BAD METHOD"')
    assert request_of(webhook, outcome) is None


def test_the_report_has_seven_keys() -> None:
    assert effect("registration.after.oidc.post_persist", FAILED).as_json() == {
        "webhook_sent": False,
        "flow_continues": False,
        "client_status": 400,
        "client_message": "jsonnetsecure: ERROR: RUNTIME ERROR: nope",
        "stored": True,
        "later_hooks_run": False,
        "summary": "the person sees an error 500; the identity is already stored; no webhook is sent",
    }


@pytest.mark.parametrize(
    ("hook", "statuses"),
    [
        ("registration.after.password.post_persist", (400, 303, 500)),
        ("registration.after.oidc.post_persist", (400, 303, 303)),
        ("login.after.oidc", (400, 303, 303)),
        ("login.before", (400, 303, 500)),
        ("settings.before", (500, 303, 500)),
        ("settings.after.totp.pre_persist", (400, 303, 400)),
        ("recovery.after", (400, 303, 400)),
        ("verification.before", (500, 303, 500)),
    ],
)
def test_every_client_gets_its_own_status(hook: str, statuses: tuple[int, ...]) -> None:
    assert tuple(effect(hook, FAILED, client=client).client_status for client in CLIENTS) == statuses


@pytest.mark.parametrize(
    ("hook", "client", "status", "shows"),
    [
        ("registration.after.password.pre_persist", "api", 400, "form"),
        ("registration.after.password.pre_persist", "browser", 302, "form"),
        ("registration.after.oidc.pre_persist", "spa", 302, "form"),
        ("login.before", "api", 404, "error-and-flow"),
        ("registration.before", "spa", 500, "error"),
        ("recovery.after", "api", 303, "new-flow"),
        ("verification.after", "api", 410, "error"),
        ("verification.after", "browser", 303, "new-flow"),
    ],
)
def test_the_receivers_messages_are_shown_where_kratos_can(hook: str, client: Client, status: int, shows: str) -> None:
    found = effect(hook, webhook=WebHook(url=URL, can_interrupt=True), client=client, answer=BLOCKED)
    assert (found.client_status, found.client_shows) == (status, shows)
    assert ("Not today." in found.summary) == (shows == "form")


def test_a_form_with_messages_is_told() -> None:
    found = effect("settings.after.profile.pre_persist", webhook=WebHook(url=URL, parse=True), answer=BLOCKED)
    assert found.summary == (
        'the person sees the form again: "Not today."; the change is not stored; the webhook is sent'
    )
    assert found.client_message == "Not today."


def test_a_patch_is_saved_at_registration_and_settings_only() -> None:
    webhook = WebHook(url=URL, parse=True)
    answer = Answer(body=b'{"identity": {"metadata_public": {"plan": "pro"}}}')
    patches = {
        hook: dict(effect(hook, webhook=webhook, answer=answer).patch)
        for hook in ("registration.after.code.pre_persist", "settings.after.profile.pre_persist", "login.after.code")
    }
    assert patches == {
        "registration.after.code.pre_persist": {"metadata_public": {"plan": "pro"}},
        "settings.after.profile.pre_persist": {"metadata_public": {"plan": "pro"}},
        "login.after.code": {},
    }


def test_a_patch_at_a_before_hook_ends_the_connection() -> None:
    webhook = WebHook(url=URL, parse=True)
    found = effect("login.before", webhook=webhook, answer=Answer(body=b'{"identity": {"traits": {}}}'))
    assert found.connection_closed
    assert found.log_level == "info"
    assert effect("login.before", webhook=webhook, answer=Answer(body=b'{"identity": {}}')).flow_continues


def test_patched_traits_are_validated() -> None:
    webhook = WebHook(url=URL, parse=True)
    answer = Answer(body=b'{"identity": {"traits": {"name": "A"}}}')
    hook = "registration.after.password.pre_persist"
    found = effect(hook, webhook=webhook, answer=answer, identity_schema=SCHEMA)
    assert (found.client_status, found.client_message) == (400, "Property email is missing.")
    assert not found.stored
    assert effect(hook, webhook=webhook, answer=answer).patch == {"traits": {"name": "A"}}


def test_the_evaluators_death_may_send_an_empty_webhook() -> None:
    died = Failed(TemplateError("input-too-large", "too large"))
    found = effect("login.after.password", died)
    assert found.client_message is not None
    said = found.client_message.splitlines()
    assert said[0] == "jsonnetsecure: eval: Error: failed to read from stdin: bufio.Scanner: token too long"
    assert said[1:3] == ["Usage:", "  kratos jsonnet [flags]"]
    assert said[-1] == "failed to read from stdin: bufio.Scanner: token too long"
    assert found.summary == (
        "the person sees an error 500; the person is not logged in; no webhook is sent; "
        "now and then the webhook is sent with an empty body instead and counts as success"
    )
    form = WebHook(url=URL, headers=(("content-type", "application/x-www-form-urlencoded"),))
    assert effect("login.after.password", died, webhook=form).may_happen == (
        "now and then the error is unexpected end of JSON input instead"
    )
    assert effect("login.after.password", Failed(TemplateError("output-too-large", "x"))).may_happen is None


def test_a_password_migration_needs_a_match() -> None:
    hook = "password_migration"
    assert effect(hook).flow_continues
    assert effect(hook, CANCELLED).client_message == "request cancel by JsonNet"
    wrong = effect(hook, answer=Answer())
    assert (wrong.client_status, wrong.messages[0].id) == (400, 4000006)
    assert effect(hook, answer=Answer(403)).client_shows == "form"
    assert effect(hook, answer=Answer(404)).client_message == "password migration hook failed with status code 404"
    gone = effect(hook, answer=Answer(refused=True))
    assert (gone.client_status, gone.client_message) == (502, "calling the password migration hook failed")
    assert gone.client_reason == "A third-party upstream service could not be reached. Please try again later."


@pytest.mark.parametrize(
    ("kind", "uri", "said"),
    [
        ("missing-body", "", "got empty template path for request with body"),
        (
            "template-not-found",
            "file://./a.jsonnet",
            "unable to open file: ./a.jsonnet: open ./a.jsonnet: no such file or directory",
        ),
        ("lax-base64", "base64://ab", "base64decode: base64://ab: illegal base64 data at input byte 0"),
    ],
)
def test_an_unreadable_body_fails_every_call(kind: str, uri: str, said: str) -> None:
    unreadable = Unreadable(kind, "told by us", uri, Location("kratos.yml"))
    found = effect_of(WebHook(url=URL), unreadable, hook="login.after.password")
    assert found.client_message == said


def test_what_cannot_be_told_is_an_error() -> None:
    place = Location("kratos.yml")
    remote = Unreadable("remote", "not fetched", "https://x/y.jsonnet", place, hint="say --allow-network")
    with pytest.raises(UsageError, match="what this body does cannot be told from the files: not fetched") as caught:
        effect_of(WebHook(url=URL), remote, hook="login.before")
    assert caught.value.hint == "say --allow-network"
    refused = Unreadable("lax-base64", "a newline", "base64://\n", place, refused_at_start=True)
    with pytest.raises(UsageError, match="kratos does not start with this body: a newline"):
        effect_of(WebHook(url=URL), refused, hook="login.before")


@pytest.mark.parametrize("name", [{"hook": "login.afer.password"}, {"hook": "login.before", "client": "ap"}])
def test_an_unknown_name_has_near_ones(name: dict[str, Any]) -> None:
    with pytest.raises(UnknownName) as caught:
        effect_of(WebHook(url=URL), RENDERED, **name)
    assert caught.value.nearest


OUTCOMES = st.one_of(
    st.just(RENDERED),
    st.just(CANCELLED),
    st.sampled_from(get_args(Kind)).map(lambda kind: Failed(TemplateError(kind, "m"))),
)
ANSWERS = st.builds(
    Answer,
    st.integers(200, 599),
    st.sampled_from([(), (("Location", "http://receiver/x"),)]),
    st.sampled_from([b"", b"{}", b"OK", BLOCKED.body, b'{"identity": {"traits": null, "state": "inactive"}}']),
    st.sampled_from([0.0, 40.0]),
    st.booleans(),
)


@given(
    hook=st.sampled_from(hook_points()),
    client=st.sampled_from(CLIENTS),
    kratos=st.sampled_from(VERSIONS),
    outcome=OUTCOMES,
    answer=ANSWERS,
    flags=st.sampled_from([{}, {"parse": True}, {"can_interrupt": True}, {"ignore": True}]),
)
def test_every_hook_client_and_answer_has_an_effect(
    hook: HookPoint, client: Client, kratos: str, outcome: Outcome, answer: Answer, flags: dict[str, Any]
) -> None:
    found = effect_of(
        replace(WebHook(url=URL), **flags),
        outcome,
        hook=hook,
        client=client,
        kratos=kratos,
        answer=answer,
        identity_schema=SCHEMA,
    )
    assert found.summary
    assert found.later_hooks_run == found.flow_continues
    assert found.webhook_sent == (found.requests > 0)
    assert found.connection_closed == (found.client_status is None)
    if "ignore" in flags:
        assert found.flow_continues
    if not found.flow_continues:
        assert found.client_shows not in ("flow", "redirect", "redirect-required")
    if found.client_code is not None:
        assert found.client_message
