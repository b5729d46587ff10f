"""The ``jsonnet-ctx`` command: the group, and what becomes of errors and signals."""

import os
import sys
from collections.abc import Sequence

import click

from jsonnet_ctx.cli.verbs import LazyGroup
from jsonnet_ctx.errors import JsonnetCtxError

PROGRAM = "jsonnet-ctx"
COULD_NOT_RUN = 2
INTERRUPTED = 130


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from jsonnet_ctx.version import version

        click.echo(f"{PROGRAM} {version()}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, subcommand_metavar="VERB [ARGS]…")
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def cli() -> None:
    """Test the Jsonnet templates that Ory Kratos evaluates for its web hooks.

    \b
    Examples:
      jsonnet-ctx check --config kratos.yml
          every template of a config, at every hook point it is wired to
      jsonnet-ctx check webhook.jsonnet --hook registration.after.oidc
          one template, at the hook points of that name
      jsonnet-ctx eval webhook.jsonnet --hook login.after.password --given identity.traits.email='"a@example.org"'
          the payload of one call
      jsonnet-ctx ctx login.after.password
          what the template gets to see
      jsonnet-ctx explain missing-field
          what an error means and what mends it

    Results go to standard output, everything else to standard error. Exit codes: 0 nothing found,
    1 findings (or a failed evaluation), 2 could not run.

    \b
    Shell completion, for one session or from the shell's start-up file:
      eval "$(_JSONNET_CTX_COMPLETE=bash_source jsonnet-ctx)"     (zsh_source, fish_source)
    """


def run(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; ``args`` defaults to those of the process.

    Nothing that a user can do ends in a traceback: a question that cannot be answered is one
    text on standard error and exit code 2.
    """
    _open_closed_streams()
    try:
        code = cli.main(args=None if args is None else list(args), prog_name=PROGRAM, standalone_mode=False)
    except JsonnetCtxError as error:
        click.echo(error_text(error), err=True, nl=False)
        return COULD_NOT_RUN
    except click.ClickException as error:
        error.show()
        return COULD_NOT_RUN
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("PYTHONFAULTHANDLER"):
            raise
        click.echo(_our_mistake(error), err=True, nl=False)
        return COULD_NOT_RUN
    return code if isinstance(code, int) else 0


def _open_closed_streams() -> None:
    """Give Python the streams that the caller has closed (``>&-``), and keep their numbers from other files."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - it stays open to the end


def _our_mistake(error: Exception) -> str:
    """What a user is told who meets a bug of this program: what it is and where, in one line."""
    from jsonnet_ctx.report.shown import lines

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace is not None else ""
    words = "\n    ".join(lines(f"error: a bug in {PROGRAM}: {type(error).__name__}: {error}{where}"))
    return f"{words}\n  hint: please report it with what you ran; PYTHONFAULTHANDLER=1 shows the traceback\n"


def error_text(error: JsonnetCtxError) -> str:
    """``error: what, where`` and, where something can be done, a line ``hint: …``."""
    from jsonnet_ctx.report.shown import lines

    text = "\n    ".join(lines(f"error: {error}"))
    hint = "\n    ".join(lines(error.hint)) if error.hint else ""
    return f"{text}\n  hint: {hint}\n" if hint else f"{text}\n"
