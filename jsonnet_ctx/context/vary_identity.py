"""What can differ about an identity: traits by its schema, metadata by an admin, addresses by both."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import edit_alone, has, value_at
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.context.vary_traits import former_edits, trait_edits
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import LIST_OF, addresses_of
from jsonnet_ctx.kratos.traits import traits_place

_ORGANIZATION = "7d1c5b0e-3f0a-4f6e-9a55-0a4c1f1f2b3c"
_VERIFIED_KEYS = ("verified", "verified_at", "status")


def identity_edits(
    shape: Shape, scenario: Scenario, ctx: dict[str, Any], holder: Path, below: Path
) -> Iterator[Variation]:
    """Edits of one path below the identity that stands at ``holder``."""
    path, key = (*holder, *below), below[0]
    if key == "traits":
        yield from trait_edits(shape, ctx, path, below[1:])
        if holder == ("flow", "identity") and scenario.changes_traits:
            yield from former_edits(shape, ctx, path, below[1:])
    elif key == "metadata_public":
        yield from _metadata_edits(ctx, path, holder)
    elif key in LIST_OF.values():
        yield from _address_edits(shape, scenario, ctx, path, below)
    elif key == "external_id" and len(below) == 1:
        if has(ctx, path):
            yield Variation(Edit(path, "absent"), True, "no admin has set it")
        else:
            yield Variation(Edit(path, "set", "crm-1"), True, "an admin has set it")
    elif key == "organization_id" and len(below) == 1 and value_at(ctx, path) is None:
        yield Variation(Edit(path, "set", _ORGANIZATION), False, "the identity belongs to an organization")
    elif key == "state_changed_at" and len(below) == 1:
        yield from _state_changed_edits(shape, ctx, path)


def keeps_verified(scenario: Scenario, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a ctx of somebody who has just verified an address still has one that is."""
    return not scenario.verified or _is_verified(after) or not _is_verified(before)


def _is_verified(ctx: dict[str, Any]) -> bool:
    addresses = value_at(ctx, ("identity", "verifiable_addresses")) or ()
    return any(isinstance(address, dict) and address.get("verified") is True for address in addresses)


def _metadata_edits(ctx: dict[str, Any], path: Path, holder: Path) -> Iterator[Variation]:
    """Null until an admin sets it (capture login.after.password__api-admin-metadata).

    Whoever writes the template knows what types the admins write, so those are not varied.
    """
    whole = (*holder, "metadata_public")
    held = value_at(ctx, whole)
    if path == whole:
        if held is None:
            yield Variation(Edit(path, "set", {}), False, "an admin sets an object without keys")
        else:
            yield Variation(Edit(path, "null"), True, "no admin has set it")
        return
    if has(ctx, path):
        yield Variation(Edit(path, "absent"), False, "the metadata lacks it")
    elif held is None or isinstance(value_at(ctx, path[:-1]), dict):
        yield Variation(Edit(path, "set", "text"), True, "an admin has set it", guessed=True)


def _address_edits(
    shape: Shape, scenario: Scenario, ctx: dict[str, Any], path: Path, below: Path
) -> Iterator[Variation]:
    field = shape.field(path)
    if shape.identity_schema is not None:
        yield from _trait_behind(shape, ctx, path[: len(path) - len(below)], str(below[0]))
    elif len(below) == 1 and field is not None and field.presence == "optional" and has(ctx, path):
        yield Variation(Edit(path, "absent"), False, "the identity schema, not given here, marks no address")
    if len(below) == 1:
        return
    item = path[: len(path) - len(below) + 2]
    address = value_at(ctx, item)
    if scenario.verified and len(below) == 3 and isinstance(address, dict):
        yield from _unproven_edits(ctx, item, address)
    settled = scenario.verified or shape.hook.flow == "registration"
    if settled or not isinstance(address, dict) or len(below) != 3 or below[2] not in _VERIFIED_KEYS:
        return
    if address.get("verified") is False:
        proven = {**address, "verified": True, "status": "completed", "verified_at": address.get("updated_at")}
        yield Variation(Edit(item, "set", proven), True, "the person has verified the address")
        other = "pending" if address.get("status") == "sent" else "sent"
        yield Variation(Edit((*item, "status"), "set", other), True, f"the address is {other}")


def _unproven_edits(ctx: dict[str, Any], item: Path, address: dict[str, Any]) -> Iterator[Variation]:
    """After a verification one address is verified; of several it may be another one than this.

    The whole list is one edit, so that no two of them leave none that is verified.
    """
    addresses = value_at(ctx, item[:-1])
    others = [other for other in addresses if other is not address and isinstance(other, dict)]
    if address.get("verified") is True and any(other.get("verified") is True for other in others):
        open_one = {key: value for key, value in address.items() if key != "verified_at"}
        unproven = {**open_one, "verified": False, "status": "sent"}
        changed = [unproven if one is address else one for one in addresses]
        yield Variation(Edit(item[:-1], "set", changed), True, "the person has verified another address")


def _trait_behind(shape: Shape, ctx: dict[str, Any], holder: Path, kind: str) -> Iterator[Variation]:
    """Take the traits away that addresses are made of, one by one and all at once: the addresses go with them."""
    schema = shape.identity_schema or {}
    traits = value_at(ctx, (*holder, "traits"))
    marked = [address for address in addresses_of(schema, traits) if LIST_OF[address.kind] == kind]
    gone = [
        variation
        for address in marked
        for variation in trait_edits(shape, ctx, (*holder, "traits", *address.path), address.path)
        if variation.edit.op == "absent"
    ]
    yield from gone
    if len(gone) > 1:
        bare = ctx
        for variation in gone:
            bare = edit_alone(bare, variation.edit)
        left = value_at(bare, (*holder, "traits"))
        if is_valid(traits_place(schema), left):
            yield Variation(Edit((*holder, "traits"), "set", left), True, "the person has no such address")


def _state_changed_edits(shape: Shape, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """Null when the person changes a trait, absent ever after (behaviours.json row traits.settings-email-only)."""
    field = shape.field(path)
    if field is None or not has(ctx, path):
        return
    if field.presence == "optional":
        yield Variation(Edit(path, "absent"), True, "the person changed a trait before")
    if field.nullable and value_at(ctx, path) is not None:
        yield Variation(Edit(path, "null"), True, "the person changed a trait just now")
