"""Global hooks that method lists replace: a method list with any usable hook hides the global one."""

import json
from collections.abc import Sequence

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.hook_lists import HookItem, HookList, methods_of
from jsonnet_ctx.project.switches import method_may_run
from jsonnet_ctx.records import Frozen


class Shadow(Frozen):
    """For which methods a global hook does not run; ``is_full`` when it runs for none."""

    reason: str
    message: str
    severity: Severity
    hint: str
    effect: str
    is_full: bool


def shadow_of(item: HookItem, hooks: HookList, lists: Sequence[HookList], root: Entry, kratos: str) -> Shadow | None:
    """Return what hides a global hook, None where nothing does.

    A list of any usable hook counts, even of ``session`` alone; an empty one falls back to the
    global list (behaviours.json rows sel.reg.method-session-global-hook,
    sel.login.method-other-global, sel.settings.global-and-method). Methods that the config does
    not switch on do not keep a hook alive.
    """
    own = {other.method: other for other in lists if other.flow == hooks.flow and other.phase == "after"}
    possible = [method for method in methods_of(hooks.flow, kratos) if method_may_run(root, hooks.flow, method)]
    hiding = [method for method in possible if method in own and own[method].is_usable]
    if not hiding:
        return None
    # OIDC logins with an id_token come without flow.active, so they take the global list
    # (capture login.after.global__oidc-api-idtoken-login).
    takes_id_token = hooks.flow == "login" and "oidc" in possible
    is_full = len(hiding) == len(possible) and not takes_id_token
    losing = [method for method in hiding if not _has_same(item, own[method])]
    reason = f"replaced by the list of {_and(hiding)}"
    if not losing:
        effect, hint = f"nothing is lost: {_and(hiding)} repeats it", "remove it where no other method needs it"
        return Shadow(reason, f"{hooks.flow}.after.hooks is {reason}", Severity.INFO, hint, effect, is_full)
    message = f"{hooks.flow}.after.hooks is {reason}" + (" and never runs" if is_full else "")
    hint = f"repeat the hook in {_and([f'{hooks.flow}.after.{method}.hooks' for method in losing])}"
    effect = f"{hooks.flow} with {_and(losing)} does not call this webhook"
    return Shadow(reason, message, Severity.ERROR if is_full else Severity.WARNING, hint, effect, is_full)


def _has_same(item: HookItem, other: HookList) -> bool:
    """Whether the method's list sends the same request: then the global hook loses nothing there."""
    wanted = _sent(item.entry)
    return any(_sent(mate.entry) == wanted for mate in other.items if mate.name == "web_hook")


def _sent(action: Entry) -> str:
    return json.dumps([action.value_at("config", key) for key in ("url", "method", "body")], sort_keys=True)


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
