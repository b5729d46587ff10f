"""One person in all of a ctx: copies of the identity and addresses follow a change of the traits."""

from typing import Any

from jsonnet_ctx.context.change import value_at
from jsonnet_ctx.ctx_path import Path

_COPIES: tuple[Path, ...] = (("identity",), ("session", "identity"))
_ADDRESS_LISTS = ("verifiable_addresses", "recovery_addresses")


def follow(before: dict[str, Any], after: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return ``after``, which differs from ``before`` at ``path``, with the rest of the same person changed along.

    An address whose value is that of a trait before gets the new value, or goes when the trait
    went; a list without addresses goes too, as Kratos sends none. Then the copies follow (see
    :func:`follow_copies`).
    """
    holder = _holder(path)
    if holder is not None and path[len(holder)] == "traits":
        after = _with(after, holder, _readdressed(_at(before, holder), _at(after, holder), path[len(holder) + 1 :]))
    return follow_copies(before, after, path)


def follow_copies(before: dict[str, Any], after: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return ``after`` with ``identity`` and ``session.identity`` still equal where they were ``before``.

    Kratos writes both from one record (captures login.after.*). ``flow.identity`` of a settings
    flow keeps its own state: it is the person before the change.
    """
    holder = _holder(path)
    if holder is None:
        return after
    for copy in _COPIES:
        if copy != holder and _at(before, copy) is not None and _at(before, copy) == _at(before, holder):
            after = _with(after, copy, _at(after, holder))
    return after


def _holder(path: Path) -> Path | None:
    return next((copy for copy in _COPIES if path[: len(copy)] == copy and len(path) > len(copy)), None)


def _readdressed(before: Any, after: Any, changed_at: Path) -> Any:
    """The identity ``after`` with the addresses that were traits of ``before`` moved to the new values.

    ``changed_at`` is the path below the traits at which they differ.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    old = _texts(value_at(before.get("traits"), changed_at))
    new = _texts(value_at(after.get("traits"), changed_at))
    moved = {text: new.get(path) for path, text in old.items() if new.get(path) != text}
    if not moved:
        return after
    kept_texts = set(_texts(after.get("traits")).values())
    moved = {text: value for text, value in moved.items() if text not in kept_texts}
    changed = dict(after)
    for key in _ADDRESS_LISTS:
        addresses = after.get(key)
        if not isinstance(addresses, list) or not any(_value(address) in moved for address in addresses):
            continue
        kept = [_moved(address, moved) for address in addresses]
        changed[key] = [address for address in kept if address is not None]
        if not changed[key]:
            del changed[key]
    return changed


def _moved(address: Any, moved: dict[str, str | None]) -> Any:
    if _value(address) not in moved:
        return address
    value = moved[_value(address)]
    return None if value is None else {**address, "value": value}


def _value(address: Any) -> Any:
    return address.get("value") if isinstance(address, dict) else None


def _texts(traits: Any) -> dict[Path, str]:
    """Every non-empty string in the traits by its path."""
    found: dict[Path, str] = {}
    stack: list[tuple[Path, Any]] = [((), traits)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend(((*path, key), item) for key, item in value.items())
        elif isinstance(value, list):
            stack.extend(((*path, index), item) for index, item in enumerate(value))
        elif isinstance(value, str) and value:
            found[path] = value
    return found


def _at(ctx: Any, path: Path) -> Any:
    for part in path:
        ctx = ctx.get(part) if isinstance(ctx, dict) else None
    return ctx


def _with(ctx: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    head, *rest = path
    return {**ctx, str(head): _with(ctx[str(head)], tuple(rest), value) if rest else value}
