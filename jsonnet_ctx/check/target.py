"""One thing to search: a template at one hook point of one Kratos version under one identity schema."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.effect_rows import content_type_used
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.shape import Shape, shape_of
from jsonnet_ctx.project.binding import Binding, IdentitySchema
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen

if TYPE_CHECKING:  # most runs have no contract, and do not wait for what reads one
    from jsonnet_ctx.project.contract import Contract


class Target(Frozen):
    """A template at one hook point of one Kratos version under one identity schema (or none).

    ``by_prefix`` says that a prefix selected both persist stages, so that nobody chose this one; ``wired_at``
    is the line of the config that gives its Content-Type, else that wires it, None without a config; ``contract``
    is what the receiver says it takes.
    """

    template: Template
    hook: HookPoint
    kratos: str
    webhook: WebHook
    schema: IdentitySchema | None
    header_allowlist: tuple[str, ...] | None
    by_prefix: bool = False
    wired_at: Location | None = None
    contract: "Contract | None" = None

    @property
    def schema_document(self) -> dict[str, Any] | None:
        """The identity schema as plain JSON, None where none was given."""
        return self.schema.document if self.schema else None

    @property
    def content_type(self) -> str:
        """What the request would be sent as, which a missing header leaves to the version."""
        return content_type_used(self.webhook.content_type, self.kratos)

    @property
    def headers(self) -> tuple[str, ...] | None:
        """The names of the headers that pass; None for all, as in the password migration hook."""
        if self.hook.id == "password_migration":
            return None
        return header_allowlist(self.kratos, self.header_allowlist)

    def shape(self) -> Shape:
        """What ctx can hold here."""
        return known_shape(self.hook, self.kratos, self.schema)


@lru_cache(maxsize=256)
def known_shape(hook: HookPoint, kratos: str, schema: IdentitySchema | None) -> Shape:
    """What ctx can hold at a hook point of a version, worked out once."""
    return shape_of(hook, kratos=kratos, identity_schema=schema.document if schema else None)


def targets_of(binding: Binding, versions: tuple[str, ...]) -> tuple[Target, ...]:
    """Every hook point x version x identity schema of one binding; none for a body that cannot be read."""
    template = binding.template
    if not isinstance(template, Template):
        return ()
    schemas: tuple[IdentitySchema | None, ...] = binding.identity_schemas or (None,)
    wired_at = (binding.webhook.content_type_at or binding.location) if binding.webhook.url else None
    stages = {hook.persist for hook in binding.hooks}
    return tuple(
        Target(
            template,
            hook,
            kratos,
            binding.webhook,
            schema,
            binding.header_allowlist,
            stages >= {"pre", "post"},
            wired_at,
            binding.contract,
        )
        for kratos in versions
        for hook in binding.hooks
        for schema in schemas
    )
