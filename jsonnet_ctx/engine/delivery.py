"""Calling the receiver as Kratos does: attempts, redirects, and the answer that counts in the end."""

from collections.abc import Sequence
from urllib.parse import urljoin

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.request_headers import refused_call
from jsonnet_ctx.kratos.receiver_rows import call_limit, retried
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPS_BODY = frozenset({307, 308})


class Delivery(Frozen):
    """What came of the calls: the last ``answer``, or the ``error`` that Kratos gives up with.

    ``attempts`` counts the tries, ``requests`` what reached a receiver (redirects included);
    ``body`` is what Kratos reads of the answer, ``timed_out`` tells a timeout from other errors.
    """

    attempts: int
    requests: int
    answer: Answer | None = None
    body: bytes = b""
    error: str | None = None
    timed_out: bool = False


def deliver(webhook: WebHook, answers: Sequence[Answer]) -> Delivery:
    """Return what comes of sending the webhook to a receiver that gives these answers, one a request.

    The last answer is repeated, but for a redirect to another URL: that answers 200 with ``{}``. 5xx but
    501, 429, a refused connection and a timeout are tried three times in all (behaviours.json
    rows retry.headers, retry.then-ok, redirect.*, resp.429.login.plain, resp.connrefused.login,
    limit.timeout-30s).
    """
    wrong = refused_call(webhook)
    if wrong is not None:
        return Delivery(1, 0, error=_giving_up(webhook, 1, wrong))
    limit = call_limit("attempts")
    asked = requests = 0
    for attempt in range(1, limit + 1):
        answer, method, used = _follow(webhook, answers, asked)
        asked += used
        requests += used - answer.refused
        if _target(webhook, answer) is not None:
            stopped = _giving_up(webhook, attempt, f"stopped after {used} redirects", at=_target(webhook, answer))
            return Delivery(attempt, requests, error=stopped)
        trouble = _trouble(webhook, answer)
        if trouble is None and not retried(answer.status):
            return Delivery(attempt, requests, answer, _readable(answer, method))
    timed_out = trouble is not None and not answer.refused
    return Delivery(limit, requests, error=_giving_up(webhook, limit, trouble), timed_out=timed_out)


def _follow(webhook: WebHook, answers: Sequence[Answer], asked: int) -> tuple[Answer, str, int]:
    """Return the answer at the end of the redirects, the method that got it, and how many answers that took.

    After too many redirects it is the last of them.
    """
    used, method = 0, webhook.method
    while True:
        answer = answers[asked + used] if asked + used < len(answers) else _repeated(webhook, answers, used)
        used += 1
        if _target(webhook, answer) is None or used >= call_limit("redirects"):
            return answer, method, used
        if answer.status not in _KEEPS_BODY and method not in ("GET", "HEAD"):
            method = "GET"


def _repeated(webhook: WebHook, answers: Sequence[Answer], used: int) -> Answer:
    last = answers[-1] if answers else Answer()
    elsewhere = _target(webhook, last) not in (None, webhook.url)
    return Answer() if used and elsewhere else last


def _target(webhook: WebHook, answer: Answer) -> str | None:
    """The URL that an answer redirects to, None where it is the end."""
    location = answer.header("Location")
    redirects = not answer.refused and answer.status in _REDIRECTS
    return urljoin(webhook.url, location) if redirects and location else None


def _trouble(webhook: WebHook, answer: Answer) -> str | None:
    if answer.refused:
        return f"dial tcp {_address(webhook.url)}: connect: connection refused"
    if answer.sleep >= call_limit("attempt_seconds"):
        return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    return None


def _giving_up(webhook: WebHook, attempts: int, trouble: str | None, *, at: str | None = None) -> str:
    text = f"{webhook.method} {webhook.url} giving up after {attempts} attempt(s)"
    if trouble is None:
        return text
    operation = webhook.method[:1] + webhook.method[1:].lower()
    return f'{text}: {operation} "{at or webhook.url}": {trouble}'


def _readable(answer: Answer, method: str) -> bytes:
    without_body = method == "HEAD" or answer.status in (204, 304)
    return b"" if without_body else answer.body[: call_limit("answer_bytes")]


def _address(url: str) -> str:
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    if ":" in host.rpartition("]")[2]:
        return host
    return f"{host}:{443 if url.lower().startswith('https:') else 80}"
