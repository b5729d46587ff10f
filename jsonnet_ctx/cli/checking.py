"""What ``check`` does: plan, search, baseline, report."""

import datetime
import sys
import time
from pathlib import Path
from typing import Any

import click

from jsonnet_ctx.check.baseline import apply_baseline, load_baseline, write_baseline
from jsonnet_ctx.check.paths import shown
from jsonnet_ctx.check.plan import Plan, Request, plan
from jsonnet_ctx.check.rules import chosen_rules, only
from jsonnet_ctx.check.run import Checked, all_targets
from jsonnet_ctx.check.run import check as run_check
from jsonnet_ctx.check.state import Effort
from jsonnet_ctx.check.store import failures_of, store_failures
from jsonnet_ctx.check.subject import subjects_of
from jsonnet_ctx.cli import options
from jsonnet_ctx.cli.output import remark, split_reports, write_report, write_result
from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.kratos.hook_point import select_hook_points
from jsonnet_ctx.kratos.versions import parse_version
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.report.locations import seen_from_here
from jsonnet_ctx.report.result import Report, counted
from jsonnet_ctx.settings import Settings


def checked_code(paths: tuple[Path, ...], flags: dict[str, Any], settings: Settings) -> int:
    """Check what the paths, flags and settings name, report it, and return the exit code. Raises what its parts do."""
    split_reports(settings.report)
    rules = chosen_rules(settings.check_select, settings.check_ignore)
    request = _request(paths, flags, settings)
    planned = plan(request)
    if flags["dry_run"]:
        from jsonnet_ctx.check.dry_run import dry_run_text

        write_result(dry_run_text(planned, settings.engine), flags["output"])
        return 0
    if flags["fix"]:
        planned = _fixed(planned, request)
    checked = run_check(
        planned,
        effort=_effort(settings, flags["time_budget"]),
        engine=settings.engine,
        progress=_progress if sys.stderr.isatty() and not flags["quiet"] else None,
    )
    findings = only(checked.findings, rules)
    notes = [*planned.notes, *_notes(checked)]
    unstored = store_failures(settings.root, failures_of(findings, checked.faults, checked.broken))
    notes += [unstored] if unstored else []
    if flags["update_baseline"]:
        _update_baseline(findings, settings, notes, rules, planned)
    findings = _against_baseline(findings, settings, notes)
    if flags["format"] == "text" and not flags["verbose"] and settings.fail_on != "info":
        findings = _without_remarks(findings, notes)
    report = _report(seen_from_here(findings, settings.root), checked, notes)
    write_report(report, format=flags["format"], output=flags["output"], more=settings.report, quiet=flags["quiet"])
    return int(options.fails(report.worst(), settings.fail_on))


def _request(paths: tuple[Path, ...], flags: dict[str, Any], settings: Settings) -> Request:
    hooks = tuple(hook for name in flags["hooks"] for hook in select_hook_points(name))
    return Request(
        paths=paths,
        root=settings.root,
        config=settings.config if flags["config"] or not flags["hooks"] else None,
        templates=settings.templates,
        hooks=tuple(dict.fromkeys(hooks)),
        versions=tuple(dict.fromkeys(parse_version(text) for text in settings.kratos)),
        schema=_schema(settings.identity_schema),
        content_type=flags["content_type"],
        path_map=dict(settings.path_map),
        standard_input=_standard_input() if Path("-") in paths else "",
        contracts=settings.contracts,
    )


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 (byte {error.start})") from None


def _schema(path: Path | None) -> IdentitySchema | None:
    if path is None:
        return None
    from jsonnet_ctx.project.identity_schema import load_identity_schema

    return load_identity_schema(path)


def _effort(settings: Settings, seconds: float | None) -> Effort:
    deadline = None if seconds is None else time.perf_counter() + seconds
    return Effort(settings.check_max_examples, settings.check_seed, deadline)


def _fixed(planned: Plan, request: Request) -> Plan:
    """Write the certain edits and plan anew from what the files hold now."""
    from jsonnet_ctx.check.fix import write_fixes

    counts = write_fixes(subjects_of(all_targets(planned)), request.root)
    for file, count in counts.items():
        remark(f"fixed {count} {'place' if count == 1 else 'places'} in {file}")
    return plan(request) if counts else planned


def _progress(done: int, of: int) -> None:
    """One line that is written over, on a terminal only."""
    click.echo(f"\r\x1b[Kchecking {done + 1} of {of}" if done < of else "\r\x1b[K", err=True, nl=False)


def _notes(checked: Checked) -> list[str]:
    notes = []
    if checked.refusals:
        refused = counted(checked.refusals, "context")
        notes.append(f"{refused} ended in an error or assert that the author wrote: no findings")
    if checked.left:
        left = "1 search was" if checked.left == 1 else f"{checked.left} searches were"
        notes.append(f"the time budget was used up: {left} left out")
    if checked.suppressed:
        count = checked.suppressed
        told = "1 finding is taken back by a comment" if count == 1 else f"{count} findings are taken back by comments"
        notes.append(f"{told} in the templates")
    return notes


def _without_remarks(findings: tuple[Finding, ...], notes: list[str]) -> tuple[Finding, ...]:
    """The findings worth a reader's first look; what is left out is counted."""
    kept = tuple(finding for finding in findings if finding.severity > Severity.INFO)
    if len(kept) < len(findings):
        left = len(findings) - len(kept)
        notes.append(f"{left} more {'thing' if left == 1 else 'things'} worth knowing: -v tells")
    return kept


def _update_baseline(
    findings: tuple[Finding, ...], settings: Settings, notes: list[str], rules: frozenset[str], planned: Plan
) -> None:
    """Take the findings in, beside the entries on templates, configs and rules that this run was not about."""
    file = settings.baseline
    if file is None:
        raise UsageError("--update-baseline needs a file", hint="name it with --baseline FILE")
    names = {target.template.name for target in all_targets(planned)}
    names |= {finding.location.path for finding in findings}
    configs = {config.path for part in planned.parts for config in part.configs}
    names |= {*configs, *(shown(Path(config)) for config in configs)}
    try:
        before = load_baseline(file)
    except FileError:
        before = ()  # there is none yet, or one that is made anew
    kept = [entry for entry in before if entry.rule not in rules or entry.template not in names]
    written = write_baseline(findings, file, datetime.date.today(), kept)
    notes.append(f"{counted(written, 'finding')} {'is' if written == 1 else 'are'} now known in {shown(file)}")


def _against_baseline(findings: tuple[Finding, ...], settings: Settings, notes: list[str]) -> tuple[Finding, ...]:
    file, today = settings.baseline, datetime.date.today()
    if file is None:
        return findings
    kept, known = apply_baseline(findings, load_baseline(file), file, today)
    if known:
        held = "finding is" if known == 1 else "findings are"
        notes.append(f"{known} known {held} held back by {shown(file)}")
    return kept


def _report(findings: tuple[Finding, ...], checked: Checked, notes: list[str]) -> Report:
    return Report(
        findings=findings,
        templates=checked.templates,
        bindings=checked.bindings,
        contexts=checked.contexts,
        seconds=checked.seconds,
        engine=checked.engine,
        hooks=checked.hooks,
        notes=tuple(notes),
    )
