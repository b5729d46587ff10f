"""What a run has to tell: its findings and what was tried to find them."""

from collections import Counter

from jsonnet_ctx.finding import Finding, Severity
from jsonnet_ctx.records import Frozen


class Report(Frozen):
    """The result of a run, ready to be told in any format.

    ``templates``, ``bindings`` and ``contexts`` count what was checked, ``hooks`` names the
    hook points it was checked at, ``seconds`` is wall time, ``engine`` the label of the engine
    that ran (``go-jsonnet 0.21.0``), ``notes`` one-line remarks that are no findings, such as
    which file an absolute body was taken from.
    """

    findings: tuple[Finding, ...] = ()
    templates: int = 0
    bindings: int = 0
    contexts: int = 0
    seconds: float = 0.0
    engine: str = ""
    hooks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def worst(self) -> Severity | None:
        """The worst severity among the findings, None where there is none."""
        return max((finding.severity for finding in self.findings), default=None)


def summary(report: Report) -> str:
    """One line: what was found, and what was tried to find it."""
    tried = ", ".join(
        (
            counted(report.templates, "template"),
            counted(len(set(report.hooks)) or report.bindings, "hook point"),
            counted(report.contexts, "context"),
        )
    )
    engine = f" ({report.engine})" if report.engine else ""
    return f"{_found(report.findings)} in {tried}, {report.seconds:.2f} s{engine}"


def _found(findings: tuple[Finding, ...]) -> str:
    """``2 errors, 1 warning`` or ``no findings``."""
    count = Counter(finding.severity for finding in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    return ", ".join(counted(count[level], word) for level, word in words.items() if count[level]) or "no findings"


def counted(number: int, noun: str) -> str:
    """``1 template``, ``2 templates``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
