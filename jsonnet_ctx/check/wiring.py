"""The rules on wiring: what is wrong in a Kratos config, as findings."""

from typing import TYPE_CHECKING

from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.finding import Finding

if TYPE_CHECKING:  # whoever has a config has loaded them
    from jsonnet_ctx.project.kratos_config import Config
    from jsonnet_ctx.project.problem import Problem


def shadowed_hook() -> None:
    """A hook of the global list never runs, since a method list replaces it.

    Kratos takes the list of the method (`after.oidc.hooks`) if it holds any usable hook, and the
    global list (`after.hooks`) only where it does not; the two are never joined. Put the hook
    into each method's list. Evidence: behaviours.json rows sel.*.
    """


def dead_hook() -> None:
    """A hook is wired where Kratos never runs it.

    In the global `after.hooks` of registration and settings, hooks with `response.parse` or
    `can_interrupt` are passed over in silence; so is a list for a method that is switched off
    or that this version does not know. Evidence: rows sel.reg.global-parse, sel.settings.global-parse.
    """


def conflicting_flags() -> None:
    """`response.ignore` goes with neither `response.parse` nor `can_interrupt`; Kratos refuses to start.

    Evidence: rows cfg.ignore-and-parse, cfg.ignore-and-can_interrupt.
    """


def lax_base64() -> None:
    """A `base64://` body is no base64 as Go reads it: standard alphabet, padding, no line breaks.

    Many tools accept less strict text, so the body looks fine until Kratos decodes it.
    Evidence: rows body.bad-base64, body.base64-unpadded, body.base64-url-alphabet, body.base64-newlines.
    """


def unknown_scheme() -> None:
    """A body has a scheme that Kratos does not read.

    `file://`, `base64://`, `http://` and `https://` work; anything else is taken for a file name,
    such as `json://{"id":"${identity.id}"}`, and every call fails.
    """


def template_not_found() -> None:
    """A body names a file that is not there.

    A body without a scheme is a path too, so Jsonnet written right into the config ends here:
    put it into a file, or encode it with `base64://`. Evidence: rows body.missing-file.*, body.bare-string-jsonnet.
    """


def session_before_web_hook() -> None:
    """`session` stands before a `web_hook`, which then does not run for API clients before v1.2.0."""


def missing_body() -> None:
    """A web_hook has no body, so every call fails.

    Only the method TRACE goes out without one; GET needs a body too. Evidence: rows body.missing*.
    """


def duplicate_hook() -> None:
    """Two hooks of one list are equal; Kratos refuses to start. Evidence: row sel.same-hook-twice."""


def unknown_key() -> None:
    """A key that Kratos does not know stands in the wiring; it refuses to start, or the setting has no effect."""


def unknown_hook() -> None:
    """A list names a hook that Kratos does not know."""


def missing_key() -> None:
    """A web_hook lacks `url` or `method`; Kratos refuses to start. Evidence: rows cfg.no-url, cfg.no-method."""


def wrong_shape() -> None:
    """A part of the wiring has a type that Kratos does not take."""


def deprecated_bare_path() -> None:
    """A body without a scheme is read as a path relative to where Kratos runs, which it warns about."""


def remote_body() -> None:
    """A body is fetched over HTTP, so it is not checked here; Kratos keeps what it got for up to an hour."""


def outside_root() -> None:
    """A body lies outside the project, where nothing is read through a config."""


def too_large() -> None:
    """A body is larger than a template can be."""


def not_utf8() -> None:
    """A template is not UTF-8 text."""


def identity_schema() -> None:
    """An identity schema of the config cannot be read, so traits are not known."""


WIRING_RULES: tuple[Rule, ...] = (
    Rule("JC401", "shadowed-hook", shadowed_hook),
    Rule("JC402", "dead-hook", dead_hook),
    Rule("JC403", "conflicting-flags", conflicting_flags),
    Rule("JC405", "lax-base64", lax_base64),
    Rule("JC406", "unknown-scheme", unknown_scheme),
    Rule("JC407", "template-not-found", template_not_found),
    Rule("JC408", "session-before-web-hook", session_before_web_hook),
    Rule("JC409", "missing-body", missing_body),
    Rule("JC410", "duplicate-hook", duplicate_hook),
    Rule("JC411", "unknown-key", unknown_key),
    Rule("JC412", "unknown-hook", unknown_hook),
    Rule("JC413", "missing-key", missing_key),
    Rule("JC414", "wrong-shape", wrong_shape),
    Rule("JC415", "deprecated-bare-path", deprecated_bare_path),
    Rule("JC416", "remote-body", remote_body),
    Rule("JC417", "outside-root", outside_root),
    Rule("JC418", "too-large", too_large),
    Rule("JC419", "not-utf8", not_utf8),
    Rule("JC420", "identity-schema", identity_schema),
)

_BY_SLUG = {rule.slug: rule for rule in WIRING_RULES}


def wiring_findings(config: "Config") -> tuple[Finding, ...]:
    """Everything that is wrong in the wiring of a config, in the order of its lines."""
    found = (_finding(problem) for problem in config.problems)
    return tuple(sorted(found, key=lambda finding: (finding.location.line or 0, finding.rule)))


def _finding(problem: "Problem") -> Finding:
    rule = _BY_SLUG[problem.slug]
    return Finding(
        rule=rule.id,
        slug=rule.slug,
        severity=problem.severity,
        message=problem.message,
        location=problem.location,
        hint=problem.hint,
        effect=problem.effect or ("kratos refuses to start" if problem.refused_at_start else None),
        hooks=problem.hooks,
        kratos=problem.kratos,
        subject=problem.address,
    )
