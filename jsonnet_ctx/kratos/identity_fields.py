"""What an identity schema adds to the fields of a ctx: traits, and whether there are addresses."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.kratos.trait_addresses import LIST_OF
from jsonnet_ctx.kratos.traits import MAX_DEPTH, trait_fields, traits_place
from jsonnet_ctx.records import replace

_KIND_OF = {name: kind for kind, name in LIST_OF.items()}


def with_identity_schema(fields: Iterable[Field], hook: HookPoint, schema: dict[str, Any]) -> tuple[Field, ...]:
    """Return the fields with traits and address lists as this identity schema makes them.

    An object-typed trait that nobody sent is ``{}`` where the hook point itself makes the
    traits (registration, the profile form) and can be missing elsewhere: an identity of the
    admin API keeps what was sent. An address list is always there when a required trait is
    marked for it, and never when no trait is. Raises UsageError for a schema that nests too deep.
    """
    made_here = hook.flow == "registration" or hook.method == "profile"
    marks = frozenset(_marks(traits_place(schema), True, 0))
    traits = {flag: trait_fields(schema, materialised=flag) for flag in ((True, False) if made_here else (False,))}
    found: list[Field] = []
    for field in fields:
        if field.path[-2:] == ("traits", "*"):
            materialised = made_here and field.path == ("identity", "traits", "*")
            found += [replace(trait, path=(*field.path[:-1], *trait.path)) for trait in traits[materialised]]
        else:
            found.append(_address_list(field, marks) if field.path[-1] in _KIND_OF else field)
    return tuple(found)


def _address_list(field: Field, marks: frozenset[tuple[str, bool]]) -> Field:
    kind = _KIND_OF[str(field.path[-1])]
    if (kind, True) in marks:
        return replace(field, presence="always")
    if (kind, False) in marks:
        return field
    return replace(field, presence="never", note=f"The identity schema marks no trait for {kind}")


def _marks(place: Place, required: bool, depth: int) -> Iterator[tuple[str, bool]]:
    """Yield (kind, whether every identity has the trait) for every trait that the schema marks."""
    if depth > MAX_DEPTH:
        return
    for branch in place.branches:
        for part in branch:
            extension = part.get("ory.sh/kratos")
            if isinstance(extension, dict):
                yield from ((kind, required) for kind in LIST_OF if isinstance(extension.get(kind), dict))
    for key in place.keys:
        yield from _marks(place.key(key), required and place.requires(key), depth + 1)
    if "array" in place.types and any("items" in part for branch in place.branches for part in branch):
        yield from _marks(place.item, False, depth + 1)
