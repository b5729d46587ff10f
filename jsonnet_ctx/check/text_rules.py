"""The rules on text: what a template says about ctx that cannot be so."""

from collections.abc import Iterator

from jsonnet_ctx.check.possible import is_possible
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.sent import sent_somewhere
from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.check.telling import article
from jsonnet_ctx.check.type_tests import impossible_type_tests
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.kratos.headers import canonical
from jsonnet_ctx.syntax.facts import comparisons, concatenations, large_numbers, string_uses
from jsonnet_ctx.syntax.reads import Read
from jsonnet_ctx.syntax.record import Span


def guard_always_false(subject: Subject) -> Iterator[Finding]:
    """A guard asks for a field that Kratos never sends there, so what it guards never happens.

    A misspelt name or an old place behind `in`, `std.objectHas` or `std.get` gives no error: the
    payload is simply wrong, for everybody. The same goes for a test for a type that a field never
    has: every value of `request_headers` is a list, so `std.isString` of one never holds.

    **bad** `registration.after.password.post_persist`

        function(ctx) { campaign: std.get(std.get(ctx, 'transient_payload', {}), 'campaign', '') }

    **good** `registration.after.password.post_persist`

        function(ctx) { campaign: std.get(ctx.flow.transient_payload, 'campaign', '') }
    """
    asked = {read.path: read for read in reversed(subject.reads) if read.kind in ("exists", "get") and read.certain}
    for path, read in asked.items():
        above_is_there = len(path) == 1 or subject.field(path[:-1]) is not None
        if "*" in path or not above_is_there or any(is_possible(target, path) for target in subject.targets):
            continue
        near = subject.nearest(path)
        yield subject.finding(
            ("JC108", "guard-always-false"),
            Severity.INFO if _may_be_elsewhere(subject, path) else Severity.WARNING,
            f"ctx.{format_path(path)} is never there, so this is always false or the default",
            _written_at(subject, read, path),
            path=path,
            hint=f"ctx.{near} is what comes close" if near else None,
        )
    yield from impossible_type_tests(subject)


def list_in_string(subject: Subject) -> Iterator[Finding]:
    """A list or an object is put into a string, where it arrives as JSON text.

    Every value of `request_headers` is a list, so `'ua=' + ctx.request_headers['User-Agent']`
    gives `ua=["curl/8.0"]` and no error.

    **bad** `login.after.password`

        function(ctx) {
          local headers = ctx.request_headers,
          client: 'ua=' + (if 'User-Agent' in headers then headers['User-Agent'] else ''),
        }

    **good** `login.after.password`

        function(ctx) {
          local headers = ctx.request_headers,
          client: 'ua=' + (if 'User-Agent' in headers then headers['User-Agent'][0] else ''),
        }
    """
    for text in concatenations(subject.tree):
        for path in text.paths:
            types = [name for field in subject.fields(path) for name in field.types]
            if types and set(types) <= {"array", "object"} and not _is_open(path):
                yield subject.finding(
                    ("JC110", "list-in-string"),
                    Severity.ERROR,
                    f"ctx.{format_path(path)} is {article(types[0])}, and arrives in the text as JSON",
                    text.span,
                    path=path,
                    hint="take an item of it ([0]) or join it with std.join(', ', …)",
                )


def constant_never_equal(subject: Subject) -> Iterator[Finding]:
    """A field is compared with a value that it never has.

    `flow.type` is `browser` or `api`; the kind of flow is not in ctx, the hook point is what tells it.

    **bad** `registration.after.password.post_persist`

        function(ctx) { new: ctx.flow.type == 'registration' }

    **good** `registration.after.password.post_persist`

        function(ctx) { native: ctx.flow.type == 'api' }
    """
    for comparison in comparisons(subject.tree):
        fields = subject.fields(comparison.path)
        if not fields or not all(field.enum for field in fields) or comparison.operator not in ("==", "!="):
            continue
        constant = comparison.constant
        values = tuple(dict.fromkeys(value for field in fields for value in field.enum))
        # The empty string stands for "not there", in a helper for fields of all kinds too.
        if isinstance(constant, str) and constant and constant not in values:
            yield subject.finding(
                ("JC111", "constant-never-equal"),
                Severity.WARNING,
                f"ctx.{format_path(comparison.path)} is never {constant!r}: it is {' or '.join(values)}",
                comparison.span,
                path=comparison.path,
            )


def large_integer(subject: Subject) -> Iterator[Finding]:
    """A number is too large for Jsonnet to hold exactly.

    Jsonnet numbers are doubles; whole numbers beyond 2^53 change. Evidence: row json.numbers.

    **bad** `login.after.password`

        function(ctx) { id: 9007199254740993 }

    **good** `login.after.password`

        function(ctx) { id: '9007199254740993' }
    """
    for number in large_numbers(subject.tree):
        yield subject.finding(
            ("JC503", "large-integer"),
            Severity.WARNING,
            f"{number.name} cannot be held exactly: whole numbers beyond 2^53 change",
            number.span,
            hint="write it as a string",
        )


TEXT_RULES: tuple[Rule, ...] = (
    Rule("JC108", "guard-always-false", guard_always_false),
    Rule("JC110", "list-in-string", list_in_string),
    Rule("JC111", "constant-never-equal", constant_never_equal),
    Rule("JC503", "large-integer", large_integer),
)


def _may_be_elsewhere(subject: Subject, path: Path) -> bool:
    """Whether a guard makes sense in a template for several hooks, versions or allow-lists.

    A config says which allow-list there is.
    """
    if path[0] == "request_headers":
        is_wired = any(target.wired_at is not None for target in subject.targets)
        return not is_wired and canonical(str(path[1])) == path[1] and subject.nearest(path) is None
    if path[:2] == ("identity", "traits") and len(path) > 2:
        return any(target.schema is None or not subject.field(path[:2]) for target in subject.targets)
    return sent_somewhere(path)


def _written_at(subject: Subject, read: Read, path: Path) -> Span:
    """Where the name that is asked for is written: the guard, or the one call that hands it to a helper."""
    name = str(path[-1])
    if name in subject.template.text.encode()[slice(*read.span)].decode(errors="replace"):
        return read.span
    places = [use.span for use in string_uses(subject.tree) if use.name == name]
    return places[0] if len(places) == 1 else read.span


def _is_open(path: tuple[str | int, ...]) -> bool:
    return path[:2] in (("flow", "transient_payload"), ("identity", "metadata_public"))
