"""What can differ about the traits: what the identity schema leaves open, or everything without one."""

from collections.abc import Iterator
from typing import Any

from jsonnet_ctx.context.change import edit_alone, has, value_at
from jsonnet_ctx.context.no_value import NoValue
from jsonnet_ctx.context.traits import example_value, examples_of, other_traits
from jsonnet_ctx.context.variation import Variation
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.schema_branch import JSON_TYPES, listed, type_of
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.trait_addresses import LIST_OF, addresses_of
from jsonnet_ctx.kratos.traits import still_valid, trait_place, traits_place

MAX_ALTERNATIVES = 12
_SEEDS = 6
_UNKNOWN = "an identity does not have it, as far as is known without an identity schema"
_ADMIN = "the identity was made through the admin API without it"
_NUMBERS = frozenset({"integer", "number"})
_ABSENT = object()


def trait_edits(shape: Shape, ctx: dict[str, Any], path: Path, below: Path) -> Iterator[Variation]:
    """Edits of the ctx path ``path``, which is ``below`` the traits of an identity.

    An optional object that is missing takes an identity of the admin API, which is not ordinary;
    nor is anything that only the absence of an identity schema allows.
    """
    field = shape.field(path)
    if not below or field is None:
        return
    if shape.identity_schema is None:
        if has(ctx, path):
            yield Variation(Edit(path, "absent"), False, _UNKNOWN)
        elif isinstance(value_at(ctx, path[:-1]), dict):
            yield Variation(Edit(path, "set", "text"), False, "an identity has it")
        return
    traits_path = path[: len(path) - len(below)]
    present = value_at(ctx, traits_path)
    for variation in _candidates(field, trait_place(shape.identity_schema, below), ctx, path):
        if still_valid(shape.identity_schema, present, value_at(edit_alone(ctx, variation.edit), traits_path)):
            yield variation
    if len(traits_place(shape.identity_schema).branches) > 1:
        yield from _other_kinds(shape.identity_schema, ctx, traits_path, below)


def former_edits(shape: Shape, ctx: dict[str, Any], path: Path, below: Path) -> Iterator[Variation]:
    """Another text or number at a trait of the identity as it was before a settings change: what the person changes."""
    present, schema = value_at(ctx, path), shape.identity_schema
    if not below or isinstance(present, bool) or not isinstance(present, str | int | float):
        return
    place = None if schema is None else trait_place(schema, below)
    values = ["text"] if place is None else [_example(place, str(path[-1]), seed=seed) for seed in range(1, _SEEDS)]
    others = (value for value in values if value is not _ABSENT and not _same(value, present))
    traits_path = path[: len(path) - len(below)]
    for value in others:
        edit = Edit(path, "set", value)
        if schema is None or is_valid(traits_place(schema), value_at(edit_alone(ctx, edit), traits_path)):
            yield Variation(edit, True, "the person changes it")
            return


def _other_kinds(schema: dict[str, Any], ctx: dict[str, Any], traits_path: Path, below: Path) -> Iterator[Variation]:
    """The traits as another alternative of the schema has them, where that lacks, adds or settles this one.

    One edit of one trait may not do: a company that needs a ``legal_name`` is more than another ``kind``.
    """
    present = value_at(ctx, traits_path)
    named = any("const" in part or "enum" in part for branch in trait_place(schema, below).branches for part in branch)
    for other in other_traits(schema):
        if not _has_addresses(schema, ctx, traits_path[:-1], other):
            continue
        differs = has(other, below) != has(present, below)
        if differs or (named and value_at(other, below) != value_at(present, below)):
            name = format_path(below)
            way = f"with {name} {_shown(value_at(other, below))}" if has(other, below) else f"without {name}"
            yield Variation(Edit(traits_path, "set", other), True, f"the identity is of the kind {way}")


def _has_addresses(schema: dict[str, Any], ctx: dict[str, Any], holder: Path, traits: dict[str, Any]) -> bool:
    """Whether every address of other traits stands in this ctx, so that it can be kept and none has to be made."""
    return all(
        any(row.get("value") == address.value for row in value_at(ctx, (*holder, LIST_OF[address.kind])) or ())
        for address in addresses_of(schema, traits)
    )


def _candidates(field: Field, place: Place, ctx: dict[str, Any], path: Path) -> Iterator[Variation]:
    """Edits that the schema allows at this place; whether it allows them with the rest is for the caller to see."""
    if has(ctx, path):
        yield from _absence(field, path)
        yield from _alternatives(place, path, value_at(ctx, path))
    elif _holder_takes(ctx, path):
        yield from _addition(place, path, str(path[-1]))


