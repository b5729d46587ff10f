"""Which flows and methods a config switches on, off, or leaves to Kratos's defaults."""

from typing import Any

from jsonnet_ctx.project.config_keys import config_keys
from jsonnet_ctx.project.entry import Entry


def flow_is_off(root: Entry, flow: str) -> bool:
    """Whether ``selfservice.flows.<flow>.enabled`` is false in so many words."""
    return root.value_at("selfservice", "flows", flow, "enabled") is False


def flow_default_off(root: Entry, flow: str) -> bool:
    """Whether the flow is left to a default that is off (recovery and verification)."""
    rows = [row for row in config_keys()["flow_switches"] if row["flow"] == flow]
    is_given = root.get("selfservice", "flows", flow, "enabled") is not None
    return bool(rows) and not is_given and not rows[0]["default"]


def method_is_off(root: Entry, flow: str, method: str) -> bool:
    """Whether ``selfservice.methods.<method>`` switches the method off for this flow in so many words.

    The code method signs people in by switches of its own (``passwordless_enabled``,
    ``mfa_enabled``); there the first one must say false and none may say true.
    """
    keys = _switch(flow, method)["keys"]
    given = [root.value_at("selfservice", "methods", method, key) for key in keys]
    return given[0] is False and True not in given


def method_may_run(root: Entry, flow: str, method: str) -> bool:
    """Whether people can use the method here, as far as this file tells.

    Switched on, or left to a default that is on. A file without ``selfservice.methods`` is
    taken for a part of a configuration: then any method may be on.
    """
    if root.get("selfservice", "methods") is None:
        return True
    switch = _switch(flow, method)
    given = [root.value_at("selfservice", "methods", method, key) for key in switch["keys"]]
    return any(value is True for value in given) or (given[0] is None and bool(switch["default"]))


def _switch(flow: str, method: str) -> dict[str, Any]:
    """The first row that fits; the last row fits everything."""
    rows: list[dict[str, Any]] = config_keys()["method_switches"]
    return next(row for row in rows if row["flow"] in (flow, "*") and row["method"] in (method, "*"))
