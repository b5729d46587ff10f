"""Which hook points a template was written for, judged by what it reads."""

from collections.abc import Iterable

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_points
from jsonnet_ctx.kratos.scenario import scenarios
from jsonnet_ctx.kratos.shape import Shape, shape_of
from jsonnet_ctx.syntax.facts import ext_vars
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import ctx_reads

_SURFACES = {"claims": "an OIDC claims mapper", "session": "a session tokenizer"}
_TRANSIENT = ("flow", "transient_payload")


def is_other_surface(text: str) -> str | None:
    """What a template is where it is no web_hook body (it reads another surface's variables), else None."""
    try:
        names = {use.name for use in ext_vars(parse(text))}
    except SyntaxProblem:
        return None
    return next((said for name, said in _SURFACES.items() if name in names and "ctx" not in names), None)


def looks_like_a_web_hook(text: str) -> bool:
    """Whether a Jsonnet file found in a tree is worth checking: it mentions ctx and is no other surface's."""
    return "ctx" in text and is_other_surface(text) is None


def fitting_hooks(text: str, kratos: str) -> tuple[HookPoint, ...]:
    """The after hooks whose ctx holds what the template reads.

    Where no hook holds everything, those that hold the most: the finding then says what is never
    there. A template that cannot be parsed, or reads nothing, fits the hooks after registration.
    """
    try:
        reads = {read.path for read in ctx_reads(text) if read.kind in ("field", "index")}
    except SyntaxProblem:
        reads = set()
    candidates = [hook for hook in hook_points(kratos) if hook.phase == "after" and hook.persist != "pre"]
    if not reads:
        return tuple(hook for hook in candidates if hook.flow == "registration")
    misses = {hook.id: _misses(hook, kratos, reads) for hook in candidates}
    fewest = min(misses.values())
    return tuple(hook for hook in candidates if misses[hook.id] == fewest)


def _misses(hook: HookPoint, kratos: str, reads: Iterable[Path]) -> int:
    """How many reads no ctx of this hook can serve."""
    shape = shape_of(hook, kratos=kratos)
    always_sent = all(scenario.transient_payload == "client" for scenario in scenarios(hook, kratos))
    return sum(not _served(shape, path, always_sent) for path in reads)


def _served(shape: Shape, path: Path, transient_payload_always: bool) -> bool:
    if path[:2] == _TRANSIENT and not transient_payload_always:
        return False
    return shape.field(path) is not None
