"""The shape of a ctx: which path is there at a hook point and version, and who sets it."""

import difflib
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.field_rows import fields_at
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_since
from jsonnet_ctx.kratos.identity_fields import with_identity_schema
from jsonnet_ctx.kratos.scenario import Scenario, scenarios
from jsonnet_ctx.kratos.scenario_fields import Decision, decided, decision_of
from jsonnet_ctx.kratos.versions import LATEST, parse_version, reaches
from jsonnet_ctx.records import Frozen, field

__all__ = ["Field", "Shape", "narrowed", "shape_of"]


class Shape(Frozen):
    """Every field that a ctx can have at one hook point of one Kratos version.

    ``fields`` holds parents before children; ``never`` the paths that people look for and that
    no Kratos of this version sends here, with the reason as ``note``.
    """

    hook: HookPoint
    kratos: str
    fields: tuple[Field, ...] = field(repr=False)
    never: tuple[Field, ...] = field(default=(), repr=False)
    identity_schema: dict[str, Any] | None = field(default=None, repr=False, compare=False, hash=False)
    _by_path: dict[Path, Field] = field(default_factory=dict, repr=False, compare=False, hash=False)
    by_decision: "dict[Decision, Shape]" = field(default_factory=dict, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        self._by_path.update({entry.path: entry for entry in self.fields})

    @cached_property
    def children(self) -> dict[Path, tuple[Field, ...]]:
        """The fields directly below each path, in order."""
        found: dict[Path, list[Field]] = {}
        for entry in self.fields:
            found.setdefault(entry.path[:-1], []).append(entry)
        return {path: tuple(fields) for path, fields in found.items()}

    def field(self, path: Path) -> Field | None:
        """Return what is known about a path of a concrete ctx; None when it can never be there.

        Below an open field (``metadata_public``, ``transient_payload``, traits without an
        identity schema) every path is possible and the open field answers for it.
        """
        found: Field | None = None
        pattern: Path = ()
        for segment in path:
            if found is not None and found.is_open:
                return found
            known = None if isinstance(segment, int) else self._by_path.get((*pattern, segment))
            known = known or self._by_path.get((*pattern, "*"))
            if known is None or not _fits(segment, found):
                return None
            found, pattern = known, known.path
        return found

    def absence(self, path: Path) -> Field | None:
        """Return the ``never`` field at or above a path: it knows why the path cannot be there."""
        plain = [
            tuple("*" if isinstance(segment, int) else segment for segment in path[:n]) for n in range(len(path), 0, -1)
        ]
        return next((entry for prefix in plain for entry in self.never if entry.path == prefix), None)

    def nearest(self, path: Path) -> tuple[str, ...]:
        """Return up to three real paths that come close to one that is not there.

        A path of the same name elsewhere wins (``transient_payload`` →
        ``flow.transient_payload``), then those whose text is alike.
        """
        texts = {_shown(entry.path): entry.path for entry in self.fields if entry.path[-1] != "*"}
        same_tail = [text for text, real in texts.items() if real[-1] == path[-1]]
        alike = difflib.get_close_matches(format_path(path), texts, n=3, cutoff=0.6)
        same_tail.sort(key=lambda text: (-difflib.SequenceMatcher(None, text, format_path(path)).ratio(), len(text)))
        return tuple(dict.fromkeys([*same_tail[:2], *alike]))[:3]


def shape_of(hook: HookPoint, *, kratos: str = LATEST, identity_schema: dict[str, Any] | None = None) -> Shape:
    """Return what a ctx can hold at this hook point of this Kratos version.

    ``identity_schema`` is the JSON Schema of the identities, None where nobody knows: then
    traits are open. Raises UnknownName for an unknown version and UsageError where the version
    does not have the hook point yet.
    """
    version = parse_version(kratos)
    if not reaches(version, hook_since(hook)):
        raise UsageError(f"kratos {version} has no {hook.id}", hint=f"it came with {hook_since(hook)}")
    shape = _plain_shape(hook, version)
    if identity_schema is None:
        return shape
    fields = with_identity_schema(shape.fields, hook, identity_schema)
    return _split(hook, version, [*fields, *shape.never], identity_schema)


def narrowed(shape: Shape, scenario: Scenario) -> Shape:
    """Return the shape of one way of reaching the hook point: what the way decides is no longer optional.

    Ways that decide alike share one, which is made once.
    """
    decision = decision_of(scenario)
    if decision not in shape.by_decision:
        shape.by_decision[decision] = _narrowed(shape, scenario)
    return shape.by_decision[decision]


def _narrowed(shape: Shape, scenario: Scenario) -> Shape:
    fields = [decided(entry, [scenario], shape.hook) for entry in _known(shape.hook, shape.kratos)]
    if shape.identity_schema is not None:
        fields = list(with_identity_schema(fields, shape.hook, shape.identity_schema))
    return _split(shape.hook, shape.kratos, fields, shape.identity_schema)


@lru_cache(maxsize=512)
def _known(hook: HookPoint, kratos: str) -> tuple[Field, ...]:
    return tuple(fields_at(hook, kratos))


@lru_cache(maxsize=512)
def _plain_shape(hook: HookPoint, kratos: str) -> Shape:
    ways = scenarios(hook, kratos)
    return _split(hook, kratos, [decided(entry, ways, hook) for entry in _known(hook, kratos)], None)


def _split(hook: HookPoint, kratos: str, fields: Iterable[Field], schema: dict[str, Any] | None) -> Shape:
    """Sort fields into possible ones and never ones; what lies below a never field is left out."""
    possible: list[Field] = []
    never: dict[Path, Field] = {}
    for entry in fields:
        if any(entry.path[:n] in never for n in range(1, len(entry.path))):
            continue
        if entry.presence == "never":
            never[entry.path] = entry
        else:
            possible.append(entry)
    return Shape(hook, kratos, tuple(possible), tuple(never.values()), schema)


def _fits(segment: str | int, parent: Field | None) -> bool:
    """An index needs a list and a name an object to go into."""
    if parent is None:
        return isinstance(segment, str)
    return ("array" if isinstance(segment, int) else "object") in parent.types


def _shown(path: Path) -> str:
    return format_path(tuple(0 if segment == "*" else segment for segment in path))
