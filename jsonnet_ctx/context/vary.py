"""Every reachable single edit of one path of a ctx: the one place that says what can differ."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import edit_alone, has, value_at
from jsonnet_ctx.context.edit import apply_edit
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.context.vary_client import cookie_edits, header_edits, payload_edits
from jsonnet_ctx.context.vary_device import address_edits, is_address
from jsonnet_ctx.context.vary_form import NODES, node_edits
from jsonnet_ctx.context.vary_identity import identity_edits, keeps_verified
from jsonnet_ctx.context.vary_url import URL, url_edits
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import has_identifier

__all__ = ["HOLDERS", "Variation", "edits_for", "may_differ"]

HOLDERS: tuple[Path, ...] = (("session", "identity"), ("flow", "identity"), ("identity",))
"""The paths at which a ctx can hold an identity."""

_ASKED_FOR: dict[Path, tuple[Any, str]] = {
    ("flow", "return_to"): ("https://www.example.org/welcome", "the client asks to return somewhere"),
    ("flow", "oauth2_login_challenge"): ("b7c1d2e3f4a5968778695a4b3c2d1e0f", "an oauth2 client started the flow"),
    ("flow", "identity_schema"): ("default", "the client names an identity schema"),
}

_SERVERS = frozenset({"id", "schema_id", "schema_url", "state", "created_at", "updated_at"})


def edits_for(
    shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path, *, values: bool = False
) -> tuple[Variation, ...]:
    """Return every reachable single edit of ``path`` in a ctx that was built for ``shape`` and ``scenario``.

    Without ``values`` only what is missing, null or empty; with it also other values: other JSON
    types where a client or admin decides, alternatives of the identity schema, and something at a
    path where nothing stands. What the way of reaching the hook point decides (flow.active,
    whether there is a transient_payload, …) is never edited: other scenarios have it. Fields that
    the server always sends and required traits have no edits.
    """
    if not path or "*" in path or shape.field(path) is None:
        return ()
    found = (one for one in _edits(shape, scenario, ctx, path) if values or one.edit.op != "set")
    return tuple(
        one
        for one in found
        if _can_still_log_in(shape, scenario, ctx, one.edit)
        and (path[0] != "identity" or keeps_verified(scenario, ctx, apply_edit(ctx, one.edit)))
    )


def may_differ(path: Path) -> bool:
    """Tell whether a client, an admin or a person has a say in a ctx path: only then it can have edits."""
    if path[:2] == ("flow", "transient_payload") or path in _ASKED_FOR:
        return True
    if path[0] in ("request_headers", "request_cookies"):
        return len(path) <= 2
    if is_address(path):
        return True
    holder = _holder(path)
    return holder is not None and path[len(holder)] not in _SERVERS


def _holder(path: Path) -> Path | None:
    return next((one for one in HOLDERS if path[: len(one)] == one and len(path) > len(one)), None)


def _can_still_log_in(shape: Shape, scenario: Scenario, ctx: dict[str, Any], edit: Edit) -> bool:
    """Whether an edit leaves the person something to log in with.

    Kratos refuses to register and to save an identity without an identifier, unless a provider vouches for it.
    """
    holder = next((one for one in HOLDERS if edit.path[: len(one) + 1] == (*one, "traits")), None)
    by_provider = any(method == "oidc" for method, _aal, _provider in scenario.methods) or "oidc" in scenario.name
    if holder is None or shape.identity_schema is None or by_provider or shape.hook.method == "oidc":
        return True
    before, after = value_at(ctx, (*holder, "traits")), value_at(edit_alone(ctx, edit), (*holder, "traits"))
    return has_identifier(shape.identity_schema, after) or not has_identifier(shape.identity_schema, before)


def _edits(shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    if path[:2] == ("flow", "transient_payload"):
        yield from payload_edits(scenario, ctx, path)
    elif path[0] == "request_headers":
        yield from header_edits(shape, scenario, ctx, path)
    elif path[0] == "request_cookies":
        yield from cookie_edits(shape, scenario, ctx, path)
    elif path == URL:
        yield from url_edits(shape.kratos, ctx)
    elif is_address(path):
        yield from address_edits(ctx, path)
    elif path == NODES:
        yield from node_edits(shape.hook.flow, ctx)
    elif path in _ASKED_FOR:
        value, why = _ASKED_FOR[path]
        if has(ctx, path):
            yield Variation(Edit(path, "absent"), True, "the client does not ask for it")
        else:
            yield Variation(Edit(path, "set", value), True, why)
    else:
        holder = _holder(path)
        if holder is not None and value_at(ctx, holder) is not None:
            yield from identity_edits(shape, scenario, ctx, holder, path[len(holder) :])
