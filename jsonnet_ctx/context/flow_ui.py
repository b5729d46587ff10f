"""ctx.flow.ui: the form that the flow shows, with its nodes and messages."""

from functools import cache
from typing import Any

from jsonnet_ctx.context.fabricate import base64_of, hex_of, uuid_of
from jsonnet_ctx.context.story import PUBLIC_URL, WEBSITE_URL, Story
from jsonnet_ctx.kratos.catalog_file import catalog

Json = dict[str, Any]

_SAVED = 1050001


def ui_of(story: Story, traits: Json | None) -> Json:
    """Return the form of the story; ``traits`` fill its inputs, None where nobody is known.

    In settings post_persist it is the form of a new flow with another id (captures
    settings.after.*.post_persist); settings.before has no nodes yet, which is null.
    """
    hook, form = story.shape.hook, story.scenario.form
    saved = hook.flow == "settings" and hook.persist == "post"
    done = hook.id == "verification.after"
    flow_id = story.other_flow_id if saved else story.flow_id
    ui: Json = {
        "action": WEBSITE_URL if done else f"{PUBLIC_URL}/self-service/{hook.flow}?flow={flow_id}",
        "method": "GET" if done else "POST",
        "nodes": None,
    }
    values = _placeholders(story, traits)
    if form is not None:
        ui["nodes"] = _nodes(story, form, traits, values)
    numbers = (_SAVED,) if saved else story.scenario.messages
    if numbers:
        ui["messages"] = [filled(_by_key("messages", "id", "message")[number], values) for number in numbers]
    return ui


def _nodes(story: Story, form: str, traits: Json | None, values: dict[str, str]) -> list[Json]:
    names = _by_key("forms", "form", "nodes")[form]
    nodes: list[Json] = []
    for name in names:
        if name.startswith("traits:"):
            _word, group, *hidden = name.split(":")
            nodes += _trait_nodes(story, traits, group, hidden=bool(hidden))
        else:
            nodes.append(filled(_by_key("nodes", "name", "node")[name], values))
    return nodes


def _trait_nodes(story: Story, traits: Json | None, group: str, *, hidden: bool) -> list[Json]:
    """One input a trait; only a form that was submitted or shows a profile holds the values."""
    shown = hidden or group == "profile"
    return [
        _trait_node(name, value, group, "hidden" if hidden else _input_type(name, value), shown=shown)
        for name, value in _leaves("traits", story.traits if traits is None else traits)
    ]


def _trait_node(name: str, value: Any, group: str, type_: str, *, shown: bool) -> Json:
    title = name.rpartition(".")[2].replace("_", " ").capitalize()
    attributes: Json = {"name": name, "type": type_}
    if shown and isinstance(value, str | int | float):
        attributes["value"] = value
    if name == "traits.email":
        attributes |= {"required": True, "autocomplete": "email"}
    label = {"id": 1070002, "text": title, "type": "info", "context": {"name": name, "title": title}}
    return {
        "type": "input",
        "group": group,
        "attributes": {**attributes, "disabled": False, "node_type": "input"},
        "messages": [],
        "meta": {"label": label},
    }


def _leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [(name, value)]
    return [leaf for key, item in value.items() for leaf in _leaves(f"{name}.{key}", item)]


def _input_type(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, int | float):
        return "number"
    return "email" if name.endswith("email") else "text"


def _placeholders(story: Story, traits: Json | None) -> dict[str, str]:
    """What stands for the placeholders of nodes and messages."""
    email = next(
        (value for _name, value in _leaves("traits", traits or {}) if isinstance(value, str) and "@" in value), ""
    )
    return {
        "{csrf_token}": story.csrf_token,
        "{email}": email,
        "{public}": PUBLIC_URL,
        "{website}": WEBSITE_URL,
        "{nonce}": uuid_of(story.seed, "nonce"),
        "{challenge}": base64_of(story.seed, "challenge").rstrip("="),
        "{totp_secret}": hex_of(story.seed, "totp", 32).upper(),
    }


def filled(value: Any, values: dict[str, str]) -> Any:
    """A copy of a node or message with its placeholders filled in."""
    if isinstance(value, dict):
        return {key: filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, values) for item in value]
    if isinstance(value, str) and "{" in value:
        for placeholder, text in values.items():
            value = value.replace(placeholder, text)
    return value


@cache
def _by_key(table: str, key: str, value: str) -> dict[Any, Any]:
    return {row[key]: row[value] for row in catalog(table)}
