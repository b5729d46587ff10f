"""The options that several verbs share, each written once, and how their values are read."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from jsonnet_ctx.cli.output import hush
from jsonnet_ctx.ctx_path import format_path, parse_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.finding import Severity
from jsonnet_ctx.report.formats import FORMATS

FAIL_ON = ("error", "warning", "info", "never")
CLIENTS = ("api", "browser", "spa")
_SHOWN = 80


class HookName(click.types.StringParamType):
    """A hook point id or a prefix of some; knows them all for shell completion."""

    name = "hook"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The hook points that begin with what is typed so far."""
        from jsonnet_ctx.kratos.hook_point import hook_points

        return [CompletionItem(hook.id) for hook in hook_points() if hook.id.startswith(incomplete)]


class VersionName(click.types.StringParamType):
    """A Kratos version; knows them all for shell completion."""

    name = "version"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The versions that begin with what is typed so far, newest first."""
        from jsonnet_ctx.kratos.versions import VERSIONS

        return [CompletionItem(version) for version in reversed(VERSIONS) if version.startswith(incomplete)]


# Where a template and its wiring come from.
config = click.option("--config", metavar="FILE", help="Kratos config that wires the templates.")
hook = click.option("--hook", type=HookName(), metavar="ID", help="Hook point, or a prefix of several.")
hooks = click.option(
    "--hook",
    "hooks",
    type=HookName(),
    metavar="ID",
    multiple=True,
    help="Hook point, or a prefix of several; repeatable.",
)
kratos = click.option("--kratos", type=VersionName(), metavar="VERSION", help="Kratos version; default the newest.")
kratos_versions = click.option(
    "--kratos", "versions", type=VersionName(), metavar="VERSION", multiple=True, help="Kratos version; repeatable."
)
identity_schema = click.option("--identity-schema", metavar="FILE", help="JSON Schema that the traits follow.")
content_type = click.option(
    "--content-type", metavar="TYPE", help="Content-Type of the request, where no config says it."
)
engine = click.option("--engine", metavar="NAME", help="Engine that evaluates; default go-jsonnet.")

# What a ctx is made of.
given = click.option(
    "--given",
    metavar="PATH=JSON",
    multiple=True,
    help="Set a ctx path, such as identity.traits.email='\"a@b.c\"'; repeatable.",
)
without = click.option("--without", metavar="PATH", multiple=True, help="Leave a ctx path out; repeatable.")
client = click.option("--client", type=click.Choice(CLIENTS), help="How the person comes; default api.")
seed = click.option("--seed", type=int, metavar="N", default=0, show_default=True, help="Another seed, other values.")

# How long to search, and what of it to tell.
search_seed = click.option("--seed", type=int, metavar="N", help="Seed of the search; the same seed finds the same.")
max_examples = click.option(
    "--max-examples", type=click.IntRange(min=0), metavar="N", help="Contexts to draw at random."
)
select = click.option("--select", metavar="RULE", multiple=True, help="Only these rules (id, slug or JC1); repeatable.")
ignore = click.option("--ignore", metavar="RULE", multiple=True, help="Not these rules; repeatable.")
baseline = click.option("--baseline", metavar="FILE", help="Findings that are known and not told again.")
fail_on = click.option("--fail-on", type=click.Choice(FAIL_ON), help="Least severity that exits with 1; default error.")

# Where the result goes.
report_format = click.option(
    "--format", type=click.Choice(tuple(FORMATS)), default="text", show_default=True, help="How to tell the result."
)
output = click.option("--output", metavar="FILE", help="Write the result there instead of to standard output.")
reports = click.option(
    "--report", "reports", metavar="FORMAT:FILE", multiple=True, help="Write the result there as well; repeatable."
)
no_notes = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=hush, help="No notes on standard error."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say less.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Say more.")


def read_given(values: Iterable[str]) -> dict[str, Any]:
    """``PATH=JSON`` texts as a mapping from ctx path to value; of two for one path the last counts.

    Raises UsageError for a text that is not that.
    """
    return dict(_split_given(value) for value in values)


def fails(worst: Severity | None, threshold: str) -> bool:
    """Whether a run with this worst finding exits with 1 under ``--fail-on``."""
    return worst is not None and threshold != "never" and worst >= Severity[threshold.upper()]


def _split_given(value: str) -> tuple[str, Any]:
    # A quoted segment may hold "=" itself, so the path ends at the first one that leaves a whole path.
    for at in (place for place, character in enumerate(value) if character == "="):
        try:
            path = format_path(parse_path(value[:at].removeprefix("ctx.")))
        except ValueError:
            continue
        return path, _read_json(value, value[at + 1 :])
    raise UsageError(
        f"--given {_short(value)}: not PATH=JSON", hint="such as identity.traits.email='\"ann@example.org\"'"
    )


def _read_json(given: str, text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise ValueError(f"{name} is no JSON number")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise UsageError(f"--given {_short(given)}: nested too deeply") from None
    except ValueError as error:
        path = given[: len(given) - len(text) - 1]
        quoted = json.dumps(_short(text), ensure_ascii=False)
        # What begins like JSON was meant as JSON; anything else was most likely meant as a text.
        hint = None if text[:1] in {"{", "[", '"'} else f"a text needs quotes: --given '{path}={quoted}'"
        raise UsageError(f"--given {_short(given)}: {_short(text)!r} is no JSON ({error})", hint=hint) from None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