def _absence(field: Field, path: Path) -> Iterator[Variation]:
    if field.presence != "optional" or isinstance(path[-1], int):
        return
    if field.types == ("object",):
        yield Variation(Edit(path, "absent"), False, _ADMIN)
    else:
        yield Variation(Edit(path, "absent"), True, "the person leaves it out")


def _addition(place: Place, path: Path, name: str) -> Iterator[Variation]:
    """Something at a path where nothing stands, if anything can be found that the schema allows."""
    value = _example(place, name)
    if value is not _ABSENT:
        yield Variation(Edit(path, "set", value), True, "the person has it")


def _alternatives(place: Place, path: Path, present: Any) -> Iterator[Variation]:
    """Other values that the schema allows: null, empty, every enum value, every other type."""
    if present is not None and "null" in place.types and is_valid(place, None):
        yield Variation(Edit(path, "null"), True, "it is null, as the identity schema allows")
    if isinstance(present, str | list | dict) and present and _may_be_empty(place, present):
        bare = _example(place, minimal=True) if isinstance(present, dict) else _ABSENT
        if bare and bare is not _ABSENT:
            yield from (
                [Variation(Edit(path, "set", bare), True, "the person leaves it empty")] if bare != present else []
            )
        else:
            yield Variation(Edit(path, "empty"), True, "it is empty, as the identity schema allows")
    for value in _values(place, present):
        if value not in (None, _ABSENT) and not _same(value, present) and is_valid(place, value):
            yield Variation(Edit(path, "set", value), True, f"it is {_shown(value)}, as the identity schema allows")


def _may_be_empty(place: Place, present: Any) -> bool:
    """Whether the schema allows the empty value; an empty string has no format, and Kratos takes it for no address."""
    parts = [part for branch in place.branches for part in branch]
    if isinstance(present, str) and any("format" in part or "ory.sh/kratos" in part for part in parts):
        return False
    return is_valid(place, type(present)())


def _values(place: Place, present: Any) -> Iterator[Any]:
    """One value of every branch that differs in type, and all that are listed; at most MAX_ALTERNATIVES."""
    listed_values: list[Any] = []
    for branch in place.branches:
        for part in branch:
            listed_values += [part["const"]] if "const" in part else listed(part.get("enum"))
            listed_values += listed(part.get("examples"))
    if isinstance(present, bool):
        listed_values.append(not present)
    yield from listed_values[:MAX_ALTERNATIVES]
    if type_of(present) in _NUMBERS:
        yield from _bounds(place)
    if isinstance(present, list) and present:
        yield from _longer(place, present)
    if isinstance(present, dict) and len(place.branches) > 1:
        yield from examples_of(place)
    if set(place.types) == set(JSON_TYPES):
        return
    held = {type_of(present), "null"}
    if held & _NUMBERS or "number" in place.types:
        held |= _NUMBERS if held & _NUMBERS else {"integer"}
    for name in place.types:
        if name not in held:
            yield _example(Place(place.document, tuple((*schemas, {"type": name}) for schemas in place.demands)))


def _bounds(place: Place) -> Iterator[Any]:
    """The numbers at which arithmetic goes wrong: zero, and the ends of the range that the schema allows."""
    parts = [part for branch in place.branches for part in branch]
    yield from (0, *(part[word] for part in parts for word in ("minimum", "maximum") if word in part))


def _longer(place: Place, present: list[Any]) -> Iterator[list[Any]]:
    """The list with an item more: the same one again, and one of each other type that an item can have."""
    yield [*present, present[-1]]
    item = place.item
    if set(item.types) != set(JSON_TYPES):
        others = (
            _example(Place(item.document, (({"type": name}, *one),))) for name in item.types for one in item.demands
        )
        yield from ([*present, other] for other in others if other is None or type(other) is not type(present[-1]))


def _example(place: Place, name: str = "", *, minimal: bool = False, seed: int = 0) -> Any:
    """A value for a place, _ABSENT where the schema allows none."""
    if not place.branches:
        return _ABSENT
    try:
        return example_value(place, name=name, minimal=minimal, seed=seed)
    except NoValue:
        return _ABSENT


def _holder_takes(ctx: dict[str, Any], path: Path) -> bool:
    holder = value_at(ctx, path[:-1], _ABSENT)
    if isinstance(path[-1], int):
        return isinstance(holder, list) and path[-1] == len(holder)
    return isinstance(holder, dict)


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)


def _shown(value: Any) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)
