"""Test the Jsonnet templates that turn Ory Kratos's ``ctx`` into a webhook payload.

The public names are here and nothing else. They are loaded when first used, so that
``import jsonnet_ctx`` costs nothing and a pytest run that never evaluates a template pays
for no engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonnet_ctx import errors, strategies
    from jsonnet_ctx.api import evaluate, evaluate_many
    from jsonnet_ctx.context.build import kratos_ctx
    from jsonnet_ctx.engine.outcome import Cancelled, Failed, Outcome, Rendered, TemplateError
    from jsonnet_ctx.errors import JsonnetCtxError
    from jsonnet_ctx.project.template import Template

    __version__: str

__all__ = [
    "Cancelled",
    "Failed",
    "JsonnetCtxError",
    "Outcome",
    "Rendered",
    "Template",
    "TemplateError",
    "__version__",
    "errors",
    "evaluate",
    "evaluate_many",
    "kratos_ctx",
    "strategies",
]

# public name -> where it lives; a module alone is the module itself
_HOMES = {
    "Cancelled": "jsonnet_ctx.engine.outcome:Cancelled",
    "Failed": "jsonnet_ctx.engine.outcome:Failed",
    "JsonnetCtxError": "jsonnet_ctx.errors:JsonnetCtxError",
    "Outcome": "jsonnet_ctx.engine.outcome:Outcome",
    "Rendered": "jsonnet_ctx.engine.outcome:Rendered",
    "Template": "jsonnet_ctx.project.template:Template",
    "TemplateError": "jsonnet_ctx.engine.outcome:TemplateError",
    "errors": "jsonnet_ctx.errors",
    "evaluate": "jsonnet_ctx.api:evaluate",
    "evaluate_many": "jsonnet_ctx.api:evaluate_many",
    "kratos_ctx": "jsonnet_ctx.context.build:kratos_ctx",
    "strategies": "jsonnet_ctx.strategies",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, and keep it."""
    import importlib

    if name == "__version__":
        value: Any = importlib.import_module("jsonnet_ctx.version").version()
    elif name in _HOMES:
        module, _, member = _HOMES[name].partition(":")
        value = importlib.import_module(module)
        value = getattr(value, member) if member else value
    else:
        raise AttributeError(f"module 'jsonnet_ctx' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *__all__})
