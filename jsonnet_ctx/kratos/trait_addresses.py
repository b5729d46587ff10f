"""The addresses that Kratos takes from the traits of an identity."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.kratos.traits import traits_place

LIST_OF = {"verification": "verifiable_addresses", "recovery": "recovery_addresses"}
"""The key of an identity that holds the addresses of a kind."""


class Address(NamedTuple):
    """An address in the traits.

    ``kind`` is ``verification`` or ``recovery``, ``via`` what the schema says (``email``, ``sms``),
    ``value`` the trait as it is written, ``path`` where it stands below the traits.
    """

    kind: str
    via: str
    value: str
    path: Path


def addresses_of(identity_schema: dict[str, Any], traits: Any) -> tuple[Address, ...]:
    """Return the verifiable and recovery addresses that these traits make, each value of a kind once.

    A trait is an address where the schema says ``"ory.sh/kratos": {"verification": {"via": …}}``
    (or ``recovery``); empty and other than string values are none (captures with the customer
    schema: an SMS address only where there is a phone).
    """
    found: dict[tuple[str, str, str], Address] = {}
    for address in _below((), traits_place(identity_schema), traits):
        found.setdefault((address.kind, address.via, address.value), address)
    return tuple(found.values())


def _below(path: Path, place: Place, value: Any) -> Iterator[Address]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _below((*path, key), place.key(key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below((*path, index), place.item, item)
    elif isinstance(value, str) and value:
        for kind, via in dict.fromkeys(_marks(place)):
            yield Address(kind, via, value, path)


def _marks(place: Place) -> Iterator[tuple[str, str]]:
    for branch in place.branches:
        for part in branch:
            extension = part.get("ory.sh/kratos")
            for kind in LIST_OF:
                mark = extension.get(kind) if isinstance(extension, dict) else None
                if isinstance(mark, dict) and isinstance(mark.get("via"), str):
                    yield kind, mark["via"]


def has_identifier(identity_schema: dict[str, Any], traits: Any) -> bool:
    """Whether these traits hold something that the person can log in with, other than at a provider.

    The schema marks it: ``"ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}``.
    """
    return _identifies(traits_place(identity_schema), traits)


def _identifies(place: Place, value: Any) -> bool:
    if isinstance(value, dict):
        return any(_identifies(place.key(key), item) for key, item in value.items())
    if isinstance(value, list):
        return any(_identifies(place.item, item) for item in value)
    parts = [part for branch in place.branches for part in branch] if isinstance(value, str) and value else []
    return any(_is_identifier(part.get("ory.sh/kratos")) for part in parts)


def _is_identifier(extension: Any) -> bool:
    credentials = extension.get("credentials") if isinstance(extension, dict) else None
    methods = credentials.values() if isinstance(credentials, dict) else ()
    return any(isinstance(method, dict) and (method.get("identifier") is True or "via" in method) for method in methods)
