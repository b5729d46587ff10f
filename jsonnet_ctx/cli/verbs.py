"""The verbs of the command, and a click group that loads each one only when it is called."""

import difflib
import importlib
import sys
from typing import Any

import click

from jsonnet_ctx.records import Frozen

PIPE_CLOSED = 141


class Verb(Frozen):
    """Where a verb's click command lives (``module:name``) and what it does, in a few words."""

    home: str
    help: str


VERBS = {
    "check": Verb("jsonnet_ctx.cli.check:check", "Find the ways in which templates fail; no test to write."),
    "eval": Verb("jsonnet_ctx.cli.eval:evaluate", "Evaluate one template once, as Kratos does."),
    "ctx": Verb("jsonnet_ctx.cli.ctx:ctx", "Print the ctx of a hook point, or its JSON Schema."),
    "hooks": Verb("jsonnet_ctx.cli.hooks:hooks", "List the web hooks of a Kratos config: which run, which never do."),
    "explain": Verb("jsonnet_ctx.cli.explain:explain", "Explain a hook point, an error kind or a rule."),
    "test": Verb("jsonnet_ctx.cli.test:test", "Run the cases that say what is right."),
    "review": Verb("jsonnet_ctx.cli.review:review", "Accept or reject snapshots that are new or differ."),
    "new": Verb("jsonnet_ctx.cli.new:new", "Write a first case file for a template."),
    "schema": Verb("jsonnet_ctx.cli.schema:schema", "Print the JSON Schema of case, fixture or settings files."),
    "replay": Verb("jsonnet_ctx.cli.replay:replay", "Run the failures that check stored again: FIXED or FAILED."),
}


class LazyGroup(click.Group):
    """A group over :data:`VERBS`: ``check`` of one file does not pay for the imports of the others."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; whoever read our output may have left, as ``head`` does, and that is no error.

        Click would end with 1, which here means findings.
        """
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            from jsonnet_ctx.cli.output import leave_standard_output

            leave_standard_output()
            return PIPE_CLOSED
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of the table, the main one first."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and take its command."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].home.partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command), f"{VERBS[cmd_name].home} is no click command"  # noqa: S101 - our own table
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; an unknown verb is told with the nearest ones."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            nearest = difflib.get_close_matches(args[0], VERBS, n=2, cutoff=0.4)
            hint = f"did you mean {' or '.join(nearest)}?" if nearest else f"the verbs are {', '.join(VERBS)}"
            raise click.UsageError(f"no verb {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs with their few words, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.help) for name, verb in VERBS.items()])
