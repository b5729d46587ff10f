"""Fields that no ctx of a hook point can hold: which rule that breaks, and what to say about it."""

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.sent import sent_at, sent_at_other_hooks, sent_in_other_versions
from jsonnet_ctx.check.telling import Telling, split
from jsonnet_ctx.ctx_path import Path


def impossible_rule(fault: Fault, path: Path) -> str:
    """The id of the rule that a read of a field breaks that is never there."""
    if path[0] == "request_headers" or sent_at(fault.target.hook, fault.target.kratos, path):
        return "JC105"
    if sent_in_other_versions(fault.target.hook, path):
        return "JC107"
    return "JC106" if sent_at_other_hooks(fault.target.kratos, path) else "JC105"


def tell_impossible(fault: Fault, reason: str) -> Telling:
    """Say that a field is never there; a header or trait has a reason of its own."""
    path = fault.path or ()
    parent, name = split(path)
    if path[:1] == ("request_headers",):
        return Telling(
            f"{parent} has no {name}: kratos passes on only the headers of its allow-list", _header_hint(fault, path)
        )
    if sent_at(fault.target.hook, fault.target.kratos, path):
        return Telling(f"{parent} has no {name}: the identity schema does not allow it")
    nearest = fault.target.shape().nearest(path)
    hint = f"ctx.{nearest[0]} is what comes close" if nearest else None
    return Telling(f"{parent} has no {name}: {reason}", hint)


def _header_hint(fault: Fault, path: Path) -> str | None:
    same = [real for real in fault.target.shape().nearest(path) if real.startswith("request_headers.")]
    return (
        f"ctx.{same[0]}: names are canonical, values are lists" if same else "clients.web_hook.header_allowlist adds it"
    )
