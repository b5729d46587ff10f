"""The error of a search that found nothing a schema allows."""

from jsonnet_ctx.errors import UsageError


class NoValue(UsageError):
    """No value was found that satisfies a schema."""
