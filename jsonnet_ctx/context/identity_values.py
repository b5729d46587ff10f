"""ctx.identity as Kratos makes it, from traits and an identity schema."""

import base64
from typing import Any

from jsonnet_ctx.context.fabricate import NIL_UUID, ZERO_TIME, time_of, uuid_of
from jsonnet_ctx.context.story import PUBLIC_URL, Story
from jsonnet_ctx.kratos.trait_addresses import LIST_OF, Address, addresses_of

_DAY = 86400

Json = dict[str, Any]


def identity_of(story: Story, *, before: bool = False) -> Json:
    """Return the identity of the story; with ``before`` as it was before a settings change.

    Keys that the shape does not know are the caller's to drop. Source: captures, every hook
    point with an identity; nil ids and zero times before a registration is stored.
    """
    traits = story.former_traits if before else story.traits
    created = _created(story)
    identity: Json = {
        "id": uuid_of(story.seed, "identity") if story.is_stored else NIL_UUID,
        "schema_id": story.schema_id,
        "schema_url": schema_url(story.schema_id) if story.is_stored else "",
        "state": "active",
        "state_changed_at": _state_changed_at(story, created, before=before),
        "traits": traits,
        "metadata_public": None,
        "created_at": time_of(story.seed, "identity", created, digits=6) if story.is_stored else ZERO_TIME,
        "updated_at": _updated_at(story, created, before=before),
        "organization_id": None,
    }
    for address in _addresses(story, traits):
        row = _address(story, address, created, before=before)
        identity.setdefault(LIST_OF[address.kind], []).append(row)
    return identity


def schema_url(schema_id: str) -> str:
    """Return where Kratos serves an identity schema: its id in unpadded base64url."""
    return f"{PUBLIC_URL}/schemas/{base64.urlsafe_b64encode(schema_id.encode()).decode().rstrip('=')}"


def _created(story: Story) -> float:
    """Seconds from the hook to the identity's creation: just now at registration, else a month ago."""
    return -0.01 if story.shape.hook.flow == "registration" else -30 * _DAY


def _state_changed_at(story: Story, created: float, *, before: bool) -> str | None:
    """Lost when the profile form changes traits (captures settings.after.profile.*)."""
    if story.scenario.changes_traits and not before:
        return None
    return time_of(story.seed, "state changed", created - 1)


def _updated_at(story: Story, created: float, *, before: bool) -> str:
    if not story.is_stored:
        return ZERO_TIME
    if story.scenario.touched and not before:
        return time_of(story.seed, "identity update", 0, digits=6)
    return time_of(story.seed, "identity", created, digits=6)


def _addresses(story: Story, traits: Json) -> tuple[Address, ...]:
    """The addresses of the traits; the e-mail address is one where no schema says which are."""
    schema = story.shape.identity_schema
    if schema is not None:
        return addresses_of(schema, traits)
    return tuple(Address(kind, "email", traits["email"], ("email",)) for kind in ("verification", "recovery"))


def _address(story: Story, address: Address, created: float, *, before: bool) -> Json:
    stored = story.is_stored
    name = f"{address.kind}/{address.value}"
    moment = time_of(story.seed, "identity", created, digits=6) if stored else ZERO_TIME
    row: Json = {"id": uuid_of(story.seed, name) if stored else NIL_UUID, "value": address.value}
    if address.kind == "verification":
        proven = story.scenario.verified and not before
        status = "sent" if stored and story.scenario.identity != "admin" else "pending"
        row |= {"verified": proven, "via": address.via, "status": "completed" if proven else status}
        if proven:
            row["verified_at"] = time_of(story.seed, "verified", -0.05)
    else:
        row["via"] = address.via
    return {**row, "created_at": moment, "updated_at": moment}
