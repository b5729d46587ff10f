"""The rows of behaviours.json: what running Kratos servers did, and how a row is run again here."""

import base64
import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.outcome import Failed, Outcome
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client, content_type_used
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.kratos_config import Config, load_bindings
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.webhook import WebHook

FIXTURES = Path(__file__).parents[2] / "fixtures"

LEFT_OUT: tuple[tuple[str, str | None, str], ...] = (
    ("sel.*", None, "about several hooks: test_hook_lists.py runs these rows"),
    ("mapper.*", None, "a claims mapper is no webhook"),
    ("tokenizer.*", None, "a session tokenizer is no webhook"),
    ("courier.*", None, "a courier body is no webhook"),
    ("traits.*", None, "about the traits that a submission makes; tests/context judges them"),
    ("cache.*", None, "about a template file that changes between two calls of one server"),
    ("body.http-*", None, "nothing is fetched"),
    ("limit.mem", "v1.3.1", "128 GiB of string without a memory limit depend on the machine"),
    ("limit.range-1e9.ignore", "v1.3.1", "8 GB without a memory limit depend on the machine"),
    ("limit.slow-loop*", "v1.3.1", "a loop without a memory limit depends on the machine"),
)
"""Rows that are not run again: pattern of the id, version (None: all), reason."""

IDENTITY_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "traits": {
            "type": "object",
            "properties": {
                "email": {"type": "string", "format": "email"},
                "name": {
                    "type": "object",
                    "properties": {"first": {"type": "string"}, "last": {"type": "string"}},
                },
                "age": {"type": "number"},
                "newsletter": {"type": "boolean"},
            },
            "required": ["email"],
            "additionalProperties": False,
        }
    },
}
"""The schema that the servers were run with, as far as the rows show it."""

_CONTEXTS = {
    "login.before": "login.before__api-headers",
    "login.after.password": "login.after.password__api-tp-absent",
    "registration.before": "registration.before__api-headers",
    "registration.after.password.pre_persist": "registration.after.password.pre_persist__api-tp-absent",
    "registration.after.password.post_persist": "registration.after.password.post_persist__api-tp-absent",
    "settings.before": "settings.before__api-profile",
    "settings.after.profile.pre_persist": "settings.after.profile.pre_persist__api-profile",
    "settings.after.profile.post_persist": "settings.after.profile.post_persist__api-profile",
    "recovery.before": "recovery.before__code-api",
    "recovery.after": "recovery.after__code-api",
    "verification.before": "verification.before__code-api",
    "verification.after": "verification.after__code-api",
}

_VARYING: dict[str, tuple[Answer, ...]] = {
    "retry.then-ok": (Answer(503), Answer(200)),
    "resp.200.patch.reg.verifiable": (
        Answer(body=b'{"identity": {"verifiable_addresses": [{"value": "other@example.com", "via": "email"}]}}'),
    ),
    "resp.200.patch.reg.verifiable-same": (
        Answer(body=b'{"identity": {"verifiable_addresses": [{"value": "n@example.com", "verified": true}]}}'),
    ),
    "resp.200.patch.settings.parse.traits": (
        Answer(body=b'{"identity": {"traits": {"email": "u@example.com", "name": {"first": "Changed"}, "age": 9}}}'),
    ),
}
"""Answers of rows whose receiver answered differently each time."""


_BY_MACHINE = ("limit.slow-loop", "limit.mem", "limit.range-1e9", "limit.oom", "limit.output-300k", "limit.output-600k")


@dataclass(frozen=True)
class Row:
    """One observation, in one version that it holds for."""

    id: str
    kratos: str
    where: str | None
    hooks: tuple[dict[str, Any], ...]
    template: str | None
    client: Client
    flow: str
    observed: Mapping[str, Any]
    response: Mapping[str, Any]
    transient_payload: Any = None
    racy: bool = False

    def __str__(self) -> str:
        return f"{self.id}-{self.kratos}"

    @property
    def by_machine(self) -> bool:
        """True where time or memory runs out first as the machine pleases: the kind of failure may differ."""
        return self.id.startswith(_BY_MACHINE)


@cache
def all_rows() -> tuple[Row, ...]:
    """Every row, once for each version that it holds for."""
    found = json.loads((FIXTURES / "kratos" / "behaviours.json").read_text(encoding="utf-8"))
    return tuple(
        _row(raw, version) for raw in found for version in (raw["kratos_version"], *raw.get("same_outcome_in", ()))
    )


def reason_left_out(row: Row) -> str | None:
    """Why this row is not run again, None where it is."""
    for pattern, version, reason in LEFT_OUT:
        if fnmatchcase(row.id, pattern) and version in (None, row.kratos):
            return reason
    return None


