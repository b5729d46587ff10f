"""One step of the search: a ctx on the way, and the edits that are yet to be tried on it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from jsonnet_ctx.check.bases import Base
from jsonnet_ctx.check.literals import literal_edits
from jsonnet_ctx.check.state import SearchState
from jsonnet_ctx.context.edit import value_at
from jsonnet_ctx.context.vary import Variation, edits_for
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import addresses_of
from jsonnet_ctx.kratos.traits import below_traits

MOST_DECIDING = 8
_ABSENT = object()


class Step(NamedTuple):
    """A ctx on the way: the edits that made it and the paths that its edits have yet to be tried on.

    ``tried`` are edits that the step before has tried, as text.
    """

    ctx: dict[str, Any]
    paths: frozenset[Path]
    known: frozenset[Path]
    edits: tuple[Variation, ...] = ()
    tried: frozenset[str] = frozenset()


def reachable_edits(state: SearchState, base: Base, step: Step) -> list[Variation]:
    """The reachable edits of a step, ordinary ones first, each edit once."""
    found: dict[str, Variation] = {}
    for path in sorted(step.paths, key=lambda path: (len(path), str(path))):
        for variation in (
            *edits_for(base.shape, base.scenario, step.ctx, path, values=True),
            *literal_edits(base.shape, base.scenario, step.ctx, path, state.literals),
        ):
            found.setdefault(repr(variation.edit), variation)
    for text in step.tried & found.keys():
        del found[text]
    return sorted(found.values(), key=lambda variation: not variation.ordinary)


def signature(step: Step, edits: Iterable[Variation]) -> frozenset[Any]:
    """What decides the outcome of trying a step: the types it reads and the edits to come.

    Two scenarios that agree in it cannot differ in their faults, so the second is not tried.
    """
    types = ((path, _type_at(step.ctx, path)) for path in step.known)
    texts = ((repr(variation.edit), variation.ordinary) for variation in edits)
    return frozenset((*types, *texts))


def deciding_traits(shape: Shape, reads: Iterable[Path]) -> Iterator[Path]:
    """Traits of few values beside those that are read: a schema with conditions may let one of them decide."""
    holders = {path[: len(path) - len(below)] for path in reads if (below := below_traits(path))}
    fields = (field for field in shape.fields if any(field.path[: len(holder)] == holder for holder in holders))
    few = (field.path for field in fields if (field.enum or field.types == ("boolean",)) and "*" not in field.path)
    yield from islice(few, MOST_DECIDING)


def freed_traits(schema: dict[str, Any], step: Step, variation: Variation, ctx: dict[str, Any]) -> frozenset[Path]:
    """The traits that other edits may be possible of now: what a person needs, a company may leave out.

    Not where the edit gives or takes an address: the next one could leave a list of addresses that is half there.
    """
    below = below_traits(variation.edit.path)
    if step.edits or not below:
        return frozenset()
    holder = variation.edit.path[: -len(below)]
    if addresses_of(schema, value_at(step.ctx, holder)) != addresses_of(schema, value_at(ctx, holder)):
        return frozenset()
    return frozenset(path for path in step.known if below_traits(path))


def _type_at(ctx: dict[str, Any], path: Path) -> str:
    value = value_at(ctx, path, _ABSENT)
    return "absent" if value is _ABSENT else type(value).__name__
