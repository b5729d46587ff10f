"""Hypothesis strategies for contexts, for use in ``@given``."""

from jsonnet_ctx.context.strategies import contexts

__all__ = ["contexts"]
