"""How a fault is told: the message, the hint, and the half sentences that messages are made of."""

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.records import Frozen


class Telling(Frozen):
    """What a fault rule says: the message, and a hint where the general one does not fit."""

    message: str
    hint: str | None = None


def article(name: str) -> str:
    """A JSON type name with its article."""
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def split(path: Path) -> tuple[str, str]:
    """The text of a path's parent, with ``ctx`` in front, and the last name."""
    parent = format_path(path[:-1])
    return (f"ctx.{parent}" if parent else "ctx", str(path[-1]) if path else "")


def when(fault: Fault) -> str:
    """The half sentence about when a fault happens, and what a client can do with it."""
    said = f" when {fault.why}" if fault.why else ""
    return said + ("; so a client can suppress this event" if _can_suppress(fault) else "")


def _can_suppress(fault: Fault) -> bool:
    """Whether an odd client value keeps the event from being sent while what it tells of has happened."""
    by_client = (fault.path or ())[:2] == ("flow", "transient_payload")
    return (
        by_client and not fault.ordinary and fault.target.hook.phase == "after" and fault.target.hook.persist != "pre"
    )


def plain(fault: Fault) -> str:
    """The engine's own words, as the middle of a sentence."""
    return fault.error.message[:1].lower() + fault.error.message[1:].rstrip(".")
