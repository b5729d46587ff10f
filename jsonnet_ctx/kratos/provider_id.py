"""Where a template can read which oidc provider the person used."""

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.versions import reaches
from jsonnet_ctx.records import Frozen


class ProviderIdSource(Frozen):
    """One place that can hold the provider id.

    ``path`` is in words where no plain ctx path says it; ``reliable`` is True, or says in words
    when it is not.
    """

    path: str
    since: str
    reliable: bool | str


def provider_id_sources(hook: HookPoint, kratos: str) -> tuple[ProviderIdSource, ...]:
    """Return where the provider id can be read at this hook point and version, best first.

    Empty for hook points where nothing holds it (before hooks, recovery, verification). ctx has
    no field of its own for it. Source: context_shapes.json provider_id_sources.
    """
    return tuple(
        ProviderIdSource(row["path"], row["since"], row["reliable"])
        for row in catalog("provider_ids")
        if f"{hook.id}.".startswith(f"{row['hooks']}.") and reaches(kratos, row["since"])
    )
