"""The rules on cancelling: texts that cancel by accident, and texts that fail to."""

import re
from collections.abc import Iterator, Set

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.facts import error_texts
from jsonnet_ctx.syntax.position import line_column, offset_of
from jsonnet_ctx.syntax.record import Span

FORM = "application/x-www-form-urlencoded"
_MEANT = re.compile(r"cancel(led|ed)?(\W*$|[^\w\s-]|\s+(because|since|as|when|for|if)\b)")
"""Texts whose author plainly wants the webhook cancelled."""

_NEARLY = re.compile(
    r"""^\W*cancel                                                          # other case, or something before it
      | \bcancel\W*$                                                       # please cancel
      | ^(skip|abort|ignore|drop|stop)\w*\b.*\bcancel\b                    # skip: cancel, no consent
      | ^\W*((the|this)\s+)?(web_?hook|hook|event|request|delivery)\W+(\w+\W+)?cancel  # webhook cancelled
      | ^\{.*"cancel"                                                      # an object that says so
    """,
    re.VERBOSE,
)


class _Said(Frozen):
    """The text of an ``error`` or ``assert``, or how it begins; ``raised`` says that a search came by it."""

    text: str
    kind: str
    span: Span
    raised: bool


def cancel_prefix(subject: Subject, raised: Set[tuple[Location, str]]) -> Iterator[Finding]:
    """An error text begins with `cancel` without meaning it, and so skips the webhook in silence.

    Kratos looks for errors that begin with `cancel`, and takes them for the wish to send nothing:
    no webhook, no error, the flow goes on. Evidence: row cancel.json.cancelled.

    **bad** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'cancelled account'

    **good** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'cancel'
    """
    if not any(target.content_type == "application/json" for target in subject.targets):
        return
    for said in _said(subject, raised):
        if said.text.startswith("cancel") and not _MEANT.match(said.text):
            yield subject.finding(
                ("JC203", "cancel-prefix"),
                Severity.WARNING,
                f"this error begins with cancel, so kratos skips the webhook in silence: {said.text!r}",
                said.span,
                hint="write error 'cancel' where nothing is to be sent, else begin the text with another word",
            )


def cancel_in_form(subject: Subject, raised: Set[tuple[Location, str]]) -> Iterator[Finding]:
    """`error 'cancel'` does not cancel a form body; the hook fails.

    Only JSON bodies can be cancelled. Evidence: rows cancel.form.*.
    """
    if not all(target.content_type == FORM for target in subject.targets):
        return
    for said in _said(subject, raised):
        if said.text.startswith("cancel"):
            yield subject.finding(
                ("JC204", "cancel-in-form"),
                Severity.ERROR if said.raised or said.kind == "error" else Severity.INFO,
                "error 'cancel' does not cancel a form body: the hook fails",
                said.span,
                hint="send JSON, or send a form that the receiver ignores",
            )


def near_miss_cancel(subject: Subject, raised: Set[tuple[Location, str]]) -> Iterator[Finding]:
    """An error text nearly says cancel, and so fails the hook instead.

    The text has to begin with `cancel` in lower case. Where no context was found that raises the
    error, this is a warning, or a remark if it is the text of an `assert`. Evidence: rows
    cancel.json.capital, cancel.json.lead-space, cancel.json.embedded, cancel.json.object.

    **bad** `login.after.password`

        function(ctx) if ctx.flow.refresh then error 'Cancel' else { id: ctx.identity.id }

    **good** `login.after.password`

        function(ctx) if ctx.flow.refresh then error 'cancel' else { id: ctx.identity.id }
    """
    for said in _said(subject, raised):
        if said.text.startswith("cancel") or not _NEARLY.search(said.text.lower()):
            continue
        unseen = Severity.WARNING if said.kind == "error" else Severity.INFO
        yield subject.finding(
            ("JC205", "near-miss-cancel"),
            Severity.ERROR if said.raised else unseen,
            f"{said.text!r} does not cancel: the text has to begin with cancel in lower case, so the hook fails",
            said.span,
            hint="write error 'cancel'",
        )


CANCEL_RULES: tuple[Rule, ...] = (
    Rule("JC203", "cancel-prefix", cancel_prefix),
    Rule("JC204", "cancel-in-form", cancel_in_form),
    Rule("JC205", "near-miss-cancel", near_miss_cancel),
)


def _said(subject: Subject, raised: Set[tuple[Location, str]]) -> Iterator[_Said]:
    """What the template may say in errors that its entry point reaches, and what it was heard to say."""
    heard: dict[tuple[int | None, int | None], list[str]] = {}
    for place, text in sorted(raised, key=lambda one: one[1]):
        heard.setdefault((place.line, place.column), []).append(text)
    for error in error_texts(subject.tree):
        texts = heard.pop(line_column(subject.template.text, error.span[0]), [])
        if error.text is None and any(texts):
            yield from (_Said(text, error.kind, error.span, True) for text in texts)
        elif texts or error.certain:
            yield _Said(error.prefix, error.kind, error.span, bool(texts))
    for (line, column), texts in heard.items():
        if line is not None and column is not None:
            start = offset_of(subject.template.text, line, column)
            yield from (_Said(text, "error", (start, start + len("error")), True) for text in texts)
