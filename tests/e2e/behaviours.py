"""A small set of behaviours that a real server and ``eval`` have to agree on."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["login", "registration"]

EMAIL = "ann@example.org"
FORM = {"headers": {"Content-Type": "application/x-www-form-urlencoded"}}
REFUSAL = json.dumps(
    {
        "messages": [
            {
                "instance_ptr": "#/traits/email",
                "messages": [{"id": 1234, "text": "This address is blocked.", "type": "error", "context": {}}],
            }
        ]
    }
)


@dataclass(frozen=True)
class Behaviour:
    """One template in one web_hook, what a native client does, and what the receiver answers."""

    id: str
    action: Action
    template: str
    webhook: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    answer: str = "{}"

    def __str__(self) -> str:
        return self.id

    @property
    def hooks(self) -> str:
        """The list of hooks that holds the action."""
        return f"{self.action}.after.password"


RENDER = "function(ctx) { email: ctx.identity.traits.email, way: ctx.flow.type, method: ctx.request_method }"
MISSING = "function(ctx) { plan: ctx.identity.traits.plan }"

BEHAVIOURS = (
    Behaviour("render-login", "login", RENDER),
    Behaviour("render-registration", "registration", RENDER),
    Behaviour(
        "odd-values",
        "login",
        "function(ctx) { n: [0.1, 1e30, -0.0], t: '<&>\\u2028é', e: {}, l: [] }",
        {"method": "PUT"},
    ),
    Behaviour("missing-field-login", "login", MISSING),
    Behaviour("missing-field-post-persist", "registration", MISSING),
    Behaviour("missing-field-pre-persist", "registration", MISSING, {"can_interrupt": True}),
    Behaviour("missing-field-ignored", "registration", MISSING, {"response": {"ignore": True}}),
    Behaviour("syntax", "login", "function(ctx) { a: }"),
    Behaviour("cancel", "registration", "function(ctx) error 'cancel: a guest'"),
    Behaviour("form", "login", "function(ctx) { b: ctx.identity.traits.email, a: 'x y&z', c: null }", FORM),
    Behaviour("form-not-flat", "login", "function(ctx) { n: 1 }", FORM),
    Behaviour("cancel-in-form", "login", "function(ctx) error 'cancel'", FORM),
    Behaviour(
        "content-type", "login", "function(ctx) {}", {"headers": {"Content-Type": "application/json; charset=utf-8"}}
    ),
    Behaviour("refusal", "registration", RENDER, {"response": {"parse": True}}, 400, REFUSAL),
    Behaviour("refusal-without-messages", "registration", RENDER, {"response": {"parse": True}}, 400, "{}"),
    Behaviour("bad-gateway", "registration", RENDER, {}, 400, REFUSAL),
    Behaviour("no-json", "registration", RENDER, {"response": {"parse": True}}, 200, "ok"),
)
