"""Small Kratos configurations for tests: hooks at their lists, written as YAML."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from jsonnet_ctx.project.kratos_config import Config, load_bindings


def body(text: str = "function(ctx) { id: ctx.flow.id }") -> str:
    """A base64 body."""
    return "base64://" + base64.b64encode(text.encode()).decode()


def web_hook(name: str = "h", **config: Any) -> dict[str, Any]:
    """A web_hook action; ``name`` makes its URL its own."""
    settings = {"url": f"https://example.com/{name}", "method": "POST", "body": body(), **config}
    return {"hook": "web_hook", "config": {key: value for key, value in settings.items() if value is not None}}


def wired(lists: Mapping[str, Sequence[Any]], **more: Any) -> dict[str, Any]:
    """A configuration with these lists: ``login.before``, ``login.after`` or ``login.after.oidc`` -> hooks."""
    flows: dict[str, Any] = {}
    for name, hooks in lists.items():
        place = flows
        for part in name.split("."):
            place = place.setdefault(part, {})
        place["hooks"] = list(hooks)
    return {"selfservice": {"flows": flows, **more.pop("selfservice", {})}, **more}


def loaded(folder: Path, config: Any, *, kratos: str = "v26.2.0", **options: Any) -> Config:
    """Write a configuration as ``kratos.yml`` (text as it is) and read it."""
    path = folder / "kratos.yml"
    path.write_text(config if isinstance(config, str) else yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return load_bindings(path, root=folder, kratos=kratos, **options)


def slugs(config: Config) -> list[str]:
    """The slugs of the problems, in order."""
    return [problem.slug for problem in config.problems]
