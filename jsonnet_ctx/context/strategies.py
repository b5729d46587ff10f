"""Hypothesis strategies for contexts: a fabricated ctx and a few reachable edits."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from jsonnet_ctx.context.build import CLIENTS, build
from jsonnet_ctx.context.change import edit_alone, value_at
from jsonnet_ctx.context.drawn import note_drawn
from jsonnet_ctx.context.from_schema import place_values
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.context.letters import LETTERS
from jsonnet_ctx.context.same_person import follow
from jsonnet_ctx.context.vary import HOLDERS, Variation, edits_for, may_differ
from jsonnet_ctx.ctx_path import Path, parse_path
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_since, select_hook_points
from jsonnet_ctx.kratos.scenario import Scenario, scenarios
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.kratos.shape import Shape, shape_of
from jsonnet_ctx.kratos.traits import trait_place, traits_place
from jsonnet_ctx.kratos.versions import LATEST, parse_version, reaches
from jsonnet_ctx.records import Frozen

MAX_EDITS = 4
_CHOICES = 11
_PAYLOAD: Path = ("flow", "transient_payload")
_MISSING = object()
_JSON: SearchStrategy[Any] = st.recursive(
    st.text(LETTERS, max_size=8) | st.integers(-999, 999) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(LETTERS, max_size=8), inner, max_size=3),
    max_leaves=6,
)
_PAYLOADS = st.dictionaries(
    st.sampled_from(["locale", "plan", "invite_code", "provider"]) | st.text(LETTERS, min_size=1, max_size=8),
    _JSON,
    max_size=3,
)


def contexts(
    hook: str | HookPoint,
    *,
    kratos: str = LATEST,
    client: str | None = None,
    given: Mapping[str, Any] | None = None,
    without: Iterable[str] = (),
    identity_schema: dict[str, Any] | None = None,
) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for contexts that this Kratos version can send at a hook point.

    ``hook`` is an id or a prefix that selects several; ``client`` (``api``, ``browser``, ``spa``)
    narrows to the ways that client takes, where there are any; ``given`` and ``without`` hold in
    every example. Contexts shrink to the fabricated one of the first way, and edits to the fewest.
    Raises UnknownName for an unknown hook point, version or client and UsageError for a version
    without the hook point and where a ``given`` cannot be in any of the ways.
    """
    points = select_hook_points(hook) if isinstance(hook, str) else (hook,)
    version = parse_version(kratos)
    if client is not None and client not in CLIENTS:
        raise UnknownName("client", client, CLIENTS)
    known = [point for point in points if reaches(version, hook_since(point))]
    shapes = [shape_of(point, kratos=version, identity_schema=identity_schema) for point in known or points]
    dropped = tuple(without)
    starts = _possible([_Start(one, way, given or {}, dropped) for one in shapes for way in _ways(one, client)])
    return st.deferred(lambda: _edited(starts, _paths_to_edit(starts)))


class _Start(Frozen):
    """Where a script of edits starts: a way of reaching a hook point, and what has to stay as it is."""

    shape: Shape
    scenario: Scenario
    given: Mapping[str, Any]
    without: tuple[str, ...]

    @cached_property
    def ctx(self) -> dict[str, Any]:
        """The fabricated ctx with ``given`` and ``without``. Raises UsageError where they cannot be."""
        return apply_given(build(self.shape, self.scenario), self.shape, self.given, self.without)

    @cached_property
    def fixed(self) -> list[tuple[Path, Any]]:
        """What edits must leave as it is: the paths of ``given`` and ``without`` and what stands there."""
        paths = [parse_path(text) for text in (*self.given, *self.without)]
        return [(path, value_at(self.ctx, path, _MISSING)) for path in paths]

    def variations(self, ctx: dict[str, Any], path: Path) -> list[Variation]:
        """The reachable edits of one path of ``ctx``, ordinary ones first."""
        found = edits_for(self.shape, self.scenario, ctx, path, values=True)
        return sorted(found, key=lambda variation: not variation.ordinary)

    def keeps(self, ctx: dict[str, Any]) -> bool:
        """Whether ``ctx`` still has what was given and lacks what was taken away."""
        return all(value_at(ctx, path, _MISSING) == value for path, value in self.fixed)


