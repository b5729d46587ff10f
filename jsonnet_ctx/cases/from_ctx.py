"""A case for a ctx that is known: the fewest words of a case file that lead to the same outcome."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.cases.contexts import Contexts, Edits
from jsonnet_ctx.cases.first import expectation_of
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Outcome, Rendered
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.shape import shape_of
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen


class Wanted(Frozen):
    """What the case is to show: a template at a hook point of a version, with a ctx."""

    template: Template
    hook: HookPoint
    kratos: str
    ctx: dict[str, Any]
    content_type: str


_ABSENT = object()


def case_words(wanted: Wanted, contexts: Contexts, engine: Engine) -> dict[str, Any] | None:
    """``client``, ``given``, ``without`` and ``expect`` of the case; None where no edits lead to the same outcome."""
    (trace,) = engine.trace(wanted.template, [wanted.ctx], content_type=wanted.content_type, blame=False)
    outcome = engine.evaluate(wanted.template, wanted.ctx, content_type=wanted.content_type)
    for client in CLIENTS:
        base, came = contexts.fabricated(wanted.hook, wanted.kratos, client, Edits({}, {}))
        if came != client:
            continue
        edits = [
            (path, value)
            for path, value in _between(base, wanted.ctx)
            if any(_touch(path, read) for read in trace.reads | trace.tests)
        ]
        if not _same(outcome, _outcome(wanted, contexts, engine, base, edits)):
            continue
        for edit in list(edits):
            fewer = [other for other in edits if other is not edit]
            if _same(outcome, _outcome(wanted, contexts, engine, base, fewer)):
                edits = fewer
        return _told(client, edits, outcome)
    return None


def _told(client: Client, edits: list[tuple[Path, Any]], outcome: Outcome) -> dict[str, Any]:
    given, without = _words(edits)
    words: dict[str, Any] = {} if client == "api" else {"client": client}
    words |= {"given": given} if given else {}
    words |= {"without": list(without)} if without else {}
    return words | {"expect": expectation_of(outcome)}


def _outcome(
    wanted: Wanted, contexts: Contexts, engine: Engine, base: dict[str, Any], edits: list[tuple[Path, Any]]
) -> Outcome | None:
    """What comes of a base ctx with edits; None where a case file may not say them."""
    shape = shape_of(wanted.hook, kratos=wanted.kratos, identity_schema=contexts.identity_schema)
    given, without = _words(edits)
    try:
        ctx = apply_given(base, shape, given, without, allowlist=contexts.allowlist)
    except JsonnetCtxError:
        return None
    return engine.evaluate(wanted.template, ctx, content_type=wanted.content_type)


def _words(edits: list[tuple[Path, Any]]) -> tuple[dict[str, Any], tuple[str, ...]]:
    given = {format_path(path): value for path, value in edits if value is not _ABSENT}
    return given, tuple(format_path(path) for path, value in edits if value is _ABSENT)


def _same(one: Outcome, two: Outcome | None) -> bool:
    """Whether a case that expects the one holds for the other."""
    if two is None or type(one) is not type(two):
        return False
    if isinstance(one, Rendered) or isinstance(two, Rendered):
        return bool(getattr(one, "payload", None) == getattr(two, "payload", None))
    return (one.error.kind, one.error.path) == (two.error.kind, two.error.path)


def _between(base: Any, wanted: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What to set and what to leave out to get from one ctx to another, as far down as objects go."""
    if not isinstance(base, dict) or not isinstance(wanted, dict):
        if base != wanted or type(base) is not type(wanted):
            yield path, wanted
        return
    for key in dict.fromkeys((*wanted, *base)):
        if key not in wanted:
            yield (*path, key), _ABSENT
        elif key not in base:
            yield (*path, key), wanted[key]
        else:
            yield from _between(base[key], wanted[key], (*path, key))


def _touch(one: Path, two: Path) -> bool:
    shorter = min(len(one), len(two))
    return one[:shorter] == two[:shorter]
