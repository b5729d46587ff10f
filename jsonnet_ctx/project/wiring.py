"""Which hooks run: dead, shadowed and cut-off ones, by the rules of Kratos (behaviours.json rows sel.*)."""

from collections.abc import Iterator, Sequence

from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.hook_point import hook_since
from jsonnet_ctx.kratos.versions import VERSIONS, reaches
from jsonnet_ctx.project.binding import Status
from jsonnet_ctx.project.config_keys import config_keys, versions_before
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.hook_lists import HookItem, HookList, hook_point_of
from jsonnet_ctx.project.problem import Problem
from jsonnet_ctx.project.shadow import shadow_of
from jsonnet_ctx.project.switches import flow_default_off, flow_is_off, method_is_off
from jsonnet_ctx.records import Frozen

_NEVER = "this webhook is never sent"


class Verdict(Frozen):
    """Whether one action runs, why not, and what the report says beside it."""

    status: Status = "effective"
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class Wiring(Frozen):
    """What the decision on one action needs: all lists of the config, its root and the version."""

    root: Entry
    lists: tuple[HookList, ...]
    kratos: str


def judge(item: HookItem, hooks: HookList, wiring: Wiring, address: str) -> Verdict:
    """Decide on one web_hook action of a list; ``address`` names it in problems."""
    hook = hook_point_of(hooks, interrupts=item.interrupts).id

    def problem(
        slug: str, message: str, severity: Severity, hint: str, effect: str, kratos: Sequence[str] = VERSIONS
    ) -> Problem:
        where = item.entry.location
        return Problem(slug, message, where, severity, tuple(kratos), hint, effect, address, (hook,))

    dead = next(_deaths(item, hooks, wiring), None)
    if dead is not None:
        return Verdict("dead", dead.message, (problem("dead-hook", *dead.parts),))
    problems = []
    if item.entry.value_at("config", "method") == "TRACE":
        # The webhook is sent, its template is what never runs (row method.trace).
        message = "a request of method TRACE goes out without a body: no template is evaluated"
        problems.append(
            problem("dead-hook", message, Severity.WARNING, "use another method", "the receiver gets no body")
        )
    older = versions_before(config_keys()["session_hook_ends_chain_before"])
    if wiring.kratos in older and _follows_session(item, hooks):
        message = f"the session hook before it ends {hooks.name} for native and single-page clients"
        effect = "these clients register, and the webhook is not sent"
        hint = "move the web_hook before the session hook"
        problems.append(problem("session-before-web-hook", message, Severity.ERROR, hint, effect, older))
    if hooks.method != "global":
        return Verdict(problems=tuple(problems), notes=tuple(_notes(hooks, wiring)))
    shadow = shadow_of(item, hooks, wiring.lists, wiring.root, wiring.kratos)
    if shadow is None:
        return Verdict(problems=tuple(problems))
    problems.append(problem("shadowed-hook", shadow.message, shadow.severity, shadow.hint, shadow.effect))
    if shadow.is_full:
        return Verdict("shadowed", shadow.reason, tuple(problems))
    return Verdict(problems=tuple(problems), notes=(shadow.reason,))


class _Death(Frozen):
    message: str
    severity: Severity
    hint: str
    effect: str = _NEVER
    kratos: tuple[str, ...] = VERSIONS

    @property
    def parts(self) -> tuple[str, Severity, str, str, tuple[str, ...]]:
        return self.message, self.severity, self.hint, self.effect, self.kratos


def _deaths(item: HookItem, hooks: HookList, wiring: Wiring) -> Iterator[_Death]:
    """Reasons why the action never runs whatever people do."""
    flow, method = hooks.flow, hooks.method
    if flow in {"registration", "settings"} and method == "global" and item.interrupts:
        # Rows sel.reg.global-parse, sel.reg.global-can_interrupt, sel.settings.global-parse.
        yield _Death(
            f"{flow}.after.hooks never runs hooks with response.parse or can_interrupt",
            Severity.ERROR,
            f"move it into the lists of the methods, such as {flow}.after.password.hooks",
        )
        return
    since = hook_since(hook_point_of(hooks, interrupts=item.interrupts))
    if not reaches(wiring.kratos, since):
        older = versions_before(since)
        yield _Death(
            f"{hooks.name} exists since kratos {since}", Severity.ERROR, f"raise kratos to {since}", _NEVER, older
        )
    if flow_is_off(wiring.root, flow):
        yield _Death(f"selfservice.flows.{flow}.enabled is false", Severity.INFO, f"enable {flow} or remove the hook")
    if method and method != "global" and method_is_off(wiring.root, flow, method):
        message = f"the method {method} is switched off for {flow}"
        yield _Death(message, Severity.INFO, f"enable {method} or remove the hook")


def _follows_session(item: HookItem, hooks: HookList) -> bool:
    """Whether a ``session`` hook stands before this post-persist one (ory/kratos#2377, ory/kratos#3033)."""
    if hooks.flow != "registration" or hooks.phase != "after" or item.interrupts:
        return False
    return any(other.name == "session" and other.index < item.index for other in hooks.items)


def _notes(hooks: HookList, wiring: Wiring) -> Iterator[str]:
    if hooks.name == "login.after.oidc":
        yield "native OIDC logins with an id_token take login.after.hooks instead of this list"
    if flow_default_off(wiring.root, hooks.flow):
        yield f"selfservice.flows.{hooks.flow}.enabled is not set here and is false by default"
