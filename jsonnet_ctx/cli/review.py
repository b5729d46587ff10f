"""``jsonnet-ctx review``: look at snapshots that are new, differ or are of no case, and decide on each."""

import os
import sys
from collections import Counter

import click

from jsonnet_ctx.cases.around import Projects
from jsonnet_ctx.cases.chosen import chosen_cases
from jsonnet_ctx.cases.rejected import forget_rejection, is_rejected, reject
from jsonnet_ctx.cases.review import Pending, accept, pending
from jsonnet_ctx.cases.snapshot import refuse_writing
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.output import remark, wants_color, write_result
from jsonnet_ctx.cli.review_text import shown_pending
from jsonnet_ctx.errors import UsageError

_ANSWERS = {"a": "accepted", "r": "rejected", "s": "skipped"}
_FOR_ALL = {"A": "accepted", "R": "rejected", "q": "skipped"}
_ASKED = "[a]ccept [r]eject [s]kip, [A]ccept or [R]eject all that follow, [q]uit"


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]…")
@click.option("--list", "only_list", is_flag=True, help="Show what there is to review, decide on nothing.")
@click.option("--accept-all", is_flag=True, help="Accept all that PATHS name, without asking.")
@click.option("--reject-all", is_flag=True, help="Reject all that PATHS name, without asking.")
@click.option("--again", is_flag=True, help="Ask again about payloads that were rejected and have not changed.")
@options.config
@options.kratos
@options.identity_schema
@options.engine
@click.option("-q", "--quiet", is_flag=True, help="Do not show how the payloads change.")
def review(
    paths: tuple[str, ...],
    only_list: bool,
    accept_all: bool,
    reject_all: bool,
    again: bool,
    quiet: bool,
    **values: str | None,
) -> int:
    """Run the cases that have a snapshot, show which snapshots are missing, differ or are of no case, and decide.

    PATHS are case files, folders, single cases as a failure names them, or snapshot files; without
    any, the working directory. Accepting writes the payload (or removes a snapshot that no case
    has), rejecting remembers it as wrong until it changes, skipping leaves it for later. Nothing is
    written in CI. Exits with 1 while something is left that is not accepted, with 2 where nothing
    can be asked or written.

    \b
    Examples:
      jsonnet-ctx review
      jsonnet-ctx review --list
      jsonnet-ctx review 'webhook.cases.yaml::sends the activation'
      jsonnet-ctx review deploy/ --accept-all
    """
    decided = _decided(only_list, accept_all, reject_all)
    projects = Projects({name.replace("_", "-"): value for name, value in values.items()})
    chosen = list(chosen_cases(paths or (".",), projects))
    if not chosen:
        raise UsageError("nothing to review: no case file", hint="jsonnet-ctx new TEMPLATE")
    done: Counter[str] = Counter()
    for one in pending(chosen, projects):
        known = one.kind != "fails" and is_rejected(one)
        note = "rejected before" if known else ""
        write_result(shown_pending(one, note, quiet=quiet, color=wants_color()))
        if one.kind == "fails" or (known and not again and decided is None):
            done[note or "failed"] += 1
            continue
        answer = decided or _ask(one)
        decided = _FOR_ALL.get(answer, decided)
        verdict = _FOR_ALL.get(answer, answer)
        _do(one, verdict)
        done[verdict] += 1
    return _tell(done)


def _decided(only_list: bool, accept_all: bool, reject_all: bool) -> str | None:
    """What is decided by a flag, None where a person is asked. Raises UsageError where nobody can be."""
    flags = [
        name
        for name, given in (("--list", only_list), ("--accept-all", accept_all), ("--reject-all", reject_all))
        if given
    ]
    if len(flags) > 1:
        raise UsageError(f"{' and '.join(flags)} contradict each other")
    if only_list:
        return "left"
    refuse_writing("review", os.environ)
    if not flags and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "review asks, and there is no terminal", hint="use --list, then --accept-all or --reject-all with PATHS"
        )
    return {"--accept-all": "accepted", "--reject-all": "rejected"}[flags[0]] if flags else None


def _ask(one: Pending) -> str:
    """One of the words of an answer, or A, R, q."""
    what = "remove it?" if one.kind == "unused" else "accept it?"
    while True:
        answer = str(click.prompt(f"{what} {_ASKED}", prompt_suffix=": ", err=True, default="s", show_default=False))
        if answer in _ANSWERS:
            return _ANSWERS[answer]
        if answer in _FOR_ALL:
            return answer
        remark(f"{answer!r} is no answer")


def _do(one: Pending, verdict: str) -> None:
    if verdict == "accepted":
        accept(one)
        forget_rejection(one)
        remark(f"{'removed' if one.kind == 'unused' else 'wrote'} {os.path.relpath(one.path)}")
    elif verdict == "rejected":
        reject(one)
        if one.case is not None:
            remark(f"rejected: mend {one.case.template.name}, then jsonnet-ctx review")


def _tell(done: Counter[str]) -> int:
    if not done:
        write_result("nothing to review\n")
        return 0
    write_result(", ".join(f"{count} {word}" for word, count in done.items()) + "\n")
    return int(any(word != "accepted" for word in done))
