"""Which hooks a running Kratos called, in which order, and what the client got: the rows sel.* again.

A row names its hooks by what arrived, not by the lists that held them; the lists here are those
that its id and behaviours.md section 7 tell of.
"""

import base64
import json
from pathlib import Path
from typing import Any

import kratos_rows
import pytest
from kratos_rows import Row

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.effect import Effect, effect_of
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.hook_lists import methods_of
from jsonnet_ctx.project.kratos_config import Config, load_bindings
from jsonnet_ctx.project.template import Template

SESSION = {"hook": "session"}
PARSE: dict[str, Any] = {"response": {"parse": True}}
IGNORE: dict[str, Any] = {"response": {"ignore": True}}


def _hook(name: str, text: str | None = None, **flags: Any) -> dict[str, Any]:
    template = text or f"function(ctx) {{ id: '{name}' }}"
    body = f"base64://{base64.b64encode(template.encode()).decode()}"
    return {"hook": "web_hook", "config": {"url": f"http://receiver/{name}", "method": "POST", "body": body, **flags}}


LISTS: dict[str, dict[str, list[Any]]] = {
    "sel.reg.global-only": {"registration.after": [_hook("global")]},
    "sel.reg.global-parse": {"registration.after": [_hook("global", **PARSE)]},
    "sel.reg.global-can_interrupt": {"registration.after": [_hook("global", can_interrupt=True)]},
    "sel.reg.method-session-global-hook": {
        "registration.after": [_hook("global")],
        "registration.after.password": [SESSION],
    },
    "sel.reg.session-then-hook": {"registration.after.password": [SESSION, _hook("after-session")]},
    "sel.reg.hook-fails-then-second": {"registration.after.password": [_hook("fails"), _hook("second")]},
    "sel.reg.pre-and-post-order": {
        "registration.after.password": [
            _hook("post1"),
            _hook("pre1", **PARSE),
            SESSION,
            _hook("post2"),
            _hook("pre2", can_interrupt=True),
            _hook("post3"),
        ]
    },
    "sel.reg.ignore-order": {"registration.after.password": [_hook("sync"), _hook("async", **IGNORE)]},
    "sel.login.method-other-global": {"login.after": [_hook("global")], "login.after.totp": [_hook("totp")]},
    "sel.settings.global-and-method": {
        "settings.after": [_hook("global")],
        "settings.after.profile": [_hook("method")],
    },
    "sel.settings.global-parse": {"settings.after": [_hook("global", **PARSE)]},
    "sel.same-hook-twice": {"registration.after.password": [_hook("same"), _hook("same")]},
    "sel.cancel-parse-then-persist": {
        "registration.after.password": [_hook("first", "function(ctx) error 'cancel'", **PARSE), _hook("second")]
    },
    "sel.ignore-error-then-second": {
        "registration.after.password": [_hook("first", "function(ctx) error 'x'", **IGNORE), _hook("second")]
    },
}
METHOD = {"registration": "password", "login": "password", "settings": "profile"}

_ROWS = tuple(row for row in kratos_rows.all_rows() if row.id in LISTS)


def test_every_row_about_hook_lists_has_its_lists() -> None:
    assert {row.id for row in kratos_rows.all_rows() if row.id.startswith("sel.")} == set(LISTS)


@pytest.mark.parametrize("row", _ROWS, ids=str)
def test_the_same_hooks_are_called_in_the_same_order(row: Row, tmp_path: Path) -> None:
    config = _load(row, tmp_path)
    if row.observed.get("config_rejected"):
        assert any(problem.refused_at_start for problem in config.problems)
        return
    assert not config.problems or {problem.slug for problem in config.problems} <= {"dead-hook", "shadowed-hook"}
    called, effects = _run(row, _of_action(row, config))
    assert called == row.observed["called_in_order"]
    last = effects[-1] if effects else None
    assert (last.client_status if last else 200) == row.observed["client_status"]


def _load(row: Row, folder: Path) -> Config:
    flows: dict[str, Any] = {}
    for name, hooks in LISTS[row.id].items():
        place = flows
        for part in name.split("."):
            place = place.setdefault(part, {})
        place["hooks"] = hooks
    # Only the method of the action is on, so that a list that replaces the global one replaces it for all.
    methods = {name: {"enabled": name == METHOD[row.flow]} for name in methods_of(row.flow, row.kratos)}
    path = folder / "kratos.json"
    path.write_text(json.dumps({"selfservice": {"flows": flows, "methods": methods}}), encoding="utf-8")
    return load_bindings(path, kratos=row.kratos)


def _of_action(row: Row, config: Config) -> list[Binding]:
    """The hooks that run for the row's action, as the wiring has them."""
    flow = row.flow
    mine = {"global", METHOD[flow]}
    return [
        binding
        for binding in config.bindings
        if binding.status == "effective" and binding.hooks[0].flow == flow and binding.hooks[0].method in mine
    ]


def _run(row: Row, bindings: list[Binding]) -> tuple[list[str], list[Effect]]:
    called, effects = [], []
    for binding in bindings:
        assert isinstance(binding.template, Template)
        name = binding.webhook.url.rpartition("/")[2]
        said = row.response.get(name, {})
        effect = effect_of(
            binding.webhook,
            shared_engine(row.kratos).evaluate(binding.template, {}),
            hook=binding.hooks[0],
            kratos=row.kratos,
            answer=Answer(said.get("code", 200), body=said.get("body", "{}").encode(), sleep=said.get("sleep", 0)),
        )
        effects.append(effect)
        called += [name] * effect.requests
        if not effect.later_hooks_run:
            break
    return called, effects
