"""Hook points: the places where Kratos evaluates a template, and their names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HookPoint:
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
