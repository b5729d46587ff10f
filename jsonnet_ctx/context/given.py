"""What a test gives and takes: ``given`` and ``without`` on top of a ctx, refused where it cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jsonnet_ctx.context.change import edit_alone, value_at
from jsonnet_ctx.context.new_addresses import with_addresses
from jsonnet_ctx.context.possible import require_possible
from jsonnet_ctx.context.same_person import follow, follow_copies
from jsonnet_ctx.ctx_path import Path, parse_ctx_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import LIST_OF


def apply_given(
    ctx: dict[str, Any],
    shape: Shape,
    given: Mapping[str, Any],
    without: Iterable[str] = (),
    *,
    allowlist: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return a copy of ``ctx`` with ``given`` set and then ``without`` taken away.

    ``given`` maps paths to values: a value replaces what was there, missing objects on the way
    are made. ``without`` of a path that is not there is fine, and of one that Kratos always sends
    too: the test means it. Traits given for a known identity schema keep the addresses in step,
    unless addresses are given as well, and get the objects that Kratos adds as ``{}``; the
    identity of the session is the same person. ``allowlist`` are the configured headers, None for
    the version's own list; the password migration hook sees every header (capture
    password_migration__api-migrate).

    Raises UsageError for a path that cannot be at the hook point, a value that Kratos never puts
    there, a trait that the identity schema forbids, a header outside the allow-list, and a text
    that is no path.
    """
    places = {_path(text): value for text, value in given.items()}
    dropped = [_path(text) for text in without]
    filtered = shape.hook.id != "password_migration"
    headers = header_allowlist(shape.kratos, allowlist) if filtered else None
    own_addresses = any(set(LIST_OF.values()) & set(path) for path in places)
    for path, value in places.items():
        require_possible(shape, ctx, path, value, headers)
        ctx = _set(ctx, shape, path, value, readdress=not own_addresses)
    for path in dropped:
        ctx = follow_copies(ctx, edit_alone(ctx, Edit(path, "absent")), path)
    return ctx


def _set(ctx: dict[str, Any], shape: Shape, path: Path, value: Any, *, readdress: bool) -> dict[str, Any]:
    if path[-1] == "traits" and isinstance(value, dict):
        value = _with_objects(value, shape, path)
    after = edit_alone(ctx, Edit(path, "set", value))
    if not readdress:
        return follow_copies(ctx, after, path)
    after = follow(ctx, after, path)
    at = path.index("traits") if "traits" in path else 0
    holder = path[:at]
    if at == 0 or holder[-1] != "identity" or shape.identity_schema is None:
        return after
    identity = value_at(after, holder)
    full = with_addresses(shape, holder, identity)
    if full == identity:
        return after
    return follow_copies(after, edit_alone(after, Edit(holder, "set", full)), path)


def _with_objects(value: dict[str, Any], shape: Shape, path: Path) -> dict[str, Any]:
    """The traits with the objects that are always there at this hook point (behaviours.json rows traits.*)."""
    full = dict(value)
    for field in shape.fields:
        if field.path[:-1] != path or field.presence != "always" or field.types != ("object",):
            continue
        key = str(field.path[-1])
        if isinstance(full.get(key, {}), dict):
            full[key] = _with_objects(full.get(key, {}), shape, field.path)
    return full


def _path(text: str) -> Path:
    try:
        return parse_ctx_path(text)
    except ValueError as problem:
        raise UsageError(str(problem), hint='write flow.id, identity.verifiable_addresses[0] or ["a.b"]') from problem
