"""The header allow-list setting of a config: ``clients.web_hook.header_allowlist``."""

import re
from collections.abc import Iterator

from jsonnet_ctx.ctx_path import format_path
from jsonnet_ctx.finding import Severity
from jsonnet_ctx.kratos.versions import reaches
from jsonnet_ctx.project.config_keys import config_keys, versions_before
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.key_check import refused, wrong_type
from jsonnet_ctx.project.problem import Problem

_ALIKE = re.compile(r"headers?_?(?:allow|white)_?lists?", re.IGNORECASE)
_MAX_DEPTH = 6


def header_setting(root: Entry, kratos: str, problems: list[Problem]) -> tuple[str, ...] | None:
    """Return the configured allow-list as written, None where the version's own list counts.

    Adds a problem for a wrong type, for the key in another place (the guide once named
    ``actions.web_hook.header_allowlist``) and for versions without the setting
    (context_shapes.json header_allowlist).
    """
    row = config_keys()["header_allowlist"]
    keys: list[str] = row["key"].split(".")
    problems += _misplaced(root, tuple(keys))
    setting = root.get(*keys)
    if setting is None:
        return None
    older = versions_before(row["since"])
    if not reaches(kratos, row["since"]):
        message = f"{row['key']} exists since kratos {row['since']}"
        hint = f"raise kratos to {row['since']} or remove the key"
        effect = "kratos refuses to start with this config"
        where = setting.location
        severity, address = Severity.ERROR, setting.address
        problems.append(Problem("unknown-key", message, where, severity, older, hint, effect, address, (), True))
        return None
    problem = wrong_type(setting, "array", row["key"])
    if problem is not None:
        problems.append(problem)
        return None
    for item in setting.items():
        wrong = wrong_type(item, "string", f"a header of {row['key']}")
        if wrong is not None:
            problems.append(wrong)
    return tuple(item.value for item in setting.items() if isinstance(item.value, str))


def _misplaced(root: Entry, right: tuple[str, ...]) -> Iterator[Problem]:
    """Keys that look like the allow-list and stand elsewhere."""
    pending = [(key, child) for key, child in root.fields() if key not in {"identity", "courier"}]
    base = len(root.path)
    while pending:
        key, entry = pending.pop()
        if _ALIKE.fullmatch(key) and entry.path[base:] != right:
            here = format_path(entry.path[base:])
            message = f"{here} is no setting of kratos: webhook headers are allowed in {'.'.join(right)}"
            yield refused("unknown-key", message, entry, hint=f"move it to {'.'.join(right)}")
        elif len(entry.path) - base < _MAX_DEPTH:
            pending.extend(entry.fields())
