"""ctx.flow as Kratos makes it at the moment the hook runs."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonnet_ctx.context.fabricate import ZERO_TIME, hex_of, time_of, uuid_of
from jsonnet_ctx.context.flow_ui import ui_of
from jsonnet_ctx.context.story import WEBSITE_URL, Story

_LIFESPAN = 3600
_PAYLOADS: dict[str, Any] = {"client": {}, "empty": {}, "null": None}


def flow_of(story: Story, identity: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    """Return the flow of the story; ``before`` is the identity that settings flows hold, None elsewhere.

    Holds every key that some flow type has; the caller drops those that the shape does not know.
    """
    scenario, hook = story.scenario, story.shape.hook
    issued = 0.0 if hook.phase == "before" else -60.0
    stored = ZERO_TIME if hook.phase == "before" else time_of(story.seed, "flow row", issued + 1, digits=6)
    flow: dict[str, Any] = {
        "id": story.flow_id,
        "type": "api" if scenario.client == "api" else "browser",
        "expires_at": time_of(story.seed, "flow", issued + _LIFESPAN),
        "issued_at": time_of(story.seed, "flow", issued),
        "request_url": story.flow_request_url,
        "ui": ui_of(story, None if hook.phase == "before" else story.traits),
        "organization_id": None,
        "created_at": stored,
        "updated_at": stored,
        "refresh": scenario.refresh,
        "requested_aal": scenario.requested_aal,
    }
    return_to = parse_qs(urlsplit(story.flow_request_url).query).get("return_to")
    decided = {
        "return_to": return_to[0] if return_to else None,
        "active": scenario.active,
        "state": scenario.state,
        "session_token_exchange_code": hex_of(story.seed, "exchange code", 64) if scenario.exchange_code else None,
        "identity": before,
        "continue_with": _next_steps(story, identity) or None,
    }
    flow |= {key: value for key, value in decided.items() if value is not None}
    if scenario.transient_payload != "absent":
        flow["transient_payload"] = _PAYLOADS[scenario.transient_payload]
    return flow


def _next_steps(story: Story, identity: dict[str, Any]) -> list[dict[str, Any]]:
    """The verification of every address that is not verified, where the flow tells of it; only browsers get a URL."""
    if not story.scenario.continues:
        return []
    open_addresses = [row["value"] for row in identity.get("verifiable_addresses", []) if not row["verified"]]
    return [_verification(story, address) for address in open_addresses]


def _verification(story: Story, address: str) -> dict[str, Any]:
    flow_id = uuid_of(story.seed, f"next flow/{address}")
    url = {} if story.scenario.client == "api" else {"url": f"{WEBSITE_URL}verification?flow={flow_id}"}
    return {"action": "show_verification_ui", "flow": {"id": flow_id, "verifiable_address": address, **url}}
