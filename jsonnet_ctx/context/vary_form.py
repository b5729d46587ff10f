"""What can differ about the form of a flow: the nodes that a method of the config adds."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import value_at
from jsonnet_ctx.context.fabricate import uuid_of
from jsonnet_ctx.context.flow_ui import filled
from jsonnet_ctx.context.story import PUBLIC_URL
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.catalog_file import catalog

NODES: Path = ("flow", "ui", "nodes")
_WITH_SCRIPT = frozenset({"login", "registration", "settings"})


def node_edits(flow: str, ctx: dict[str, Any]) -> Iterator[Variation]:
    """One node more: the script that webauthn and passkey bring, which has no name and no value.

    Captures login.before and login.after.password of configs that enable them; a config that does
    not has none, so it is not ordinary.
    """
    nodes = value_at(ctx, NODES)
    if flow not in _WITH_SCRIPT or not isinstance(nodes, list) or not nodes:
        return
    if all(isinstance(node, dict) and node.get("type") != "script" for node in nodes):
        row = next(row["node"] for row in catalog("nodes") if row["node"]["type"] == "script")
        script = filled(row, {"{public}": PUBLIC_URL, "{nonce}": uuid_of(0, "nonce")})
        yield Variation(Edit((*NODES, len(nodes)), "set", script), False, "the config enables webauthn or passkey")
