"""ctx.session as Kratos makes it: the session that a login makes or a settings change uses."""

from typing import Any

from jsonnet_ctx.context.fabricate import NIL_UUID, number_of, time_of, uuid_of
from jsonnet_ctx.context.request_values import user_agent
from jsonnet_ctx.context.story import Story

_DAY = 86400


def session_of(story: Story, identity: dict[str, Any]) -> dict[str, Any]:
    """Return the session of the story, held by ``identity``.

    A new session has the nil id and one device with a nil id; an upgraded one is stored and
    gets this request's device added; a stored one is as it was (captures login.after.*,
    settings.after.*).
    """
    kind = story.scenario.session
    moment = -300.0 if kind == "stored" else -0.001
    return {
        "id": NIL_UUID if kind == "new" else uuid_of(story.seed, "session"),
        "active": True,
        "expires_at": time_of(story.seed, "session", moment + _DAY),
        "authenticated_at": time_of(story.seed, "session", moment),
        "authenticator_assurance_level": story.scenario.session_aal,
        "authentication_methods": _methods(story, moment),
        "issued_at": time_of(story.seed, "session", moment),
        "identity": identity,
        "devices": _devices(story, kind),
    }


def _methods(story: Story, moment: float) -> list[dict[str, Any]]:
    rows = []
    entries = story.scenario.methods
    for index, (method, aal, provider) in enumerate(entries):
        at = moment - 1 - 20 * (len(entries) - 1 - index)
        row = {"method": method, "aal": aal, "completed_at": time_of(story.seed, f"method {index}", at)}
        rows.append({**row, "provider": provider} if provider else row)
    return rows


def _devices(story: Story, kind: str) -> list[dict[str, Any]]:
    ids = {"new": [NIL_UUID], "stored": [uuid_of(story.seed, "device")]}
    address = f"203.0.113.{1 + number_of(story.seed, 'address', 250)}:{40000 + number_of(story.seed, 'port', 20000)}"
    agent = user_agent(story.scenario.client)
    return [
        {"id": id_, "ip_address": address, "user_agent": agent, "location": ""}
        for id_ in ids.get(kind, [uuid_of(story.seed, "device"), NIL_UUID])
    ]
