"""The client of a case beside the type of the flow that it gives: one says what the other is."""

from jsonnet_ctx.cases.contexts import Edits
from jsonnet_ctx.cases.refuse import wrong
from jsonnet_ctx.kratos.effect_rows import Client
from jsonnet_ctx.project.entry import Entry

_CLIENTS: dict[str, tuple[Client, ...]] = {"api": ("api",), "browser": ("browser", "spa")}
"""Which clients have a flow of this type."""


def clients_given(clients: tuple[Client, ...], edits: Edits) -> tuple[Client, ...]:
    """The clients that are named, else the one that the given ``flow.type`` is of, else none.

    Raises FileError where a named client never has a flow of that type.
    """
    entry = _flow_type(edits)
    fitting = _CLIENTS.get(entry.value) if entry is not None and isinstance(entry.value, str) else None
    if entry is None or fitting is None:
        return clients
    for client in clients:
        if client not in fitting:
            own = next(kind for kind, of in _CLIENTS.items() if client in of)
            hint = f"leave it out, or say client: {fitting[0]}"
            raise wrong(entry, f"the flow of {client} clients has the type {own}, not {entry.value}", hint=hint)
    return clients or fitting[:1]


def _flow_type(edits: Edits) -> Entry | None:
    """Where the edits give the type of the flow."""
    flow = edits.given.get("flow")
    return edits.given.get("flow.type") or (flow.get("type") if flow is not None else None)
