"""The baseline: findings that are known, so that only new ones fail; each entry may expire."""

import datetime
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jsonnet_ctx.check.paths import shown
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.errors import FileError, UsageError
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.project.file_text import read_text
from jsonnet_ctx.records import Frozen, values_of

FORMAT = 1
DAYS = 90


class Known(Frozen):
    """One known finding: it does not fail a run until ``expires`` (None: never)."""

    fingerprint: str
    rule: str
    template: str
    message: str
    expires: datetime.date | None


def expired_baseline(known: Known, file: Path) -> Finding:
    """An entry of the baseline has expired, so its finding counts again.

    A baseline lets an old repository begin today; the date keeps it from staying old. Mend the
    finding, or run `check --baseline FILE --update-baseline` to give it another 90 days.
    """
    return Finding(
        rule="JC003",
        slug="expired-baseline",
        severity=Severity.WARNING,
        message=f"the baseline entry {known.fingerprint} ({known.rule}) expired on {known.expires}",
        location=Location(shown(file)),
        hint="mend the finding, or take it in again with --update-baseline",
        subject=known.fingerprint,
    )


BASELINE_RULE = Rule("JC003", "expired-baseline", expired_baseline)


def load_baseline(file: Path) -> tuple[Known, ...]:
    """Read a baseline. Raises FileError where it is none."""
    location = Location(shown(file))
    if not file.exists():
        hint = "make it with check --baseline FILE --update-baseline"
        raise FileError("the baseline does not exist", location, hint=hint)
    from jsonnet_ctx.project.json_document import parse_json

    plain, _ = parse_json(read_text(file, name=shown(file)), shown(file))
    if not isinstance(plain, dict) or plain.get("format") != FORMAT or not isinstance(plain.get("findings"), list):
        raise FileError(f"not a baseline of format {FORMAT}", location, hint="make it anew with --update-baseline")
    return tuple(_known(entry, location) for entry in plain["findings"])


def _known(entry: Any, location: Location) -> Known:
    try:
        expires = entry["expires"]
        return Known(
            fingerprint=str(entry["fingerprint"]),
            rule=str(entry["rule"]),
            template=str(entry["template"]),
            message=str(entry["message"]),
            expires=datetime.date.fromisoformat(expires) if expires is not None else None,
        )
    except (TypeError, KeyError, ValueError) as error:
        what = "a baseline entry needs fingerprint, rule, template, message and expires (YYYY-MM-DD or null)"
        raise FileError(what, location, hint="make it anew with --update-baseline") from error


def apply_baseline(
    findings: Sequence[Finding], known: Iterable[Known], file: Path, today: datetime.date
) -> tuple[tuple[Finding, ...], int]:
    """The findings that are new or whose entry has expired, and how many were held back."""
    entries = list(known)
    current = {entry.fingerprint for entry in entries if entry.expires is None or entry.expires >= today}
    live = {finding.fingerprint for finding in findings}
    expired = [entry for entry in entries if entry.fingerprint in live - current]
    kept = [finding for finding in findings if finding.fingerprint not in current]
    return (*kept, *(expired_baseline(entry, file) for entry in expired)), len(findings) - len(kept)


def write_baseline(findings: Iterable[Finding], file: Path, today: datetime.date, kept: Iterable[Known] = ()) -> int:
    """Take all findings into the baseline for :data:`DAYS` days; returns how many.

    ``kept`` are entries that stay as they are: what this run could not find says nothing about them.
    Raises UsageError where the file cannot be written.
    """
    expires = (today + datetime.timedelta(days=DAYS)).isoformat()
    entries = {
        finding.fingerprint: {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "template": finding.template or finding.location.path,
            "message": finding.message,
            "expires": expires,
        }
        for finding in findings
        if finding.rule != BASELINE_RULE.id
    }
    written = len(entries)
    for known in kept:
        plain = {"expires": known.expires.isoformat() if known.expires else None}
        entries.setdefault(known.fingerprint, values_of(known) | plain)
    text = json.dumps({"format": FORMAT, "findings": [entries[key] for key in sorted(entries)]}, indent=2)
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write the baseline {shown(file)}: {reason}") from error
    return written
