"""What can differ about request_url: the path that another configuration of the same method has."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import reaches

URL: Path = ("request_url",)


def url_edits(kratos: str, ctx: dict[str, Any]) -> Iterator[Variation]:
    """The other forms of the address that was called, as the rows of the catalog have them; none is ordinary."""
    url = ctx.get("request_url")
    if not isinstance(url, str):
        return
    parts = urlsplit(url)
    for row in catalog("request_urls"):
        if reaches(kratos, row["since"]) and parts.path.startswith(row["begins"]):
            yield Variation(Edit(URL, "set", parts._replace(path=row["becomes"]).geturl()), False, row["why"])
