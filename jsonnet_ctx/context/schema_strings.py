"""Strings that a JSON Schema allows, as a hypothesis strategy."""

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from jsonnet_ctx.context.letters import LETTERS
from jsonnet_ctx.context.likely import Person, likely_text
from jsonnet_ctx.kratos.schema_branch import Branch

_CALENDAR = {
    "date": st.dates().map(str),
    "time": st.times().map(lambda time: f"{time.replace(microsecond=0).isoformat()}Z"),
    "date-time": st.datetimes().map(lambda at: f"{at.replace(microsecond=0).isoformat()}Z"),
}
_ADDRESSES = {
    "email": st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z0-9]{1,5})?@example\.(org|com)", fullmatch=True),
    "uri": st.from_regex(r"https://example\.org/[a-z0-9/]{0,12}", fullmatch=True),
    "uuid": st.uuids().map(str),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "tel": st.from_regex(r"\+[1-9][0-9]{7,13}", fullmatch=True),
    "hostname": st.from_regex(r"[a-z]{1,8}\.example\.org", fullmatch=True),
}
_FORMATS = {**_CALENDAR, **_ADDRESSES}


def texts(branch: Branch) -> SearchStrategy[str]:
    """Return a strategy for strings of the length, pattern and format that all parts of ``branch`` ask for.

    Of several patterns only the first steers; the caller filters for the rest, and for a pattern
    that Python cannot read (Kratos reads them as Go does).
    """
    least = max((part["minLength"] for part in branch if _is_size(part.get("minLength"))), default=0)
    most = min((part["maxLength"] for part in branch if _is_size(part.get("maxLength"))), default=None)
    if most is not None and most < least:
        return st.nothing()
    steered = _steered(branch)
    if steered is None:
        return st.text(LETTERS, min_size=int(least), max_size=int(least + 20 if most is None else most))
    return steered.filter(lambda text: least <= len(text) and (most is None or len(text) <= most))


def _steered(branch: Branch) -> SearchStrategy[str] | None:
    """Strings by pattern, else by format; None where neither is given or known."""
    for part in branch:
        pattern = part.get("pattern")
        if isinstance(pattern, str):
            try:
                return st.from_regex(re.compile(pattern))
            except re.error:
                continue
    form = next((part["format"] for part in branch if isinstance(part.get("format"), str)), None)
    if form in _FORMATS:
        return _FORMATS[form]
    known = None if form is None else likely_text("", form, Person(0))
    return None if known in {None, "text"} else st.just(str(known))


def _is_size(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
