"""The lists of hooks in a Kratos config, by flow, phase and method."""

from collections.abc import Iterator

from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points, hook_since
from jsonnet_ctx.kratos.versions import reaches
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.hook_list_problems import (
    hook_name,
    list_problems,
    too_new_problem,
    type_problem,
    unknown_flow_problems,
    unknown_key_problems,
)
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.records import Frozen


class HookItem(Frozen):
    """One entry of a list: ``name`` is what its ``hook`` says, empty where it says nothing usable."""

    entry: Entry
    index: int
    name: str

    @property
    def interrupts(self) -> bool:
        """Whether it is a web_hook with ``can_interrupt`` or ``response.parse`` set."""
        if self.name != "web_hook":
            return False
        can, parse = self.entry.value_at("config", "can_interrupt"), self.entry.value_at("config", "response", "parse")
        return can is True or parse is True


class HookList(Frozen):
    """The hooks at one key; ``method`` is ``global`` beside method lists, None in a flow without them."""

    flow: str
    phase: str
    method: str | None
    entry: Entry
    items: tuple[HookItem, ...]

    @property
    def name(self) -> str:
        """``registration.after.oidc``: the address of the list."""
        return list_name(self.flow, self.phase, self.method)

    @property
    def is_usable(self) -> bool:
        """Whether any hook in it counts, of whatever kind: then it replaces the global list."""
        return any(item.name for item in self.items)

    @property
    def is_staged(self) -> bool:
        """Whether the flow has a stage before and one after it stores the identity."""
        return self.phase == "after" and self.flow in {"registration", "settings"}


def list_name(flow: str, phase: str, method: str | None) -> str:
    """The address of a list: ``login.before``, ``login.after.global``, ``login.after.oidc``."""
    return ".".join(part for part in (flow, phase, method) if part)


def read_hook_lists(root: Entry, problems: list[Problem]) -> tuple[HookList, ...]:
    """Return every list of hooks below ``selfservice.flows``; adds what is wrong in their shape."""
    flows = root.get("selfservice", "flows")
    if flows is None:
        return ()
    problems += type_problem(flows, "object", "selfservice.flows")
    known = tuple(dict.fromkeys(hook.flow for hook in hook_points()))
    found: list[HookList] = []
    for flow, entry in flows.fields():
        if flow not in known:
            problems += unknown_flow_problems(flow, entry, known)
            continue
        problems += type_problem(entry, "object", f"selfservice.flows.{flow}")
        for phase in ("before", "after"):
            part = entry.get(phase)
            if part is not None:
                problems += type_problem(part, "object", f"{flow}.{phase}")
                found += _phase_lists(flow, phase, part, problems)
    return tuple(found)


def methods_of(flow: str, kratos: str | None = None) -> tuple[str, ...]:
    """The method lists that a flow has below ``after``; with ``kratos`` those of that version."""
    return tuple(method for method, since in _methods(flow).items() if kratos is None or reaches(kratos, since))


def hook_point_of(hooks: HookList, *, interrupts: bool) -> HookPoint:
    """The hook point at which an action of this list runs.

    The persist stage follows from its own flags. The pre-persist stage of a global list has no
    hook point in the catalog, since it never runs; it is named all the same.
    """
    persist = ("pre" if interrupts else "post") if hooks.is_staged else None
    hook_id = hooks.name + (f".{persist}_persist" if persist else "")
    made = HookPoint(hook_id, hooks.flow, hooks.phase, hooks.method, persist)
    return next((hook for hook in hook_points() if hook.id == hook_id), made)


def _methods(flow: str) -> dict[str, str]:
    """Each method list of a flow with the version that brought it."""
    return {
        hook.method: hook_since(hook)
        for hook in hook_points()
        if hook.id.startswith(f"{flow}.after.") and hook.method not in (None, "global")
    }


def _phase_lists(flow: str, phase: str, part: Entry, problems: list[Problem]) -> Iterator[HookList]:
    methods = _methods(flow) if phase == "after" else {}
    for key, entry in part.fields():
        if key == "hooks":
            yield _read_list(flow, phase, "global" if methods else None, entry, problems)
        elif key in methods:
            name = list_name(flow, phase, key)
            problems += type_problem(entry, "object", name)
            hooks = entry.get("hooks")
            if hooks is not None:
                yield _read_list(flow, phase, key, hooks, problems)
            problems += too_new_problem(entry, name, methods[key])
            problems += unknown_key_problems(entry, name, {"hooks", "default_browser_return_url"})
    known = {"hooks", *methods} | ({"default_browser_return_url"} if phase == "after" else set())
    problems += unknown_key_problems(part, f"{flow}.{phase}", known)


def _read_list(flow: str, phase: str, method: str | None, entry: Entry, problems: list[Problem]) -> HookList:
    problems += list_problems(entry, list_name(flow, phase, method))
    items = tuple(HookItem(item, index, hook_name(item)) for index, item in enumerate(entry.items()))
    return HookList(flow, phase, method, entry, items)
