"""What can differ about the devices of a session: the address, by what stands between the client and Kratos."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import value_at
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit


def is_address(path: Path) -> bool:
    """Whether a path is the address of a device."""
    return path[:2] == ("session", "devices") and path[3:] == ("ip_address",)


def address_edits(ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """The address without a port, as it comes from a proxy's header (capture login.after.password__api-headers)."""
    address = value_at(ctx, path)
    host, mark, _port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
    if mark:
        yield Variation(Edit(path, "set", host), True, "a proxy tells the address, without a port")
