"""What a client can send differently: the transient_payload, headers and cookies."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import has, value_at
from jsonnet_ctx.context.variation import Variation, any_values
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.headers import canonical, header_allowlist
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape

_PAYLOAD: Path = ("flow", "transient_payload")
_SENT_BY_ALL = frozenset({"Accept", "Accept-Encoding", "User-Agent"})
_OF_THE_BODY = frozenset({"Content-Type", "Content-Length"})
_REFUSED_FROM_API = frozenset({"Cookie", "Origin"})


def payload_edits(scenario: Scenario, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """Edits at or below flow.transient_payload, where the scenario lets the client's payload through.

    The payload itself stays an object: Kratos refuses other types, and makes ``{}`` of null and of
    nothing (behaviours.md section 11; captures login.after.password__api-tp-*).
    """
    if scenario.transient_payload != "client":
        return
    if path == _PAYLOAD:
        if value_at(ctx, path):
            yield Variation(Edit(path, "empty"), True, "the client sends no transient_payload")
        return
    if has(ctx, path):
        yield Variation(Edit(path, "absent"), True, "the client does not send it")
        yield from any_values(path, value_at(ctx, path), "the client sends", only_others=True)
    elif _can_grow(ctx, path):
        yield Variation(Edit(path, "set", "text"), True, "the client sends it", guessed=True)
        others = any_values(path, None, "the client sends", only_others=False)
        yield from (other for other in others if other.edit.value != "text")


def header_edits(shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """Edits of one header. No ordinary client leaves out those that every HTTP library sends.

    A request with a body has its Content-Type and Content-Length; API clients that submit with
    Origin are refused (capture registration.before__api-origin-rejected).
    """
    if len(path) != 2:
        return
    name, posts = str(path[1]), scenario.request_method == "POST"
    if has(ctx, path):
        if not (posts and name in _OF_THE_BODY):
            yield Variation(Edit(path, "absent"), name not in _SENT_BY_ALL, "the client does not send it")
        return
    allowed = None if shape.hook.id == "password_migration" else header_allowlist(shape.kratos)
    passes = canonical(name) == name and (allowed is None or name in allowed)
    refused = scenario.client == "api" and posts and name in _REFUSED_FROM_API
    if passes and not refused and name not in _OF_THE_BODY:
        yield Variation(Edit(path, "set", ["text"]), True, "the client sends it")


def cookie_edits(shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """Edits of the cookies; those that the scenario needs (session, CSRF) stay once something is submitted.

    API clients that submit with a cookie are refused (capture registration.before__api-cookie-rejected).
    """
    first_visit = shape.hook.phase == "before" and shape.hook.flow != "settings"
    if len(path) == 1:
        if first_visit and value_at(ctx, path):
            yield Variation(Edit(path, "empty"), True, "it is the first visit")
    elif has(ctx, path):
        needed = any(str(path[1]).startswith(name) for name in scenario.cookies)
        if first_visit or not needed:
            yield Variation(Edit(path, "absent"), True, "the client does not send it")
    elif not (scenario.client == "api" and scenario.request_method == "POST"):
        yield Variation(Edit(path, "set", "text"), True, "the client sends it")


def _can_grow(ctx: dict[str, Any], path: Path) -> bool:
    """Whether something can be put at a path where nothing stands, without replacing what holds it."""
    holder = value_at(ctx, path[:-1])
    if isinstance(path[-1], int):
        return isinstance(holder, list) and path[-1] == len(holder)
    return isinstance(holder, dict) or not has(ctx, path[:-1])
