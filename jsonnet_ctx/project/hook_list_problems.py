"""What is wrong in the shape of hook lists, as Kratos's config schema sees it."""

import json
from collections.abc import Iterable, Iterator

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.versions import VERSIONS
from jsonnet_ctx.project.config_keys import config_keys, versions_before
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.key_check import nearest_hint, refused, wrong_type
from jsonnet_ctx.project.problem import Problem


def hook_name(item: Entry) -> str:
    """The kind of hook an item names, empty where it names none that Kratos knows."""
    name = item.value_at("hook")
    return name if isinstance(name, str) and name in config_keys()["hook_names"] else ""


def list_problems(entry: Entry, name: str) -> Iterator[Problem]:
    """Yield what is wrong with one list of hooks; ``name`` is its address (``login.after.oidc``)."""
    yield from type_problem(entry, "array", f"the hooks of {name}")
    for index, item in enumerate(entry.items()):
        yield from _item_problems(item, f"hook {index} of {name}")
    yield from _duplicates(entry, name)


def type_problem(entry: Entry, expected: str, what: str) -> Iterator[Problem]:
    """Yield a problem where the value is not of the JSON type ``expected``."""
    problem = wrong_type(entry, expected, what)
    if problem is not None:
        yield problem


def unknown_key_problems(entry: Entry, what: str, known: set[str]) -> Iterator[Problem]:
    """Yield keys that the config schema does not know beside or inside ``before`` and ``after``.

    A key with hooks of its own may be a method of another version or edition (saml): its list is
    named, not called wrong.
    """
    for key, child in entry.fields():
        if key in known:
            continue
        hint = nearest_hint(key, known)
        if isinstance(child.value_at("hooks"), list):
            message = f"{what} has no method {key!r}: its hooks are not checked"
            yield Problem(
                "unknown-key", message, child.location, Severity.WARNING, VERSIONS, hint=hint, address=child.address
            )
        else:
            yield refused("unknown-key", f"{what} has the unknown key {key!r}", child, hint=hint)


def unknown_flow_problems(flow: str, entry: Entry, known: Iterable[str]) -> Iterator[Problem]:
    """Yield hooks of a flow without hook points; such flows (logout, error) are fine without hooks."""
    for phase in ("before", "after"):
        hooks = entry.get(phase, "hooks")
        if hooks is not None:
            yield refused("unknown-key", f"the flow {flow!r} has no hooks", hooks, hint=nearest_hint(flow, known))


def too_new_problem(entry: Entry, name: str, since: str) -> Iterator[Problem]:
    """Yield a problem for the versions that refuse this key (context_shapes.json config_key_since)."""
    older = versions_before(since)
    if older:
        yield Problem(
            "unknown-key",
            f"{name} exists since kratos {since}",
            entry.location,
            Severity.ERROR,
            older,
            hint=f"raise kratos to {since} or remove the key",
            effect="kratos refuses to start with this config",
            address=entry.address,
            refused_at_start=True,
        )


def _item_problems(item: Entry, what: str) -> Iterator[Problem]:
    yield from type_problem(item, "object", what)
    if not isinstance(item.value, dict) or hook_name(item):
        return
    name = item.value_at("hook")
    if isinstance(name, str):
        hint = nearest_hint(name, config_keys()["hook_names"])
        yield refused("unknown-hook", f"{what} is of the unknown kind {name!r}", item, hint=hint)
    else:
        message = f"{what} does not say which hook it is"
        yield refused("missing-key", message, item, hint="write hook: web_hook")


def _duplicates(entry: Entry, name: str) -> Iterator[Problem]:
    """Two equal hooks in one list are refused (behaviours.json row sel.same-hook-twice)."""
    first: dict[str, int] = {}
    for index, item in enumerate(entry.items()):
        text = json.dumps(item.value, sort_keys=True)
        if text in first:
            message = f"hooks {first[text]} and {index} of {name} are equal"
            yield refused("duplicate-hook", message, item, hint="remove one of them")
        else:
            first[text] = index
