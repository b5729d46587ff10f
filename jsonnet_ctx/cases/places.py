"""Where a case runs: its hook points, Kratos versions and clients."""

from collections.abc import Iterator
from functools import lru_cache

from jsonnet_ctx.cases.refuse import placed, require_word, strings, wrong
from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_since, select_hook_points
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.versions import parse_version, reaches
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.records import Frozen


class Place(Frozen):
    """One hook point of one version reached by one client."""

    hook: HookPoint
    kratos: str
    client: Client


def read_hooks(entry: Entry | None) -> tuple[HookPoint, ...]:
    """The hook points that ``hook`` selects; empty where the word is missing. Raises FileError."""
    if entry is None:
        return ()
    found: dict[HookPoint, None] = {}
    for item in strings(entry, "hook"):
        try:
            found |= dict.fromkeys(select_hook_points(item.value))
        except UnknownName as error:
            raise placed(item, error) from error
    return tuple(found)


def read_versions(entry: Entry | None) -> tuple[str, ...]:
    """The versions that ``kratos`` names; empty where the word is missing. Raises FileError."""
    if entry is None:
        return ()
    found: dict[str, None] = {}
    for item in strings(entry, "kratos"):
        try:
            found[parse_version(item.value)] = None
        except UnknownName as error:
            raise placed(item, error) from error
    return tuple(found)


def read_clients(entry: Entry | None) -> tuple[Client, ...]:
    """The clients that ``client`` names; empty where the word is missing. Raises FileError."""
    if entry is None:
        return ()
    named = strings(entry, "client")
    for item in named:
        require_word(item, item.value, CLIENTS, "client")
    return tuple(client for client in CLIENTS if any(item.value == client for item in named))


def places(
    hooks: tuple[HookPoint, ...], versions: tuple[str, ...], clients: tuple[Client, ...], entry: Entry
) -> tuple[Place, ...]:
    """Every place where a case runs.

    A hook point that a version lacks or a named client never reaches is left out; FileError where
    none remains. Without a client an API client is taken where one can come, else the first that can.
    """
    found = _found(hooks, versions, clients)
    if not found:
        by = f" by {' or '.join(clients)} clients" if clients else ""
        where = ", ".join(hook.id for hook in hooks[:3])
        since = f"{hooks[0].id} exists since {hook_since(hooks[0])}"
        raise wrong(entry, f"{where} is never reached{by} in kratos {', '.join(versions)}", hint=since)
    return found


@lru_cache(maxsize=64)  # most cases of a file run at the same places
def _found(hooks: tuple[HookPoint, ...], versions: tuple[str, ...], clients: tuple[Client, ...]) -> tuple[Place, ...]:
    return tuple(place for hook in hooks for kratos in versions for place in _reached(hook, kratos, clients))


def _reached(hook: HookPoint, kratos: str, clients: tuple[Client, ...]) -> Iterator[Place]:
    if not reaches(kratos, hook_since(hook)):
        return
    there = [way.client for way in scenarios(hook, kratos)]
    if not clients:
        first = "api" if "api" in there else there[0]
        yield from (Place(hook, kratos, client) for client in CLIENTS if client == first)
    yield from (Place(hook, kratos, client) for client in clients if client in there)


def suffix_of(place: Place, among: tuple[Place, ...]) -> str:
    """What tells a place from the others, of each there is more than one of: ``login.before-v26.2.0``."""
    parts = (
        (place.hook.id, {other.hook for other in among}),
        (place.kratos, {other.kratos for other in among}),
        (place.client, {other.client for other in among}),
    )
    return "-".join(name for name, all_of_them in parts if len(all_of_them) > 1)
