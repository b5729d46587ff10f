"""A template: text with an address."""

import hashlib

from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen


class Template(Frozen):
    """Jsonnet text with an address.

    ``name`` is what findings show (a path, or ``kratos.yml::registration.after.oidc[0]`` for a
    body inside a config), ``uri`` the body as the config wrote it, ``location`` where the text
    begins (for a base64 body: the line of the config).
    """

    text: str
    name: str
    uri: str
    location: Location

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Unreadable(Frozen):
    """A body that gives no template, and what Kratos would do with it.

    ``kind`` is ``missing-body``, ``template-not-found``, ``lax-base64``, ``unknown-scheme``,
    ``remote``, ``outside-root``, ``too-large`` or ``not-utf8``; ``refused_at_start`` says that
    Kratos would not even start with it.
    """

    kind: str
    message: str
    uri: str
    location: Location
    hint: str | None = None
    refused_at_start: bool = False
