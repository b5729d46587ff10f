"""Base contexts: one for every way a hook point is reached, full and minimal."""

from functools import lru_cache
from typing import Any, NamedTuple

from jsonnet_ctx.check.target import Target, known_shape
from jsonnet_ctx.context.build import build
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.scenario import Scenario, scenarios
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.binding import IdentitySchema


class Base(NamedTuple):
    """A reachable ctx to start from: the scenario it comes from and whether optional fields are left out."""

    shape: Shape
    scenario: Scenario
    minimal: bool
    ctx: dict[str, Any]


def base_contexts(target: Target) -> tuple[Base, ...]:
    """The full and the minimal ctx of every scenario of the target's hook point.

    Templates at one hook point have them in common: whoever changes one makes a copy.
    """
    return _bases(target.hook, target.kratos, target.schema, target.header_allowlist)


@lru_cache(maxsize=64)
def _bases(
    hook: HookPoint, kratos: str, schema: IdentitySchema | None, configured: tuple[str, ...] | None
) -> tuple[Base, ...]:
    shape = known_shape(hook, kratos, schema)
    allowlist = header_allowlist(kratos, configured)
    schema_id = schema.schema_id if schema else "default"
    return tuple(
        Base(
            shape, scenario, minimal, build(shape, scenario, minimal=minimal, allowlist=allowlist, schema_id=schema_id)
        )
        for scenario in scenarios(hook, kratos)
        for minimal in (False, True)
    )
