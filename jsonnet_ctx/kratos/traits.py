"""The traits that an identity schema allows: which path is there, which value, and what Kratos adds."""

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.local_schema import remote_refs
from jsonnet_ctx.kratos.schema_branch import JSON_TYPES
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.kratos.schema_valid import is_valid

__all__ = ["remote_refs", "trait_allows", "trait_fields", "trait_may_exist", "trait_place", "traits_place"]

MAX_FIELDS = 2000
MAX_DEPTH = 12
_MAX_SCHEMA_DEPTH = 200
_HOLDERS: tuple[Path, ...] = (("identity",), ("session", "identity"), ("flow", "identity"))
_CONDITIONS = ("if", "oneOf", "anyOf", "not", "dependencies", "dependentRequired", "dependentSchemas")
_KEPT = "an identity made through the admin API keeps exactly what was sent, so the object can be missing"
_ADDED = "{} when nobody submitted it: Kratos adds every object-typed trait"
_EXTRA = "the identity schema does not forbid other keys"
_BY = "identity-schema"
_ANY_KEY = "\0"
_OBJECT = {"type": "object"}


def trait_fields(identity_schema: dict[str, Any], *, materialised: bool = True) -> tuple[Field, ...]:
    """Return a field for every trait, parents before children, with paths that start below ``identity.traits``.

    A required trait is ``always`` there, another one ``optional``. With ``materialised`` an
    object-typed trait is ``always`` there: Kratos adds it as ``{}`` at registration, settings and
    OIDC (behaviours.json rows traits.registration-email-only-browser, traits.settings-email-only);
    pass False where the identity may come from the admin API, which keeps what was sent (capture
    login.after.password__api-migrate). ``("*",)`` stands for keys that the schema does not name.
    Raises UsageError for a schema that nests too deep to read.
    """
    every = _walk((), traits_place(identity_schema), materialised=materialised)
    return tuple(islice(every, MAX_FIELDS))


def traits_place(identity_schema: dict[str, Any]) -> Place:
    """Return the place of ``identity.traits``: an object, open where the schema says nothing about traits.

    Raises UsageError for a schema that nests too deep to read.
    """
    try:
        return _place_of(json.dumps(identity_schema, default=repr))
    except (RecursionError, ValueError) as problem:
        raise _too_deep() from problem


@lru_cache(maxsize=32)
def _place_of(text: str) -> Place:
    """The place of the traits of a schema given as text, so that who changes a schema gets a new place."""
    document = json.loads(text)
    if not isinstance(document, dict):
        raise UsageError("an identity schema is an object")
    if _deeper_than(document, _MAX_SCHEMA_DEPTH):
        raise _too_deep()
    stated = Place(document, ((document,),)).key("traits")
    return Place(document, tuple((*schemas, _OBJECT) for schemas in stated.demands))


def _too_deep() -> UsageError:
    return UsageError(f"the identity schema nests deeper than {_MAX_SCHEMA_DEPTH} levels")


def trait_place(identity_schema: dict[str, Any], path: Path) -> Place:
    """Return the place of a path below ``identity.traits``; without branches when it can never be there."""
    place = traits_place(identity_schema)
    for part in path:
        place = place.item if isinstance(part, int) else place.key(part)
    return place


def trait_may_exist(identity_schema: dict[str, Any], path: Path) -> bool:
    """Tell whether a path below ``identity.traits`` can be there.

    False where a level has ``additionalProperties: false`` and does not name the key, or is no object.
    """
    return bool(trait_place(identity_schema, path).branches)


def trait_allows(identity_schema: dict[str, Any] | None, path: Path, value: Any, *, formats: bool = False) -> bool:
    """Tell whether ``value`` can stand at this ctx path as far as the identity schema is concerned.

    True for a path that is no trait and where no schema is known. ``formats`` are not checked
    unless asked for: Kratos and a validator differ in them. Raises UsageError for a schema that no
    validator can read.
    """
    below = below_traits(path)
    if identity_schema is None or below is None:
        return True
    return is_valid(trait_place(identity_schema, below), value, formats=formats)


def still_valid(identity_schema: dict[str, Any], before: Any, after: Any) -> bool:
    """Whether whole traits satisfy the schema after a change; those that did not before may stay as they are."""
    place = traits_place(identity_schema)
    return before == after or is_valid(place, after) or not is_valid(place, before)


def has_conditions(identity_schema: dict[str, Any]) -> bool:
    """Whether what the schema says of one trait can depend on another one."""
    text = json.dumps(identity_schema, default=repr)
    return any(f'"{word}":' in text for word in _CONDITIONS)


def below_traits(path: Path) -> Path | None:
    """Return what follows ``identity.traits`` in a ctx path, whoever holds the identity; None for other paths."""
    for holder in _HOLDERS:
        prefix = (*holder, "traits")
        if path[: len(prefix)] == prefix:
            return path[len(prefix) :]
    return None


def _walk(path: Path, place: Place, *, materialised: bool, above: tuple[Any, ...] = ()) -> Iterator[Field]:
    """Fields below ``path``; a schema that holds itself (``above``) is open from its second time on."""
    parts = tuple(part for branch in place.branches for part in branch)
    circular = any(part is one for part in parts for one in above if "properties" in part or "items" in part)
    if circular or len(path) >= MAX_DEPTH or set(place.types) == set(JSON_TYPES):
        if circular:
            yield Field((*path, "*"), ("any",), "optional", nullable=True, set_by=_BY, note=_EXTRA)
        return
    for key in place.keys:
        child, required = place.key(key), place.requires(key)
        optional_object = not required and child.types == ("object",)
        note = "" if not optional_object else _ADDED if materialised else _KEPT
        presence = "always" if required or (optional_object and materialised) else "optional"
        yield _field((*path, key), child, presence, note)
        yield from _walk((*path, key), child, materialised=materialised, above=(*above, *parts))
    if "array" in place.types:
        yield _field((*path, "*"), place.item, "always", "")
        yield from _walk((*path, "*"), place.item, materialised=False, above=(*above, *parts))
    elif place.is_open:
        yield _field((*path, "*"), place.key(_ANY_KEY), "optional", _EXTRA)


def _field(path: Path, place: Place, presence: str, note: str) -> Field:
    named = tuple(dict.fromkeys("number" if name == "integer" else name for name in place.types if name != "null"))
    is_any = set(place.types) == set(JSON_TYPES) or (path[-1] == "*" and note == _EXTRA)
    return Field(
        path,
        ("any",) if is_any else named or ("null",),
        presence,
        nullable="null" in place.types,
        set_by=_BY,
        note=note,
        evidence="captured" if note in {_ADDED, _KEPT} else "source",
        enum=tuple(place.words("enum", "const")),
        format=next(iter(place.words("format")), None),
    )


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            item
            for part in level
            if isinstance(part, dict | list)
            for item in (part.values() if isinstance(part, dict) else part)
        ]
    return bool(level)