_SHORTENED = re.compile(r'(?P<head>.*?)(?P<unit>\\"|[a<x])(?P=unit)*\\?… \((?P<length>\d+) characters\)', re.DOTALL)
_TAILS = {'{"x": "': '"}', "function(ctx) { a: 1 } /* ": " */", '{"identity":{"metadata_public":{"x":"': '"}}}'}


def whole(text: str) -> str:
    """Give back the text that a row shortens to its beginning and its length."""
    match = _SHORTENED.fullmatch(text)
    if match is None:
        return text
    tail = _TAILS[match["head"]]
    repeated = int(match["length"]) - len(match["head"]) - len(tail)
    return match["head"] + match["unit"] * (repeated // len(match["unit"])) + tail


def _row(raw: dict[str, Any], version: str) -> Row:
    flow, _, client = raw["action"].partition(":")
    return Row(
        id=raw["id"],
        kratos=version,
        where=raw["config"]["where"],
        hooks=tuple(raw["config"]["hooks"] or ()),
        template=_template(raw),
        client=next(known for known in CLIENTS if known == (client or "api")),
        flow=flow,
        observed=raw["observed"],
        response=raw.get("webhook_response") or {},
        transient_payload=raw.get("transient_payload"),
        racy=bool(raw.get("racy")),
    )


def _template(raw: dict[str, Any]) -> str | None:
    """The row's template; the one that a row only describes is read from the URI in its error text."""
    text = raw["template"]
    if text is None or not text.startswith("(long template)"):
        return whole(text) if text else None
    uri = raw["observed"]["client_error"]["error"]["message"].partition("base64://")[2].partition(":")[0]
    return base64.b64decode(uri).decode()


def load_config(row: Row, folder: Path) -> Config:
    """Write the row's wiring as a Kratos config and read it as any config."""
    assert row.where is not None
    encoded = base64.b64encode((row.template or "").encode()).decode()
    items = []
    for hook in row.hooks:
        settings = {key: value for key, value in hook.items() if key != "hook"}
        if settings.get("body") == "base64://<template>":
            settings["body"] = f"base64://{encoded}"
        items.append({"hook": hook["hook"], "config": settings})
    tree: dict[str, Any] = {"hooks": items}
    for key in reversed(["selfservice", "flows", *row.where.split(".")]):
        tree = {key: tree}
    path = folder / "kratos.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return load_bindings(path, kratos=row.kratos)


@dataclass(frozen=True)
class Run:
    """A row run again: the hook point, the action, and what became of its template."""

    hook: HookPoint
    webhook: WebHook
    outcome: Outcome | Unreadable


def run(row: Row, folder: Path) -> Run:
    """Evaluate the row's template at its hook point, under the URI that Kratos names it by."""
    (binding,) = load_config(row, folder).bindings
    (hook,) = binding.hooks
    if isinstance(binding.template, Unreadable):
        return Run(hook, binding.webhook, binding.template)
    template = replace(binding.template, name=binding.template.uri)
    return Run(hook, binding.webhook, _evaluate(row, hook, binding.webhook, template))


def _evaluate(row: Row, hook: HookPoint, webhook: WebHook, template: Template) -> Outcome:
    content_type = content_type_used(webhook.content_type, row.kratos)
    engine, ctx = shared_engine(row.kratos), context(row, hook)
    outcome = engine.evaluate(template, ctx, content_type=content_type)
    for _ in range(3):
        # A busy machine may need more than Kratos' second for what its servers did in time.
        if not isinstance(outcome, Failed) or outcome.error.kind != "timeout" or row.by_machine:
            break
        outcome = engine.evaluate(template, ctx, content_type=content_type)
    return outcome


def context(row: Row, hook: HookPoint) -> Any:
    """A captured context of the hook point, with the row's transient payload and traits."""
    ctx = copy.deepcopy(_captured(_CONTEXTS[hook.id]))
    if row.transient_payload is not None:
        given = row.transient_payload
        # Null becomes an empty object (row tpl.transient-null).
        ctx["flow"]["transient_payload"] = (json.loads(whole(given)) if isinstance(given, str) else given) or {}
    return ctx


@cache
def _captured(name: str) -> Any:
    return json.loads((FIXTURES / "captures" / f"{name}.json").read_text(encoding="utf-8"))["ctx"]


def answers(row: Row) -> tuple[Answer, ...]:
    """What the row's receiver answers."""
    if row.id in _VARYING:
        return _VARYING[row.id]
    if row.hooks and row.hooks[0].get("url", "").startswith("http://127.0.0.1:1/"):
        return (Answer(refused=True),)
    said = row.response.get("h", row.response)
    return (
        Answer(
            status=said.get("code", 200),
            headers=tuple((name, value) for name, value in said.get("hdrs", ())),
            body=whole(said.get("body", "{}")).encode(),
            sleep=said.get("sleep", 0),
        ),
    )
