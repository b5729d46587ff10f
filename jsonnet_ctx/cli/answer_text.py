"""What ``eval`` prints for people: the payload, the request, the effect, or why there is none."""

import json
from collections.abc import Iterable

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.effect import Effect
from jsonnet_ctx.engine.outcome import Cancelled
from jsonnet_ctx.engine.request import Request
from jsonnet_ctx.report.shown import escape


def cancelled_text(cancelled: Cancelled) -> str:
    """That the template cancelled, and where."""
    place = f"{cancelled.error.location}: " if cancelled.error.location else ""
    return f"{escape(place)}cancelled: {escape(cancelled.error.message)}\n  no webhook is sent, the flow goes on\n"


def request_text(request: Request) -> str:
    """The request as it goes over the wire, but with line breaks as on screen."""
    lines = [f"{request.method} {request.url or '(no --config, so the URL is not known)'}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    body = "" if request.body is None else request.body.decode("utf-8", "backslashreplace")
    return "".join(f"{escape(line)}\n" for line in lines) + (f"\n{body}" if body else "")


def effect_text(effect: Effect) -> str:
    """The effect in one sentence, then fact by fact."""
    status = "connection closed" if effect.client_status is None else str(effect.client_status)
    facts = [
        ("webhook sent", _sent(effect)),
        ("flow continues", _yes(effect.flow_continues)),
        ("client status", status),
        ("client message", effect.client_message or "-"),
        (f"{effect.stored_what or 'anything'} stored", _yes(effect.stored)),
        ("later hooks run", _yes(effect.later_hooks_run)),
        ("kratos logs", f"{effect.log_level}: {effect.log_message}"),
    ]
    if effect.patch:
        facts.insert(-1, ("identity patch", json.dumps(dict(effect.patch), ensure_ascii=False)))
    width = max(len(name) for name, _ in facts)
    return f"{escape(effect.summary)}\n" + "".join(f"  {name:<{width}}  {escape(value)}\n" for name, value in facts)


def reads_text(reads: Iterable[Path], tests: Iterable[Path]) -> str:
    """The ctx paths that the evaluation read, then those it only tested for being there."""
    lines = [f"reads  {path}" for path in path_texts(reads)]
    lines += [f"tests  {path}" for path in path_texts(tests)]
    return "".join(f"{escape(line)}\n" for line in lines)


def path_texts(paths: Iterable[Path]) -> list[str]:
    """Ctx paths as sorted texts; the whole ctx is ``ctx`` itself."""
    return sorted(format_path(path) or "ctx" for path in paths)


def _sent(effect: Effect) -> str:
    if effect.requests < 2 and effect.attempts < 2:
        return _yes(effect.webhook_sent)
    return f"{_yes(effect.webhook_sent)}, {effect.requests} requests in {effect.attempts} attempts"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