def _ways(shape: Shape, client: str | None) -> Sequence[Scenario]:
    ways = scenarios(shape.hook, shape.kratos)
    return [way for way in ways if client in (None, way.client)] or ways


def _possible(starts: Sequence[_Start]) -> Sequence[_Start]:
    """The starts at which what was given can be. Raises UsageError where there is none."""
    if not (starts[0].given or starts[0].without):
        return starts
    found: list[_Start] = []
    problem: UsageError | None = None
    for start in starts:
        try:
            start.ctx  # noqa: B018 - read to see whether it can be
        except UsageError as refusal:
            problem = problem or refusal
        else:
            found.append(start)
    if not found and problem is not None:
        raise problem
    return found


def _paths_to_edit(starts: Sequence[_Start]) -> list[Path]:
    """Paths that can have edits, of all hook points together: a script means the same for every start."""
    first_ones = {start.shape.hook: start for start in reversed(starts)}
    found: set[Path] = set()
    for start in first_ones.values():
        paths = {path for path in _paths(start.ctx, ()) if may_differ(path)}
        paths.update(field.path for field in start.shape.fields if "*" not in field.path and may_differ(field.path))
        clients = {other.scenario.client: other for other in starts if other.shape is start.shape}
        for path in paths - found:
            if any(other.variations(other.ctx, path) for other in clients.values()):
                found.add(path)
    return sorted(found, key=lambda path: (len(path), str(path)))


@st.composite
def _edited(draw: DrawFn, starts: Sequence[_Start], paths: Sequence[Path]) -> dict[str, Any]:
    """The ctx of a start after a script of up to MAX_EDITS edits; one that is impossible by then is left out."""
    # Path, choice among its edits and a coin belong together, so that shrinking can drop one step of a script.
    step = st.tuples(st.sampled_from(paths), st.integers(0, _CHOICES), st.booleans()) if paths else st.nothing()
    script = draw(st.lists(step, max_size=MAX_EDITS, unique_by=lambda drawn: drawn[0]))
    start = draw(st.sampled_from(starts))
    ctx = start.ctx
    if start.scenario.transient_payload == "client" and draw(st.booleans()):
        ctx = _changed(start, ctx, Edit(_PAYLOAD, "set", draw(_PAYLOADS)))
    for path, choice, any_value in script:
        found = start.variations(ctx, path)
        if any_value and any(variation.edit.op == "set" for variation in found):
            ctx = _with_trait(draw, start, ctx, path)
        elif found:
            ctx = _changed(start, ctx, found[choice % len(found)].edit)
    return note_drawn(ctx, start.shape, start.scenario)


def _with_trait(draw: DrawFn, start: _Start, ctx: dict[str, Any], path: Path) -> dict[str, Any]:
    """A trait set to any value that the identity schema allows; other paths are left alone."""
    schema = start.shape.identity_schema
    holder = next((one for one in HOLDERS if path[: len(one) + 1] == (*one, "traits")), None)
    if schema is None or holder is None or len(path) == len(holder) + 1:
        return ctx
    below = path[len(holder) + 1 :]
    value = draw(place_values(trait_place(schema, below)))
    changed = _changed(start, ctx, Edit(path, "set", value))
    return changed if is_valid(traits_place(schema), value_at(changed, (*holder, "traits"))) else ctx


def _changed(start: _Start, ctx: dict[str, Any], edit: Edit) -> dict[str, Any]:
    after = follow(ctx, edit_alone(ctx, edit), edit.path)
    return after if start.keeps(after) else ctx


def _paths(value: Any, path: Path) -> Iterable[Path]:
    if path:
        yield path
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from _paths(item, (*path, key))
