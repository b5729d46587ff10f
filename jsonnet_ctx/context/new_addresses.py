"""Address lists of an identity as its traits and the identity schema make them."""

import uuid
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.schema_branch import listed
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import LIST_OF, Address, addresses_of

_NIL = "00000000-0000-0000-0000-000000000000"


def with_addresses(shape: Shape, holder: Path, identity: Any) -> Any:
    """Return the identity at ``holder`` with exactly the addresses that its traits make.

    Those that are there stay as they are; new ones are unverified, with the identity's times and
    an id made from their value. Without an identity schema the identity is returned unchanged.
    """
    if shape.identity_schema is None or not isinstance(identity, dict):
        return identity
    wanted = addresses_of(shape.identity_schema, identity.get("traits"))
    full = dict(identity)
    for kind, key in LIST_OF.items():
        if shape.field((*holder, key)) is None:
            continue
        made = [_one(shape, identity, listed(identity.get(key)), address) for address in wanted if address.kind == kind]
        full.pop(key, None)
        if made:
            full[key] = made
    return full if full != identity else identity


def _one(shape: Shape, identity: dict[str, Any], held: list[Any], address: Address) -> dict[str, Any]:
    for entry in held:
        if isinstance(entry, dict) and (entry.get("value"), entry.get("via")) == (address.value, address.via):
            return entry
    stored = not (shape.hook.flow == "registration" and shape.hook.persist == "pre")
    made = uuid.uuid5(uuid.NAMESPACE_URL, f"{address.kind}:{address.value}")
    entry = {"id": str(made) if stored else _NIL, "value": address.value}
    if address.kind == "verification":
        entry |= {"verified": False, "via": address.via, "status": "pending"}
    else:
        entry["via"] = address.via
    return {**entry, "created_at": identity.get("created_at"), "updated_at": identity.get("updated_at")}
