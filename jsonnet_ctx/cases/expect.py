"""The words of ``expect``: each reads its part of a case file and makes a check of it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, get_args

from jsonnet_ctx.cases.case import Check, Expectation, Ran
from jsonnet_ctx.cases.contract import read_contract
from jsonnet_ctx.cases.expect_request import read_effect, read_request
from jsonnet_ctx.cases.matchers import Matcher, read_matchers
from jsonnet_ctx.cases.mismatch import Mismatch, at_payload, differences, error_words, missing_parts, value_at
from jsonnet_ctx.cases.refuse import require, require_word, require_words, wrong
from jsonnet_ctx.cases.same import shown
from jsonnet_ctx.ctx_path import Path, format_path, parse_ctx_path, parse_path
from jsonnet_ctx.engine.outcome import Failed, Kind, Rendered
from jsonnet_ctx.project.entry import Entry

# What can be said of a payload, so only where there is one.
_OF_PAYLOAD = ("payload", "contains", "paths", "schema", "snapshot")
# What is true or false of any outcome.
_OF_ANY = frozenset({"effect", "request"})
_SAY = "payload, contains, paths, cancelled or failed"


def read_expectation(entry: Entry) -> Expectation:
    """What a case expects. Raises FileError for unknown words, wrong values and contradictions.

    Its checks keep values and no entries, so that the nodes of the file are free once it is read.
    """
    if isinstance(entry.value, str):
        require_word(entry, entry.value, ("cancelled", "failed"), "outcome")
        return Expectation(entry.value, ())
    if isinstance(entry.value, list):
        hint = f"write expect: {entry.value[0]}" if entry.value in (["cancelled"], ["failed"]) else f"say {_SAY}"
        raise wrong(entry, "expect must be an object, not a list", hint=hint)
    require_words(entry, EXPECT_WORDS, "expect")
    words = dict(entry.fields())
    if not words:
        raise wrong(entry, "expect says nothing", hint=f"say {_SAY}")
    outcome = _outcome(entry, words)
    checks = tuple(WORDS[word](child) for word, child in words.items() if word in WORDS)
    snapshot = require(words["snapshot"], "boolean", "snapshot") if "snapshot" in words else False
    if words.keys() == {"snapshot"} and not snapshot:
        raise wrong(entry, "expect says nothing: snapshot is false")
    return Expectation(outcome, checks, snapshot, timed="under" in words)


def _outcome(entry: Entry, words: dict[str, Entry]) -> str:
    named = [word for word in ("cancelled", "failed") if word in words]
    if len(named) == 2:
        raise wrong(words["failed"], "a case cannot expect both cancelled and failed")
    if not named:
        return "any" if words.keys() <= _OF_ANY else "rendered"
    if named == ["cancelled"] and words["cancelled"].value is not True:
        raise wrong(words["cancelled"], "cancelled takes true", hint="leave it out where a payload is expected")
    for word in _OF_PAYLOAD:
        if word in words:
            raise wrong(words[word], f"a case that expects {named[0]} has no payload for {word}")
    return named[0]


def _payload(entry: Entry) -> Check:
    return partial(_compared, differences, entry.value)


def _contains(entry: Entry) -> Check:
    return partial(_compared, missing_parts, entry.value)


def _compared(compare: Callable[[Any, Any], Iterable[Mismatch]], wanted: Any, ran: Ran) -> Iterable[Mismatch]:
    return compare(wanted, _rendered(ran))


def _paths(entry: Entry) -> Check:
    require(entry, "object", "paths")
    if not entry.value:
        raise wrong(entry, "paths without a path demands nothing")
    demands = [(_path(child, text, "payload"), read_matchers(child)) for text, child in entry.fields()]
    return partial(_check_paths, demands)


def _check_paths(demands: list[tuple[Path, tuple[Matcher, ...]]], ran: Ran) -> Iterator[Mismatch]:
    payload = _rendered(ran)
    for path, matchers in demands:
        value = value_at(payload, path)
        for matcher in matchers:
            if not matcher.holds(value):
                yield at_payload(path, matcher.wanted, value)


def _failed(entry: Entry) -> Check:
    if entry.value is True or entry.value == {}:
        return lambda _: ()
    if not isinstance(entry.value, dict):
        hint = f"write failed: {{kind: {entry.value}}}" if isinstance(entry.value, str) else None
        raise wrong(entry, f"failed must be an object, not {entry.type_name}", hint=hint)
    require_words(entry, ("kind", "path", "message"), "failed")
    wanted: dict[str, str] = {word: require(child, "string", f"failed.{word}") for word, child in entry.fields()}
    if "kind" in wanted:
        require_word(entry.get("kind") or entry, wanted["kind"], get_args(Kind), "error kind")
    if "path" in wanted:
        wanted["path"] = format_path(_path(entry.get("path") or entry, wanted["path"], "ctx"))
    return partial(_check_failed, wanted)


def _check_failed(wanted: dict[str, str], ran: Ran) -> Iterator[Mismatch]:
    if not isinstance(ran.outcome, Failed):
        return  # that it did not fail is told already
    error = ran.outcome.error
    said = error_words(error)
    if wanted.get("kind") not in (None, error.kind):
        yield Mismatch("failed.kind", wanted["kind"], error.kind, note=said)
    if wanted.get("path") not in (None, error.path):
        yield Mismatch("failed.path", wanted["path"], error.path or "no ctx path", note=said)
    if wanted.get("message", "") not in error.message:
        yield Mismatch("failed.message", f"a text with {shown(wanted['message'])}", shown(error.message), note=said)


def _under(entry: Entry) -> Check:
    require_words(entry, ("seconds", "bytes"), "under")
    limits = {word: _limit(child, word) for word, child in entry.fields()}
    if not limits:
        raise wrong(entry, "under without seconds or bytes demands nothing")
    return partial(_check_under, limits)


def _check_under(limits: dict[str, float], ran: Ran) -> Iterator[Mismatch]:
    used = {"seconds": ran.outcome.usage.seconds, "bytes": ran.outcome.usage.output_bytes}
    for word, limit in limits.items():
        if used[word] > limit:
            yield Mismatch(
                f"under.{word}", f"at most {limit:g}", f"{used[word]:.4g}" if word == "seconds" else str(used[word])
            )


def _limit(entry: Entry, word: str) -> float:
    limit: float = require(entry, "number", f"under.{word}")
    if limit < 0:
        raise wrong(entry, f"under.{word} cannot be {limit:g}")
    return limit


def _path(entry: Entry, text: str, of: str) -> Path:
    try:
        return parse_ctx_path(text) if of == "ctx" else parse_path(text)
    except ValueError as problem:
        raise wrong(
            entry, str(problem).replace("ctx path", f"{of} path"), hint='write a.b, a[0].b or ["a.b"]'
        ) from None


def _rendered(ran: Ran) -> Any:
    """The payload; run_case asks the checks of a payload only where there is one."""
    assert isinstance(ran.outcome, Rendered)  # noqa: S101 - see above
    return ran.outcome.payload


WORDS: dict[str, Callable[[Entry], Check]] = {
    "payload": _payload,
    "contains": _contains,
    "paths": _paths,
    "failed": _failed,
    "request": read_request,
    "effect": read_effect,
    "schema": read_contract,
    "under": _under,
}
"""Each word of expect that makes a check; ``cancelled`` and ``snapshot`` make none of their own."""
EXPECT_WORDS = (*WORDS, "cancelled", "snapshot")
