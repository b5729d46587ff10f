"""Edits of a ctx: one change, and what follows from it for the same person."""

from collections.abc import Iterable
from typing import Any

from jsonnet_ctx.context.change import edit_alone, has, value_at
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.context.same_person import follow
from jsonnet_ctx.finding import Edit

__all__ = ["apply_edit", "apply_edits", "apply_given", "has", "value_at"]


def apply_edit(ctx: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Return a copy of ``ctx`` with one change; what the change does not touch is shared with ``ctx``.

    ``absent`` takes a key or list item away; one that is not there is fine. ``empty`` keeps the
    JSON type (``""``, ``[]``, ``{}``, 0, false) and does nothing where nothing or null stands.
    ``set`` makes missing objects on the way and replaces what cannot hold the next segment; the
    index one past a list appends. The session's identity is the same person: where it equals
    ``ctx.identity`` it is changed along, and an address that is a changed trait too.
    Raises UsageError for an index further out or negative, and for an unknown ``op``.
    """
    return follow(ctx, edit_alone(ctx, edit), edit.path)


def apply_edits(ctx: dict[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """Return a copy of ``ctx`` with the changes made one after the other (see :func:`apply_edit`)."""
    for edit in edits:
        ctx = apply_edit(ctx, edit)
    return ctx
