"""Where findings lie as seen from the working directory, so that a terminal or an editor can open them."""

import os
from collections.abc import Iterable
from pathlib import Path

from jsonnet_ctx.finding import Finding
from jsonnet_ctx.records import replace


def seen_from_here(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """The findings with locations relative to the working directory; they name files relative to ``root``.

    A fingerprint is over the name from the root, so it stays what it was.
    """
    if root == Path.cwd():
        return tuple(findings)
    return tuple(
        replace(
            finding,
            location=replace(finding.location, path=_seen(finding.location.path, root)),
            template=finding.template or finding.location.path,
        )
        for finding in findings
    )


def _seen(path: str, root: Path) -> str:
    """A path that exists below the root, from here; the address after ``::`` stays."""
    file, mark, address = path.partition("::")
    if os.path.isabs(file) or not (root / file).exists():
        return path
    return os.path.relpath(root / file) + mark + address
