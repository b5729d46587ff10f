"""Calling the receiver: attempts, redirects, timeouts."""

import pytest

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.delivery import Delivery, deliver
from jsonnet_ctx.project.webhook import WebHook

HOOK = WebHook(url="http://receiver/hook", method="POST")
MOVED = (("Location", "http://receiver/other"),)


@pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 403, 404, 422, 499, 501])
def test_most_answers_are_final(status: int) -> None:
    assert deliver(HOOK, [Answer(status)]).attempts == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 429])
def test_some_answers_are_asked_for_three_times(status: int) -> None:
    error = "POST http://receiver/hook giving up after 3 attempt(s)"
    assert deliver(HOOK, [Answer(status)]) == Delivery(3, 3, error=error)


def test_a_receiver_may_come_back() -> None:
    answers = [Answer(503), Answer(refused=True), Answer(200, body=b"ok")]
    assert deliver(HOOK, answers) == Delivery(3, 2, Answer(200, body=b"ok"), b"ok")


def test_the_last_trouble_is_told() -> None:
    answers = [Answer(503), Answer(sleep=31), Answer(refused=True)]
    found = deliver(WebHook(url="https://u:p@receiver.example.com/hook", method="get"), answers)
    assert found.error == (
        "get https://u:p@receiver.example.com/hook giving up after 3 attempt(s): "
        'get "https://u:p@receiver.example.com/hook": dial tcp receiver.example.com:443: connect: connection refused'
    )
    assert not found.timed_out


def test_an_attempt_may_take_thirty_seconds() -> None:
    assert deliver(HOOK, [Answer(sleep=29.9)]).attempts == 1
    found = deliver(HOOK, [Answer(sleep=30)])
    assert found.timed_out
    assert found.error == (
        'POST http://receiver/hook giving up after 3 attempt(s): Post "http://receiver/hook": '
        "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    )


def test_a_redirect_is_followed_to_an_answer_of_its_own() -> None:
    found = deliver(HOOK, [Answer(302, MOVED), Answer(400, body=b"no")])
    assert (found.attempts, found.requests, found.answer, found.body) == (1, 2, Answer(400, body=b"no"), b"no")
    assert deliver(HOOK, [Answer(307, MOVED)]) == Delivery(1, 2, Answer(), b"{}")


def test_a_redirect_to_nowhere_is_the_answer() -> None:
    assert deliver(HOOK, [Answer(302)]) == Delivery(1, 1, Answer(302), b"{}")


def test_a_failing_target_of_a_redirect_starts_over() -> None:
    found = deliver(HOOK, [Answer(302, MOVED), Answer(500), Answer(302, MOVED), Answer(200)])
    assert (found.attempts, found.requests) == (2, 4)


def test_endless_redirects_end() -> None:
    found = deliver(HOOK, [Answer(302, MOVED)] * 50)
    assert (found.attempts, found.requests, found.answer) == (1, 10, None)
    assert found.error is not None
    assert found.error.endswith(": stopped after 10 redirects")
    home = Answer(307, (("Location", HOOK.url),))
    assert deliver(HOOK, [home]).error == (
        f'POST {HOOK.url} giving up after 1 attempt(s): Post "{HOOK.url}": stopped after 10 redirects'
    )


def test_an_answer_to_head_has_no_body_and_a_long_one_is_cut() -> None:
    assert deliver(WebHook(url="http://receiver/", method="HEAD"), [Answer()]).body == b""
    assert len(deliver(HOOK, [Answer(body=b"x" * 5_300_000)]).body) == 5 * 1024 * 1024


def test_a_header_that_go_refuses_is_not_tried_twice() -> None:
    webhook = WebHook(url="http://receiver/hook", headers=(("x y", "1"),))
    error = (
        'POST http://receiver/hook giving up after 1 attempt(s): Post "http://receiver/hook": '
        'net/http: invalid header field name "x y"'
    )
    assert deliver(webhook, [Answer()]) == Delivery(1, 0, error=error)


def test_a_url_of_another_scheme_is_not_tried_twice() -> None:
    error = (
        'POST ftp://receiver/ giving up after 1 attempt(s): Post "ftp://receiver/": unsupported protocol scheme "ftp"'
    )
    assert deliver(WebHook(url="ftp://receiver/"), [Answer()]) == Delivery(1, 0, error=error)
