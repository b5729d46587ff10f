"""Fields whose presence the way of reaching a hook point decides."""

from collections.abc import Callable, Sequence

from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.records import replace

Decision = tuple[str, str | None, bool, bool]

_VALUE_OF: dict[str, Callable[[Scenario], str | None]] = {
    "transient_payload": lambda way: None if way.transient_payload == "absent" else way.transient_payload,
    "active": lambda way: way.active,
    "session_token_exchange_code": lambda way: "code" if way.exchange_code else None,
}


def decision_of(way: Scenario) -> Decision:
    """Return what of a way :func:`decided` looks at."""
    return (way.transient_payload, way.active, way.exchange_code, bool(way.messages))


def decided(field: Field, ways: Sequence[Scenario], hook: HookPoint) -> Field:
    """Return a ``scenario`` field as these ways make it: always, optional or never there.

    Other fields are returned unchanged.
    """
    if field.path == ("flow", "transient_payload", "*") and all(way.transient_payload != "client" for way in ways):
        return replace(field, presence="never", note="The client's payload does not come this far")
    if field.path == ("flow", "ui", "messages") and field.presence == "optional" and all(way.messages for way in ways):
        return replace(field, presence="always")  # captures of ways that show one, such as verification.after
    if field.presence != "scenario":
        return field
    key = str(field.path[-1])
    values = {_VALUE_OF[key](way) for way in ways}
    if values == {None}:
        reason = "Nothing was submitted yet" if hook.phase == "before" and key == "transient_payload" else field.note
        return replace(field, presence="never", note=reason)
    presence = "optional" if None in values else "always"
    enum = tuple(sorted(value for value in values if value)) if key == "active" and hook.method != "global" else ()
    types = ("null",) if values == {"null"} else field.types
    return replace(field, types=types, presence=presence, nullable="null" in values, enum=enum)
