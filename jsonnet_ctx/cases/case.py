"""One case: a template at a hook point with a ctx, and what the user says is right."""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonnet_ctx.cases.around import shown_path
from jsonnet_ctx.cases.mismatch import Mismatch
from jsonnet_ctx.engine.answer import Answer
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.effect_rows import Client
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.webhook import WebHook
from jsonnet_ctx.records import Frozen, field

if TYPE_CHECKING:  # most cases ask for neither
    from jsonnet_ctx.engine.effect import Effect
    from jsonnet_ctx.engine.request import Request


class Case(Frozen):
    """One thing to run; ``name`` is unique in its file and says hook point, version and client where several run.

    ``webhook`` is None where neither a config nor the case file says what sends the template. Where
    several actions of a config send it at this hook point, ``actions`` are their addresses and
    webhooks; where none does (but perhaps at another one), ``unwired`` says so, with a hint.
    ``snapshot`` is the file that holds the payload, None where the case has none. ``remarks`` are
    worth a warning.
    """

    name: str
    file: Path
    location: Location
    template: Template
    hook: HookPoint
    kratos: str
    client: Client
    ctx: dict[str, Any] = field(hash=False)
    expect: "Expectation"
    webhook: WebHook | None = None
    actions: tuple[tuple[str, WebHook], ...] = ()
    unwired: tuple[str, str] | None = None
    answers: tuple[Answer, ...] = ()
    identity_schema: dict[str, Any] | None = field(default=None, hash=False)
    engine: str | None = None
    snapshot: Path | None = None
    remarks: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """What the request would be sent as; Kratos takes a missing or empty header for JSON."""
        return (self.webhook and self.webhook.content_type) or "application/json"

    @property
    def address(self) -> str:
        """What names this case on the command line."""
        return f"{shown_path(self.file)}::{self.name}"


class Ran(Frozen):
    """What came of one case; request and effect are worked out when a check asks for them."""

    case: Case
    outcome: Outcome

    @cached_property
    def request(self) -> "Request | None":
        """The request that leaves, None where none does."""
        from jsonnet_ctx.engine.request import request_of

        return request_of(self.case.webhook or WebHook(), self.outcome, kratos=self.case.kratos)

    @cached_property
    def effect(self) -> "Effect":
        """What the person, the identity and the receiver get of it."""
        from jsonnet_ctx.engine.effect import effect_of

        case = self.case
        return effect_of(
            case.webhook or WebHook(),
            self.outcome,
            hook=case.hook,
            client=case.client,
            kratos=case.kratos,
            answer=case.answers or None,
            identity_schema=case.identity_schema,
        )


Check = Callable[[Ran], Iterable[Mismatch]]


class Expectation(Frozen):
    """What ``expect`` says: ``outcome`` is ``rendered``, ``cancelled``, ``failed`` or ``any``.

    ``timed`` says that a limit is set for the evaluation itself.
    """

    outcome: str
    checks: tuple[Check, ...]
    snapshot: bool = False
    timed: bool = False
