"""A problem: something wrong in the wiring of a config, before any template runs."""

from jsonnet_ctx.finding import Location, Severity
from jsonnet_ctx.records import Frozen


class Problem(Frozen):
    """One thing that is wrong in a config.

    ``slug`` is the rule's (``shadowed-hook``, ``dead-hook``, ``conflicting-flags``,
    ``lax-base64``, ``unknown-scheme``, ``template-not-found``, ``session-before-web-hook``,
    ``missing-body``, ``duplicate-hook``, ``unknown-key``, ``unknown-hook``, ``missing-key``,
    ``wrong-shape``, ``deprecated-bare-path``, ``remote-body``, ``outside-root``, ``too-large``,
    ``not-utf8``, ``identity-schema``). ``address`` names the action
    (``kratos.yml::registration.after.oidc[0]``), or the key where no action is to blame
    (``kratos.yml::identity.schemas[0]``), ``hooks`` the ids of the action's hook points and
    ``kratos`` the versions in which it holds. ``refused_at_start`` says that Kratos does not
    even start with this config.
    """

    slug: str
    message: str
    location: Location
    severity: Severity
    kratos: tuple[str, ...]
    hint: str | None = None
    effect: str | None = None
    address: str = ""
    hooks: tuple[str, ...] = ()
    refused_at_start: bool = False
