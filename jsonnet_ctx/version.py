"""The version of this program, as the installed distribution states it."""

from functools import cache


@cache
def version() -> str:
    """The version from the distribution's metadata, such as ``0.1.0``.

    Read when asked for: looking metadata up costs more than the whole of ``import jsonnet_ctx``.
    """
    from importlib.metadata import version as version_of

    return version_of("jsonnet-ctx")
