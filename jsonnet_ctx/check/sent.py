"""Where Kratos sends a ctx path at all: at which hook points, in which versions."""

from functools import cache

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points, hook_since
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.kratos.versions import VERSIONS, reaches


@cache
def sent_at(hook: HookPoint, kratos: str, path: Path) -> bool:
    """Whether a ctx of this hook point and version can hold the path."""
    return reaches(kratos, hook_since(hook)) and shape_of(hook, kratos=kratos).field(path) is not None


def sent_in_other_versions(hook: HookPoint, path: Path) -> tuple[str, ...]:
    """The versions that send the path at this hook point."""
    return tuple(version for version in VERSIONS if sent_at(hook, version, path))


def sent_at_other_hooks(kratos: str, path: Path) -> tuple[HookPoint, ...]:
    """The hook points at which this version sends the path."""
    return tuple(hook for hook in hook_points() if sent_at(hook, kratos, path))


def sent_somewhere(path: Path) -> bool:
    """Whether any version sends the path at any hook point."""
    return any(sent_at(hook, version, path) for version in reversed(VERSIONS) for hook in hook_points())
