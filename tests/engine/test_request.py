"""The request that leaves: method, headers in wire order, body bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.outcome import Cancelled, Failed, Rendered, TemplateError
from jsonnet_ctx.engine.request import Request, request_of
from jsonnet_ctx.engine.request_headers import PLACEHOLDER_ID, refused_call
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Unreadable
from jsonnet_ctx.project.webhook import WebHook

URL = "https://receiver.example.com/hook?a=b"
RENDERED = Rendered({"a": 1}, '{\n   "a": 1\n}\n')
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def request(webhook: WebHook, outcome: Rendered = RENDERED, kratos: str = "v26.2.0") -> Request:
    found = request_of(webhook, outcome, kratos=kratos)
    assert found is not None
    return found


def names(found: Request) -> list[str]:
    return [name for name, _ in found.headers]


def test_the_body_is_jsonnets_output_verbatim() -> None:
    found = request(WebHook(url=URL))
    assert found.body == b'{\n   "a": 1\n}\n'
    assert found.headers == (
        ("Host", "receiver.example.com"),
        ("User-Agent", "Go-http-client/1.1"),
        ("Content-Length", "14"),
        ("Content-Type", "application/json"),
        ("Ory-Webhook-Request-Id", PLACEHOLDER_ID),
        ("Ory-Webhook-Trigger-Id", PLACEHOLDER_ID),
        ("Accept-Encoding", "gzip"),
    )


def test_the_length_counts_bytes_not_characters() -> None:
    assert request(WebHook(url=URL), Rendered("ü", '"ü"\n')).header("content-length") == "5"


@pytest.mark.parametrize(
    ("kratos", "sent"),
    [("v1.3.1", ["Ory-Webhook-Request-Id"]), ("v25.4.0", ["Ory-Webhook-Request-Id", "Ory-Webhook-Trigger-Id"])],
)
def test_the_trigger_id_is_not_sent_before_v25(kratos: str, sent: list[str]) -> None:
    assert [name for name in names(request(WebHook(url=URL), kratos=kratos)) if name.startswith("Ory-")] == sent


def test_without_analytics_events_no_ory_header_is_sent() -> None:
    found = request(WebHook(url=URL, emit_analytics_event=False))
    assert names(found) == ["Host", "User-Agent", "Content-Length", "Content-Type", "Accept-Encoding"]


def test_go_writes_some_headers_itself_whatever_the_config_says() -> None:
    headers = (("Host", "x"), ("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("Trailer", "x"))
    found = request(WebHook(url=URL, headers=headers, emit_analytics_event=False))
    assert dict(found.headers) == {
        "Host": "receiver.example.com",
        "User-Agent": "Go-http-client/1.1",
        "Content-Length": "14",
        "Content-Type": "application/json",
        "Accept-Encoding": "gzip",
    }


def test_an_empty_user_agent_sends_none() -> None:
    assert "User-Agent" not in names(request(WebHook(url=URL, headers=(("user-agent", ""),))))


@pytest.mark.parametrize("header", [("Accept-Encoding", "br"), ("Range", "bytes=0-1")])
def test_gzip_is_not_asked_for_where_the_config_has_a_say(header: tuple[str, str]) -> None:
    assert ("Accept-Encoding", "gzip") not in request(WebHook(url=URL, headers=(header,))).headers


def test_basic_auth_replaces_a_configured_authorization() -> None:
    auth = {"type": "basic_auth", "config": {"user": "ü", "password": "p:w"}}
    found = request(WebHook(url=URL, headers=(("authorization", "Bearer x"),), auth=auth))
    assert [value for name, value in found.headers if name == "Authorization"] == ["Basic w7w6cDp3"]


def test_a_user_in_the_url_is_basic_auth_and_no_part_of_the_host() -> None:
    found = request(WebHook(url="http://u:p%3Aw@receiver:8080/hook"))
    assert found.header("authorization") == "Basic dTpwOnc="
    assert found.header("host") == "receiver:8080"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("k1", "key=k1"),
        ("k 1", 'key="k 1"'),
        ("a,b", 'key="a,b"'),
        ('a";\\b', "key=ab"),
        ("ü", "key="),
        ("", "key="),
    ],
)
def test_an_api_key_in_a_cookie_is_quoted_as_go_does(value: str, sent: str) -> None:
    auth = {"type": "api_key", "config": {"in": "cookie", "name": "key", "value": value}}
    assert request(WebHook(url=URL, auth=auth)).header("cookie") == sent


def test_an_api_key_cookie_follows_a_configured_cookie() -> None:
    auth = {"type": "api_key", "config": {"in": "cookie", "name": "key", "value": "v"}}
    assert request(WebHook(url=URL, headers=(("Cookie", "a=b"),), auth=auth)).header("cookie") == "a=b; key=v"


def test_an_api_key_in_a_header_is_named_canonically() -> None:
    auth = {"type": "api_key", "config": {"in": "header", "name": "x-api-key", "value": "v"}}
    assert ("X-Api-Key", "v") in request(WebHook(url=URL, auth=auth)).headers


@pytest.mark.parametrize("auth", [{}, {"type": "api_key"}, {"type": "basic_auth", "config": [1]}, {"type": 3}])
def test_an_odd_auth_is_no_crash(auth: dict[str, object]) -> None:
    assert request(WebHook(url=URL, auth=auth)).body == RENDERED.text.encode()


def test_trace_asks_no_template_and_sends_no_body() -> None:
    failed = Failed(TemplateError("explicit", "nope"))
    found = request_of(WebHook(url=URL, method="TRACE"), failed)
    assert found is not None
    assert found.body is None
    assert "Content-Length" not in names(found)


@pytest.mark.parametrize(
    "outcome",
    [
        Cancelled(TemplateError("explicit", "cancel")),
        Failed(TemplateError("explicit", "nope")),
        Unreadable("missing-body", "no body", "", Location("kratos.yml")),
    ],
)
def test_nothing_leaves_where_nothing_rendered(outcome: Cancelled | Failed | Unreadable) -> None:
    assert request_of(WebHook(url=URL), outcome) is None


@pytest.mark.parametrize(
    ("method", "length"), [("POST", "0"), ("PUT", "0"), ("PATCH", "0"), ("GET", None), ("post", None)]
)
def test_an_empty_form_has_a_length_where_go_writes_one(method: str, length: str | None) -> None:
    found = request(WebHook(url=URL, method=method, headers=FORM), Rendered(None, "null\n"))
    assert (found.body, found.header("Content-Length")) == (b"", length)


def test_an_empty_content_type_counts_as_none_since_v25() -> None:
    webhook = WebHook(url=URL, headers=(("content-type", ""),))
    assert request(webhook).content_type == "application/json"
    assert request(webhook, kratos="v1.3.1").content_type == ""


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("x y", "1"), 'net/http: invalid header field name "x y"'),
        (("", "1"), 'net/http: invalid header field name ""'),
        (("x-a", "1\n2"), 'net/http: invalid header field value for "X-A"'),
    ],
)
def test_a_header_that_go_refuses_keeps_the_request_at_home(header: tuple[str, str], words: str) -> None:
    webhook = WebHook(url=URL, headers=(header,))
    assert request_of(webhook, RENDERED) is None
    assert refused_call(webhook) == words


def test_the_report_has_the_headers_in_wire_order() -> None:
    shown = request(WebHook(url=URL, emit_analytics_event=False)).as_json()
    assert list(shown) == ["method", "url", "headers", "body"]
    assert shown["headers"][0] == ["Host", "receiver.example.com"]
    assert shown["body"] == '{\n   "a": 1\n}\n'


@given(url=st.text())
def test_any_url_makes_a_request(url: str) -> None:
    assert request(WebHook(url=url)).url == url
