"""``jsonnet-ctx explain``: what a hook point's ctx holds, what an error means, what a rule is about."""

import click

from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.error_kinds import KINDS, kind_page
from jsonnet_ctx.cli.output import remark, write_result
from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_note, hook_points, select_hook_points
from jsonnet_ctx.kratos.versions import LATEST, parse_version

_MOST_PAGES = 2


@click.command()
@click.argument("what", type=options.HookName())
@options.kratos_versions
@options.identity_schema
@options.output
@options.verbose
def explain(
    what: str, versions: tuple[str, ...], identity_schema: str | None, output: str | None, verbose: bool
) -> None:
    """Explain WHAT: a hook point, an error kind or a rule.

    \b
    Examples:
      jsonnet-ctx explain registration.after.oidc      what ctx holds there, and where the provider id is
      jsonnet-ctx explain login                        the hook points of a flow
      jsonnet-ctx explain missing-field                an error kind
      jsonnet-ctx explain JC101                        a rule
    """
    # A rule and the error kind it judges can share a name; both pages answer the question.
    pages = [page for page in (kind_page(what), _rule_page(what)) if page]
    if not pages:
        tags = tuple(parse_version(version) for version in versions) or (LATEST,)
        pages = _hook_pages(_hooks_named(what), tags, _schema(identity_schema), verbose=verbose)
    write_result("\n".join(pages), output)


def _rule_page(name: str) -> str | None:
    from jsonnet_ctx.check.rules import rule_page

    return rule_page(name)


def _hooks_named(what: str) -> tuple[HookPoint, ...]:
    """The hook points of a name; what is no name at all is told with the nearest of every kind."""
    from jsonnet_ctx.check.rules import RULES

    try:
        return select_hook_points(what)
    except UnknownName:
        names = [
            *(hook.id for hook in hook_points()),
            *KINDS,
            *(word for rule in RULES for word in (rule.id, rule.slug)),
        ]
        raise UnknownName("hook point, error kind or rule", what, names) from None


def _hook_pages(
    hooks: tuple[HookPoint, ...], tags: tuple[str, ...], schema: dict[str, object] | None, *, verbose: bool
) -> list[str]:
    """A page each, or the list of names where a prefix selects many."""
    if len(hooks) > _MOST_PAGES:
        remark(f"{len(hooks)} hook points; name one of them to see its ctx")
        return [f"{hook.id}\n  {hook_note(hook)}\n" for hook in hooks]
    from jsonnet_ctx.cli.hook_page import hook_page

    return [hook_page(hook, tag, schema, verbose=verbose) for tag in tags for hook in hooks]


def _schema(path: str | None) -> dict[str, object] | None:
    if path is None:
        return None
    from jsonnet_ctx.project.identity_schema import load_identity_schema

    return load_identity_schema(path).document
