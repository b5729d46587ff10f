"""Fabricated contexts: what Kratos would pass to a template at a hook point."""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonnet_ctx.context.fit import fitted
from jsonnet_ctx.context.flow_values import flow_of
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.context.identity_values import identity_of
from jsonnet_ctx.context.request_values import cookies_of, headers_of
from jsonnet_ctx.context.session_values import session_of
from jsonnet_ctx.context.story import told
from jsonnet_ctx.ctx_path import parse_path
from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.hook_point import HookPoint, parse_hook_point
from jsonnet_ctx.kratos.scenario import Scenario, scenario_named, scenarios
from jsonnet_ctx.kratos.shape import Shape, narrowed, shape_of
from jsonnet_ctx.kratos.versions import LATEST, parse_version

CLIENTS = ("api", "browser", "spa")


def build(
    shape: Shape,
    scenario: Scenario,
    *,
    seed: int = 0,
    minimal: bool = False,
    allowlist: tuple[str, ...] | None = None,
    schema_id: str = "default",
) -> dict[str, Any]:
    """Return the ctx of one way of reaching the shape's hook point; the same for the same arguments.

    ``minimal`` leaves every optional key out. ``allowlist`` is what
    :func:`jsonnet_ctx.kratos.headers.header_allowlist` returned, None for the version's default.
    """
    story = told(shape, scenario, seed, minimal=minimal, schema_id=schema_id)
    changes = shape.hook.flow == "settings"
    before = identity_of(story, before=True) if changes else None
    identity = identity_of(story)
    ctx = {
        "flow": flow_of(story, identity, before),
        "request_headers": headers_of(story, allowlist),
        "request_method": scenario.request_method,
        "request_url": story.request_url,
        "request_cookies": cookies_of(story),
        "identity": identity,
        "session": session_of(story, before if before is not None else identity),
        "password": "correct-horse-battery",
        "identifier": next(iter(_addresses(identity)), "ada"),
    }
    return fitted(ctx, narrowed(shape, scenario), minimal=minimal)


def kratos_ctx(  # noqa: PLR0913 - the call that tests make: each word is one that the command line has too
    hook: str | HookPoint,
    *,
    kratos: str = LATEST,
    client: str = "api",
    given: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    identity_schema: dict[str, Any] | None = None,
    seed: int = 0,
    minimal: bool = False,
    scenario: str | None = None,
) -> dict[str, Any]:
    """Return a ctx as Kratos makes it at a hook point, changed by ``given`` and ``without``.

    ``client`` picks the first way of reaching the hook point with that client; hook points
    that API clients never reach (webauthn, passkey) are taken with a browser, and so are values
    that only a browser can bring there. ``scenario``
    picks a way by name. ``given`` maps ctx paths to values, ``without`` lists paths to drop.
    Raises UnknownName for an unknown hook point, version, client or scenario, UsageError for a
    version without the hook point and for a path that cannot be there.
    """
    point = parse_hook_point(hook) if isinstance(hook, str) else hook
    version = parse_version(kratos)
    shape = shape_of(point, kratos=version, identity_schema=identity_schema)
    way = _way(shape, client, scenario, tuple(given or {}))
    ctx = build(shape, way, seed=seed, minimal=minimal, allowlist=header_allowlist(version))
    return apply_given(ctx, shape, given or {}, without)


def _way(shape: Shape, client: str, scenario: str | None, given: tuple[str, ...]) -> Scenario:
    """The named way, or the first of this client that can have every given path."""
    if client not in CLIENTS:
        raise UnknownName("client", client, CLIENTS)
    if scenario is not None:
        return scenario_named(shape.hook, shape.kratos, scenario)
    ways = sorted(scenarios(shape.hook, shape.kratos), key=lambda way: way.client != client)
    return next((way for way in ways if all(_can_have(shape, way, path) for path in given)), ways[0])


def _can_have(shape: Shape, way: Scenario, path: str) -> bool:
    """Whether this way decides against a path; what the shape itself lacks is not its business."""
    try:
        parts = parse_path(path)
    except ValueError:
        return True  # apply_given says what is wrong with it
    return shape.field(parts) is None or narrowed(shape, way).field(parts) is not None


def _addresses(identity: dict[str, Any]) -> list[str]:
    """The address values, first those that verify: what a person types as the identifier."""
    lists = (identity.get("verifiable_addresses", []), identity.get("recovery_addresses", []))
    return [address["value"] for addresses in lists for address in addresses]
