"""The rules on privacy: secrets in templates, and what leaves with a payload that should not."""

import re
from collections.abc import Iterator

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.check.subject import Subject
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.syntax.facts import named_strings, output_fields, string_uses, whole_uses

_SECRET_NAME = re.compile(r"(?i)(secret|passw|api_?key|access_?key|private_?key|auth_?token|bearer)")
_SECRET_VALUE = re.compile(
    r"(sk|pk|rk)_(live|test)_[0-9A-Za-z]{10,}|gh[pousr]_[0-9A-Za-z]{30,}|xox[abpr]-[0-9A-Za-z-]{10,}"
    r"|AKIA[0-9A-Z]{16}|ory_(pat|st|at|wak)_[0-9A-Za-z]{10,}|eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|Bearer [0-9A-Za-z._-]{16,}|Basic [0-9A-Za-z+/=]{16,}"
)
_TOKEN_COOKIE = re.compile(r"(?i)^(ory_|csrf)|session|token|jwt|auth")
WHOLE: dict[Path, str] = {
    (): "the whole ctx, with the csrf token, cookies and every trait",
    ("flow",): "the whole flow, with the csrf token of its form",
    ("flow", "ui"): "the whole form, with its csrf token",
    ("session",): "the whole session",
    ("identity",): "the whole identity, with every trait and address",
    ("request_cookies",): "every cookie of the request",
    ("request_headers",): "every header of the request",
}
TOKENS: tuple[Path, ...] = (
    ("request_headers", "Cookie"),
    ("request_headers", "Authorization"),
    ("request_headers", "X-Session-Token"),
    ("flow", "session_token_exchange_code"),
)


def whole_object(subject: Subject) -> Iterator[Finding]:
    """A whole object of ctx goes into the payload, with tokens or cookies inside.

    What Kratos adds to it in a later version leaves as well.

    **bad** `login.after.password`

        function(ctx) { flow: ctx.flow }

    **good** `login.after.password`

        function(ctx) { flow: { id: ctx.flow.id, type: ctx.flow.type } }
    """
    placed = {
        (source, field.span) for field in output_fields(subject.tree) if field.verbatim for source in field.sources
    }
    whole = {(read.path, read.span) for read in whole_uses(subject.tree)}
    for path, span in sorted(placed | whole, key=lambda one: (one[1], str(one[0]))):
        if path in WHOLE and (path, span) in placed:
            yield subject.finding(
                ("JC601", "whole-object"),
                Severity.WARNING,
                f"the payload holds {WHOLE[path]}",
                span,
                path=path,
                hint="name the fields that the receiver needs",
            )


def secret_in_template(subject: Subject) -> Iterator[Finding]:
    """A secret stands in the template.

    Templates lie in repositories, and a base64:// body shows up in Kratos's error messages,
    which API clients get to see. Evidence: row tpl.long-url-in-error.

    **bad** `login.after.password`

        function(ctx) { id: ctx.identity.id, api_key: 'c0ffee5e-7a11-4bad-9001-deadbeef0042' }

    **good** `login.after.password`

        function(ctx) { id: ctx.identity.id }
    """
    spans = {use.span for use in string_uses(subject.tree) if _SECRET_VALUE.search(use.name)}
    spans |= {
        use.span
        for name, use in named_strings(subject.tree)
        if _SECRET_NAME.search(name) and len(use.name) >= 12 and " " not in use.name and re.search(r"\d", use.name)
    }
    for span in sorted(spans):
        yield subject.finding(
            ("JC602", "secret-in-template"),
            Severity.WARNING,
            "this looks like a secret",
            span,
            hint="send it with the auth setting of the web_hook, or as a header",
        )


def secret_leaves(subject: Subject) -> Iterator[Finding]:
    """A cookie, token or password goes into the payload.

    **bad** `login.after.password`

        function(ctx) { cookie: std.get(ctx.request_cookies, 'ory_kratos_session', '') }

    **good** `login.after.password`

        function(ctx) { signed_in: std.objectHas(ctx.request_cookies, 'ory_kratos_session') }
    """
    for field in output_fields(subject.tree):
        for source in field.sources:
            if field.verbatim and _is_token(subject, source):
                yield subject.finding(
                    ("JC603", "secret-leaves"),
                    Severity.WARNING,
                    f"ctx.{format_path(source)} leaves with the payload",
                    field.span,
                    path=source,
                    hint="send the identity's id instead, or a hash",
                )


def _is_token(subject: Subject, source: Path) -> bool:
    """Whether a ctx path holds something that lets its owner act for the person."""
    if source == ("password",):
        return any(target.hook.id != "password_migration" for target in subject.targets)
    if source[:1] == ("request_cookies",) and len(source) > 1:
        return is_token_cookie(str(source[1]))
    return any(source[: len(token)] == token for token in TOKENS)


def is_token_cookie(name: str) -> bool:
    """Whether a cookie of this name lets its owner act for the person."""
    return _TOKEN_COOKIE.search(name) is not None


PRIVACY_RULES: tuple[Rule, ...] = (
    Rule("JC601", "whole-object", whole_object),
    Rule("JC602", "secret-in-template", secret_in_template),
    Rule("JC603", "secret-leaves", secret_leaves),
)
