"""Example traits: what an identity of this schema could look like."""

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any

from jsonnet_ctx.context.example import Example
from jsonnet_ctx.context.likely import Person
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.kratos.traits import traits_place

_ATTEMPTS = 4
_MOST_ALTERNATIVES = 8


def example_traits(
    identity_schema: dict[str, Any], *, seed: int = 0, minimal: bool = False, materialised: bool = True
) -> dict[str, Any]:
    """Return traits that are valid against the identity schema, the same for the same seed.

    With ``minimal`` only required traits are there, and objects as ``{}`` (with their required
    keys), as Kratos adds them at registration (behaviours.json row
    traits.registration-email-only-browser); without ``materialised`` not even those, as an
    identity of the admin API keeps what was sent. A schema without traits gives ``{}``. Raises
    UsageError for a schema that no object satisfies or that is none.
    """
    document = traits_place(identity_schema).document
    return deepcopy(_example(json.dumps(document), seed, minimal, materialised))


@lru_cache(maxsize=64)
def _example(schema: str, seed: int, minimal: bool, materialised: bool) -> dict[str, Any]:
    """The traits for a schema given as text: all ways to a hook point ask for the same few."""
    place = traits_place(json.loads(schema))
    made = example_value(place, seed=seed, minimal=minimal, objects=materialised) if place.branches else None
    if not isinstance(made, dict):
        raise UsageError("the identity schema allows no object as traits")
    return made


def other_traits(identity_schema: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return a full and a bare example for each alternative of the schema (``anyOf``, ``oneOf``, ``if``).

    Of a schema with very many alternatives the first ones only.
    """
    return _alternatives(json.dumps(identity_schema, default=repr))


@lru_cache(maxsize=32)
def _alternatives(schema: str) -> tuple[dict[str, Any], ...]:
    return examples_of(traits_place(json.loads(schema)))


def examples_of(place: Place) -> tuple[dict[str, Any], ...]:
    """Return a full and a bare object for each alternative of a place, the first ones of very many."""
    found: list[dict[str, Any]] = []
    for minimal in (False, True):
        for choice in range(min(_MOST_ALTERNATIVES, len(place.branches))):
            made = Example(Person(0), minimal=minimal, choice=choice).of(place)
            if isinstance(made, dict) and made not in found and is_valid(place, made):
                found.append(made)
    return tuple(found)


def example_value(place: Place, *, seed: int = 0, minimal: bool = False, objects: bool = True, name: str = "") -> Any:
    """Return a value for a place of a schema, standing under the key ``name``.

    ``minimal`` leaves optional keys out, optional objects only if ``objects`` is False too.

    Straightforward schemas are answered at once; where a pattern, ``not``, ``oneOf`` and the like
    leave doubt, the value is checked, and as a last resort searched for. Raises UsageError when
    no value is found.
    """
    for choice in range(max(1, min(_ATTEMPTS, len(place.branches)))):
        example = Example(Person(seed), minimal=minimal, objects=objects, choice=choice)
        value = example.of(place, name)
        if not example.unsure or is_valid(place, value):
            return value
    from jsonnet_ctx.context.from_schema import smallest

    return smallest(place)
