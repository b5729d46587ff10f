"""Which request headers a template gets to see."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import parse_version, within


@lru_cache(maxsize=1024)
def canonical(name: str) -> str:
    """Return a header name as Go writes it: ``x-custom-header`` is ``X-Custom-Header``.

    A name with a character that no header name can have stays as it is.
    """
    if not name or any(not (char.isascii() and (char.isalnum() or char in "!#$%&'*+-.^_`|~")) for char in name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


def header_allowlist(kratos: str, configured: Sequence[str] | None = None) -> tuple[str, ...] | None:
    """Return the names under which headers stand in ctx.request_headers; None where nothing is filtered.

    ``configured`` is ``clients.web_hook.header_allowlist``, which replaces the default list
    from v25.4.0 on (v25.4.0 keeps its spelling, v26.2.0 uses canonical names); v1.3 has a fixed
    list, earlier versions pass everything. The password migration hook is never filtered.
    Source: context_shapes.json header_allowlist, captures login.before__allowlist-browser.
    """
    version = parse_version(kratos)
    rule = next(row for row in catalog("header_filters") if within(version, row["since"], row["until"]))
    if rule["filter"] == "none":
        return None
    if rule["filter"] == "fixed" or configured is None:
        return tuple(row["name"] for row in catalog("headers"))
    keep_case = rule["key_case"] == "as-configured"
    return tuple(dict.fromkeys(name if keep_case else canonical(name) for name in configured))


def pass_headers(headers: Mapping[str, Sequence[str]], allowlist: Sequence[str] | None) -> dict[str, list[str]]:
    """Return ctx.request_headers for a request: the allow-listed headers, sorted by name.

    ``headers`` maps names in any case to their values in order; ``allowlist`` is what
    :func:`header_allowlist` returned. ``Host`` never passes: Go keeps it out of the headers.
    """
    sent: dict[str, list[str]] = {}
    for name, values in headers.items():
        sent.setdefault(canonical(name), []).extend(values)
    sent.pop("Host", None)
    if allowlist is None:
        return dict(sorted(sent.items()))
    found = {name: sent[canonical(name)] for name in allowlist if canonical(name) in sent}
    return dict(sorted(found.items()))
