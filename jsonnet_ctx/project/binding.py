"""A binding: a template wired to a hook point."""

from typing import TYPE_CHECKING, Any, Literal

from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen, field

if TYPE_CHECKING:  # most runs have no contract, and do not wait for what reads one
    from jsonnet_ctx.project.contract import Contract

Status = Literal["effective", "shadowed", "dead"]


class IdentitySchema(Frozen):
    """A JSON Schema of an identity, as Kratos knows it: ``schema_id`` and the whole document."""

    schema_id: str
    document: dict[str, Any] = field(hash=False)
    location: Location


class Binding(Frozen):
    """A template x hook points x web_hook config.

    ``hooks`` are the hook points at which the action runs: one for an action in a config (the
    persist stage follows from its flags), several where a command line selects by prefix.
    ``address`` names the action like a pytest node (``kratos.yml::registration.after.oidc[0]``);
    ``reason`` says why the status is not ``effective``; ``notes`` hold one-line remarks for the
    report, such as which file an absolute ``file://`` body was taken from. ``contract`` is what the
    receiver says it takes, where the settings name it.
    """

    template: Template | Unreadable
    hooks: tuple[HookPoint, ...]
    webhook: WebHook
    location: Location
    identity_schemas: tuple[IdentitySchema, ...] = ()
    header_allowlist: tuple[str, ...] | None = None
    status: Status = "effective"
    reason: str = ""
    address: str = ""
    notes: tuple[str, ...] = ()
    contract: "Contract | None" = None
