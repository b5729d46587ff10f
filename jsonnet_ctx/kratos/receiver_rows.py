"""How Kratos calls a receiver and reads its answer, per version: look-ups in the catalog."""

from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.versions import within
from jsonnet_ctx.records import Frozen


def own_headers(kratos: str) -> tuple[str, ...]:
    """Return the ``Ory-…`` headers this version adds to every webhook request (row hdr.default)."""
    return tuple(
        row["header"] for row in catalog("effects_headers") if within(kratos, row.get("since"), row.get("until"))
    )


class PatchField(Frozen):
    """A field of the identity that a receiver's answer may set; ``raw`` takes any JSON, null included."""

    name: str
    raw: bool
    json_type: str
    go_type: str


def patch_fields(kratos: str) -> tuple[PatchField, ...]:
    """Return the identity fields this version applies from an answer, in its order (rows resp.200.patch.*)."""
    return tuple(
        PatchField(row["field"], row["raw"], row.get("json", ""), row.get("type", ""))
        for row in catalog("effects_patch")
        if within(kratos, row.get("since"), row.get("until"))
    )


def streams_answer(answers: str, kratos: str) -> bool:
    """Tell whether this version reads a ``patch`` or ``messages`` as a stream (row resp.200.empty-body.reg.parse)."""
    return next(
        bool(row["stream"])
        for row in catalog("effects_answer_reader")
        if row["answers"] == answers and within(kratos, row.get("since"), row.get("until"))
    )


def call_limit(name: str) -> int:
    """Return a limit of calling a receiver: ``attempts``, ``attempt_seconds``, ``answer_bytes``, ``redirects``."""
    return next(int(row["value"]) for row in catalog("effects_limits") if row["limit"] == name)


def retried(status: int) -> bool:
    """Tell whether Kratos tries again after this status: 5xx but 501, and 429 (rows resp.5*, resp.429.login.plain)."""
    return any(row["from"] <= status <= row["to"] for row in catalog("effects_retry"))
