"""Credentials in the texts of failed cases: they would end up in the logs and reports of CI."""

import re

from jsonnet_ctx.project.webhook import WebHook

HIDDEN_TEXT = "…"
HIDDEN = "credentials are not shown"
_NAMES = re.compile(r"auth|cookie|token|secret|password|credential|signature|api-?key", re.IGNORECASE)
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#@]*@")


def without_secret(name: str, wanted: str | None, sent: str | None, webhook: WebHook | None) -> tuple[str, str]:
    """The demanded and the real value of a header as they are shown; credentials are not."""
    if not _is_secret(name, webhook):
        return wanted or "no such header", sent or "no such header"
    return HIDDEN_TEXT if wanted else "no such header", HIDDEN_TEXT if sent else "no such header"


def without_password(wanted: str, sent: str) -> tuple[str, str]:
    """A demanded and a real method or URL without the user and password in them."""
    return _USER.sub(rf"\1{HIDDEN_TEXT}@", wanted), _USER.sub(rf"\1{HIDDEN_TEXT}@", sent)


def _is_secret(name: str, webhook: WebHook | None) -> bool:
    """Whether a header holds credentials: by its name, or because ``auth`` sets it."""
    config = (webhook.auth or {}).get("config") if webhook else None
    set_by_auth = config.get("name") if isinstance(config, dict) else None
    return _NAMES.search(name) is not None or (isinstance(set_by_auth, str) and set_by_auth.lower() == name.lower())
