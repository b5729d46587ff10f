"""The shape of a ctx: which path is there at a hook point and version, and who sets it."""

from dataclasses import dataclass

from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.hook_point import HookPoint

__all__ = ["Field", "Shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Every field that a ctx can have at one hook point of one Kratos version.

    ``fields`` holds parents before children; ``never`` the paths that people look for and that
    no Kratos of this version sends here, with the reason as ``note``.
    """

    hook: HookPoint
    kratos: str
    fields: tuple[Field, ...]
    never: tuple[Field, ...] = ()
