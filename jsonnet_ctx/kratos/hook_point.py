"""Hook points: the places where Kratos evaluates a template, and their names."""

from functools import cache

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import reaches
from jsonnet_ctx.records import Frozen


class HookPoint(Frozen):
    """A place where Kratos evaluates a template.

    ``id`` is the config path without noise (``registration.after.oidc.post_persist``);
    ``phase`` is ``before`` or ``after``; ``method`` is the method list (``password``, ``oidc``,
    ``global``, None where the flow has no method lists); ``persist`` is ``pre``, ``post`` or None.
    """

    id: str
    flow: str
    phase: str
    method: str | None = None
    persist: str | None = None

    def __str__(self) -> str:
        return self.id


@cache
def hook_points(kratos: str | None = None) -> tuple[HookPoint, ...]:
    """Return every hook point that can run, in config order; with ``kratos`` only those of that version.

    The pre-persist stages of ``registration.after.global`` and ``settings.after.global`` are
    not among them: no Kratos runs them (behaviours.json rows sel.reg.global-parse,
    sel.settings.global-parse).
    """
    return tuple(
        HookPoint(row["id"], row["flow"], row["phase"], row["method"], row["persist"])
        for row in catalog("hook_points")
        if kratos is None or reaches(kratos, row["since"])
    )


def parse_hook_point(id: str) -> HookPoint:
    """Return the hook point of this exact id. Raises UnknownName with the nearest ids."""
    for hook in hook_points():
        if hook.id == id:
            return hook
    raise UnknownName("hook point", id, [hook.id for hook in hook_points()])


def select_hook_points(prefix: str) -> tuple[HookPoint, ...]:
    """Return the hook points whose id starts with these dotted segments.

    ``registration.after.oidc`` is both persist stages. Raises UnknownName with the nearest
    ids and prefixes when none does.
    """
    found = tuple(hook for hook in hook_points() if f"{hook.id}.".startswith(f"{prefix}."))
    if not found:
        raise UnknownName("hook point", prefix, _prefixes())
    return found


def hook_since(hook: HookPoint) -> str:
    """Return the first Kratos version that has this hook point (``v1.1.0`` for ``login.after.code``)."""
    return _text(hook, "since")


def hook_note(hook: HookPoint) -> str:
    """Return what is worth knowing about when and how Kratos runs this hook point."""
    return _text(hook, "note")


def hook_config_path(hook: HookPoint) -> str:
    """Return the key of the Kratos config that holds this hook point's list of hooks."""
    return _text(hook, "config_path")


def _text(hook: HookPoint, key: str) -> str:
    return next(str(row[key]) for row in catalog("hook_points") if row["id"] == hook.id)


@cache
def _prefixes() -> list[str]:
    names = {
        ".".join(segments[: n + 1])
        for hook in hook_points()
        for segments in [hook.id.split(".")]
        for n in range(len(segments))
    }
    return sorted(names)
