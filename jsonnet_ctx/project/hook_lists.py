"""The lists of hooks in a Kratos config, by flow, phase and method."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points, hook_since
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.config_keys import config_keys, versions_before
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.key_check import nearest_hint, refused, wrong_type
from jsonnet_ctx.project.problem import Problem


@dataclass(frozen=True, slots=True)
class HookItem:
    """One entry of a list: ``name`` is what its ``hook`` says, empty where it says nothing usable."""

    entry: Entry
    index: int
    name: str

    @property
    def interrupts(self) -> bool:
        """Whether it is a web_hook with ``can_interrupt`` or ``response.parse``: pre-persist, where there is one."""
        if self.name != "web_hook":
            return False
        can, parse = self.entry.value_at("config", "can_interrupt"), self.entry.value_at("config", "response", "parse")
        return can is True or parse is True


@dataclass(frozen=True, slots=True)
class HookList:
    """The hooks at one key; ``method`` is ``global`` beside method lists, None in a flow without them."""

    flow: str
    phase: str
    method: str | None
    entry: Entry
    items: tuple[HookItem, ...]

    @property
    def name(self) -> str:
        """``registration.after.oidc``: the address of the list."""
        return ".".join(part for part in (self.flow, self.phase, self.method) if part)

    @property
    def is_usable(self) -> bool:
        """Whether any hook in it counts, of whatever kind: then it replaces the global list."""
        return any(item.name for item in self.items)


def read_hook_lists(root: Entry, problems: list[Problem]) -> tuple[HookList, ...]:
    """Return every list of hooks below ``selfservice.flows``; adds what is wrong in their shape."""
    flows = root.get("selfservice", "flows")
    if flows is None:
        return ()
    problems += _type_problem(flows, "object", "selfservice.flows")
    found: list[HookList] = []
    for flow, entry in flows.fields():
        if flow not in _flows():
            problems += _unknown_flow(flow, entry)
            continue
        problems += _type_problem(entry, "object", f"selfservice.flows.{flow}")
        for phase in ("before", "after"):
            part = entry.get(phase)
            if part is not None:
                problems += _type_problem(part, "object", f"{flow}.{phase}")
                found += _phase_lists(flow, phase, part, problems)
    return tuple(found)


def methods_of(flow: str, kratos: str | None = None) -> tuple[str, ...]:
    """The method lists that a flow has below ``after``; with ``kratos`` those of that version."""
    names = [h.method for h in hook_points(kratos) if h.flow == flow and h.phase == "after" and h.method is not None]
    return tuple(dict.fromkeys(name for name in names if name != "global"))


def hook_point_of(hooks: HookList, *, interrupts: bool) -> HookPoint:
    """The hook point at which an action of this list runs.

    The persist stage follows from its own flags. The pre-persist stage of a global list has no
    hook point in the catalog, since it never runs; it is named all the same.
    """
    staged = hooks.phase == "after" and hooks.flow in {"registration", "settings"}
    persist = ("pre" if interrupts else "post") if staged else None
    for hook in hook_points():
        if (hook.flow, hook.phase, hook.method, hook.persist) == (hooks.flow, hooks.phase, hooks.method, persist):
            return hook
    suffix = f".{persist}_persist" if persist else ""
    return HookPoint(f"{hooks.name}{suffix}", hooks.flow, hooks.phase, hooks.method, persist)


def _flows() -> tuple[str, ...]:
    return tuple(dict.fromkeys(hook.flow for hook in hook_points()))


def _phase_lists(flow: str, phase: str, part: Entry, problems: list[Problem]) -> Iterator[HookList]:
    methods = methods_of(flow) if phase == "after" else ()
    for key, entry in part.fields():
        if key == "hooks":
            yield _read_list(flow, phase, "global" if methods else None, entry, problems)
        elif key in methods:
            problems += _type_problem(entry, "object", f"{flow}.{phase}.{key}")
            hooks = entry.get("hooks")
            if hooks is not None:
                yield _read_list(flow, phase, key, hooks, problems)
            problems += _too_new(flow, key, entry)
            problems += _unknown_keys(entry, f"{flow}.{phase}.{key}", {"hooks", "default_browser_return_url"})
    known = {"hooks", *methods} | ({"default_browser_return_url"} if phase == "after" else set())
    problems += _unknown_keys(part, f"{flow}.{phase}", known)


def _read_list(flow: str, phase: str, method: str | None, entry: Entry, problems: list[Problem]) -> HookList:
    name = ".".join(part for part in (flow, phase, method) if part)
    problems += _type_problem(entry, "array", f"the hooks of {name}")
    items = tuple(HookItem(item, index, _hook_name(item)) for index, item in enumerate(entry.items()))
    hooks = HookList(flow, phase, method, entry, items)
    for item in items:
        problems += _check_item(item, hooks)
    problems += _duplicates(hooks)
    return hooks


def _hook_name(item: Entry) -> str:
    name = item.value_at("hook")
    return name if isinstance(name, str) and name in config_keys()["hook_names"] else ""


def _check_item(item: HookItem, hooks: HookList) -> Iterator[Problem]:
    what = f"hook {item.index} of {hooks.name}"
    yield from _type_problem(item.entry, "object", what)
    if not isinstance(item.entry.value, dict) or item.name:
        return
    name = item.entry.value_at("hook")
    if not isinstance(name, str):
        hint = "write hook: web_hook"
        yield refused("missing-key", f"{what} does not say which hook it is", item.entry, hint=hint)
        return
    known = config_keys()["hook_names"]
    yield refused("unknown-hook", f"{what} is of the unknown kind {name!r}", item.entry, hint=nearest_hint(name, known))


def _duplicates(hooks: HookList) -> Iterator[Problem]:
    """Two equal hooks in one list are refused (behaviours.json row sel.same-hook-twice)."""
    first: dict[str, int] = {}
    for item in hooks.items:
        text = json.dumps(item.entry.value, sort_keys=True)
        if text in first:
            message = f"hooks {first[text]} and {item.index} of {hooks.name} are equal"
            yield refused("duplicate-hook", message, item.entry, hint="remove one of them")
        else:
            first[text] = item.index


def _too_new(flow: str, method: str, entry: Entry) -> Iterator[Problem]:
    """A method key that older versions do not know (context_shapes.json config_key_since)."""
    since = next(hook_since(hook) for hook in hook_points() if hook.flow == flow and hook.method == method)
    older = versions_before(since)
    if older:
        yield Problem(
            "unknown-key",
            f"{flow}.after.{method} exists since kratos {since}",
            entry.location,
            Severity.ERROR,
            older,
            hint=f"raise kratos to {since}, or use {flow}.after.hooks",
            effect="kratos refuses to start with this config",
            refused_at_start=True,
        )


def _unknown_flow(flow: str, entry: Entry) -> Iterator[Problem]:
    """Flows without hook points (logout, error) are fine as long as they hold no hooks."""
    for phase in ("before", "after"):
        hooks = entry.get(phase, "hooks")
        if hooks is not None:
            message = f"the flow {flow!r} has no hooks"
            yield refused("unknown-key", message, hooks, hint=nearest_hint(flow, _flows()))


def _unknown_keys(entry: Entry, what: str, known: set[str]) -> Iterator[Problem]:
    for key, child in entry.fields():
        if key not in known:
            hint = nearest_hint(key, known)
            if isinstance(child.value_at("hooks"), list):
                # Versions and editions differ in methods (saml); the list is named, not judged.
                message = f"{what} has no method {key!r}: its hooks are not checked"
                yield Problem("unknown-key", message, child.location, Severity.WARNING, VERSIONS, hint=hint)
            else:
                yield refused("unknown-key", f"{what} has the unknown key {key!r}", child, hint=hint)


def _type_problem(entry: Entry, expected: str, what: str) -> Iterator[Problem]:
    problem = wrong_type(entry, expected, what)
    if problem is not None:
        yield problem
