"""A web_hook action as the config wrote it."""

from typing import Any

from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen, field


class WebHook(Frozen):
    """The ``config`` of one ``hook: web_hook`` action.

    ``headers`` and ``auth`` are as written; ``auth`` is the whole object
    (``{"type": "api_key", "config": {...}}``) or None; ``body`` is the template URI or None;
    ``content_type_at`` is where the config gives its Content-Type.
    """

    url: str = ""
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = ()
    auth: dict[str, Any] | None = field(default=None, hash=False)
    body: str | None = None
    can_interrupt: bool = False
    ignore: bool = False
    parse: bool = False
    emit_analytics_event: bool = True
    content_type_at: Location | None = field(default=None, compare=False)

    @property
    def content_type(self) -> str | None:
        """The configured Content-Type (header name in any case), None where there is none."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), None)
