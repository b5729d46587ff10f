"""From faults to findings: one finding for each distinct fault, with every hook and version where it holds."""

from collections.abc import Iterable, Sequence

from jsonnet_ctx.check.fault import Fault
from jsonnet_ctx.check.fault_rules import rule_of
from jsonnet_ctx.check.place import place_of
from jsonnet_ctx.check.rule import Rule
from jsonnet_ctx.engine.outcome import Failed
from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.kratos.effect_rows import CLIENTS
from jsonnet_ctx.records import replace

_NO_SCHEMA = "; --identity-schema FILE would decide it"


def findings_of(faults: Iterable[Fault]) -> tuple[Finding, ...]:
    """One finding for each distinct fault; the faults may come from many targets."""
    groups: dict[object, list[tuple[Rule, Fault]]] = {}
    for fault in faults:
        rule = rule_of(fault)
        groups.setdefault((rule.id, fault.target.template.name, fault.key), []).append((rule, fault))
    return tuple(_finding(members[0][0], [fault for _, fault in members]) for members in groups.values())


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of the text; those of one fingerprint and place as one, with all hooks and versions."""
    groups: dict[object, Finding] = {}
    for finding in findings:
        key = (finding.fingerprint, finding.location)
        first = groups.setdefault(key, finding)
        hooks = tuple(dict.fromkeys((*first.hooks, *finding.hooks)))
        kratos = tuple(dict.fromkeys((*first.kratos, *finding.kratos)))
        groups[key] = replace(first, hooks=hooks, kratos=kratos, severity=max(first.severity, finding.severity))
    return tuple(sorted(groups.values(), key=by_place))


def by_place(finding: Finding) -> tuple[str, int, str]:
    """What findings are ordered by: the text from top to bottom."""
    return (finding.location.path, finding.location.line or 0, finding.rule)


def _finding(rule: Rule, faults: Sequence[Fault]) -> Finding:
    shown = min(faults, key=lambda fault: fault.rank)
    told = rule.apply(shown)
    error, template = shown.error, shown.target.template
    wired_at = shown.target.wired_at if error.kind == "content-type" else None
    location = wired_at or place_of(error, template)
    source = _line(template.text, location.line) if location.path == template.name else None
    return Finding(
        rule=rule.id,
        slug=rule.slug,
        severity=Severity.ERROR if shown.ordinary else Severity.WARNING,
        message=told.message + ("" if shown.decided else _NO_SCHEMA),
        location=location,
        hint=told.hint or _hint(shown),
        effect=_effect(shown),
        hooks=tuple(dict.fromkeys(fault.target.hook.id for fault in faults)),
        kratos=tuple(dict.fromkeys(fault.target.kratos for fault in faults)),
        path=shown.path_text,
        edits=shown.edits,
        error_kind=error.kind,
        error_message=error.message,
        template=template.name,
        source=source,
        underline=_underline(shown) if source is not None else None,
    )


def _effect(fault: Fault) -> str:
    from jsonnet_ctx.engine.effect import effect_of  # most checks find nothing, and need no words for it

    target = fault.target
    client = next(client for client in CLIENTS if client == fault.client)
    effect = effect_of(target.webhook, Failed(fault.error), hook=target.hook, client=client, kratos=target.kratos)
    return effect.summary


def _hint(fault: Fault) -> str | None:
    from jsonnet_ctx.syntax.hint import replacement

    location = fault.error.location
    if location is None or location.line is None or location.column is None or not fault.possible:
        return None
    return replacement(fault.target.template.text, location.line, location.column, fault.error)


def _line(text: str, line: int | None) -> str | None:
    lines = text.split("\n")
    return lines[line - 1] if line is not None and 0 < line <= len(lines) else None


def _underline(fault: Fault) -> tuple[int, int] | None:
    """0-based byte columns of the failing span, as far as it lies on its first line."""
    error = fault.error
    if error.line is None or error.column is None:
        return None
    line = (_line(fault.target.template.text, error.line) or "").encode()
    frame = next((frame for frame in error.frames if frame.location == error.location), None)
    same_line = frame is not None and frame.end_line == error.line and frame.end_column is not None
    end = frame.end_column - 1 if frame is not None and same_line and frame.end_column is not None else len(line)
    return (error.column - 1, max(end, error.column))
