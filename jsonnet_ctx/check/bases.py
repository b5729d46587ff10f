"""Base contexts: one for every way a hook point is reached, full and minimal."""

from typing import Any, NamedTuple

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.build import build
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.scenario import Scenario, scenarios
from jsonnet_ctx.kratos.shape import Shape


class Base(NamedTuple):
    """A reachable ctx to start from: the scenario it comes from and whether optional fields are left out."""

    shape: Shape
    scenario: Scenario
    minimal: bool
    ctx: dict[str, Any]


def base_contexts(target: Target) -> tuple[Base, ...]:
    """The full and the minimal ctx of every scenario of the target's hook point."""
    shape = target.shape()
    allowlist = header_allowlist(target.kratos, target.header_allowlist)
    schema_id = target.schema.schema_id if target.schema else "default"
    return tuple(
        Base(
            shape, scenario, minimal, build(shape, scenario, minimal=minimal, allowlist=allowlist, schema_id=schema_id)
        )
        for scenario in scenarios(target.hook, target.kratos)
        for minimal in (False, True)
    )
