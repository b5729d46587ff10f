"""The rules on cancelling: texts that cancel by accident, and texts that fail to."""

from collections.abc import Iterator

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.syntax.facts import error_texts

FORM = "application/x-www-form-urlencoded"


def cancel_prefix(subject: Subject) -> Iterator[Finding]:
    """An error text begins with `cancel` without meaning it, and so skips the webhook in silence.

    Kratos looks for errors that begin with `cancel`, and takes them for the wish to send nothing:
    no webhook, no error, the flow goes on. Evidence: row cancel.json.cancelled.

    **bad** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'cancelled account'

    **good** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'cancel'
    """
    for error in error_texts(subject.tree):
        rest = error.prefix.removeprefix("cancel")
        if rest != error.prefix and rest[:1].isalpha() and _is_json(subject):
            yield subject.finding(
                ("JC203", "cancel-prefix"),
                Severity.WARNING,
                f"this error begins with cancel, so kratos skips the webhook in silence: {error.prefix!r}",
                error.span,
                hint="write error 'cancel' where nothing is to be sent, else begin the text with another word",
            )


def cancel_in_form(subject: Subject) -> Iterator[Finding]:
    """`error 'cancel'` does not cancel a form body; the hook fails.

    Only JSON bodies can be cancelled. Evidence: rows cancel.form.*.
    """
    for error in error_texts(subject.tree):
        if error.prefix.startswith("cancel") and all(target.content_type == FORM for target in subject.targets):
            yield subject.finding(
                ("JC204", "cancel-in-form"),
                Severity.ERROR,
                "error 'cancel' does not cancel a form body: the hook fails",
                error.span,
                hint="send JSON, or send a form that the receiver ignores",
            )


def near_miss_cancel(subject: Subject) -> Iterator[Finding]:
    """An error text nearly says cancel, and so fails the hook instead.

    The text has to begin with `cancel` in lower case. Evidence: rows cancel.json.capital,
    cancel.json.lead-space, cancel.json.embedded, cancel.json.object.

    **bad** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'Cancel'

    **good** `login.after.password`

        function(ctx) if ctx.identity.state == 'active' then { id: ctx.identity.id } else error 'cancel'
    """
    for error in error_texts(subject.tree):
        words = error.prefix.strip().lower()
        if error.prefix.startswith("cancel") or not (words.startswith("cancel") or words.endswith("cancel")):
            continue
        yield subject.finding(
            ("JC205", "near-miss-cancel"),
            Severity.ERROR,
            f"{error.prefix!r} does not cancel: the text has to begin with cancel in lower case, so the hook fails",
            error.span,
            hint="write error 'cancel'",
        )


CANCEL_RULES: tuple[Rule, ...] = (
    Rule("JC203", "cancel-prefix", cancel_prefix),
    Rule("JC204", "cancel-in-form", cancel_in_form),
    Rule("JC205", "near-miss-cancel", near_miss_cancel),
)


def _is_json(subject: Subject) -> bool:
    return any(target.content_type == "application/json" for target in subject.targets)
