"""The ctx of a case: fabricated or from a fixture, with the edits of the file and of the case on top."""

from collections.abc import Sequence
from typing import Any

from jsonnet_ctx.cases.refuse import placed, require, strings, wrong
from jsonnet_ctx.context.build import build
from jsonnet_ctx.context.fixture import Fixture
from jsonnet_ctx.context.given import apply_given
from jsonnet_ctx.ctx_path import format_path, parse_ctx_path, parse_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.effect_rows import CLIENTS, Client
from jsonnet_ctx.kratos.headers import header_allowlist
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.kratos.scenario import Scenario, scenarios
from jsonnet_ctx.kratos.shape import Shape, narrowed, shape_of
from jsonnet_ctx.kratos.trait_addresses import LIST_OF
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.records import Frozen, Plain, field

Given = dict[str, Entry]


class Edits(Frozen):
    """What cases set and take away: ctx paths (as :func:`format_path` writes them) with their places in the file.

    ``shared`` counts the first ones of ``given`` that the file gives to all its cases.
    """

    given: Given
    without: Given
    shared: int = 0

    def over(self, nearer: "Edits") -> "Edits":
        """These edits, then nearer ones: what the file gives, what the case gives, then all that is left out."""
        kept = {path: entry for path, entry in self.given.items() if path not in nearer.given}
        return Edits(kept | nearer.given, self.without | nearer.without, len(kept))

    def split(self) -> tuple["Edits", "Edits"]:
        """What the file gives and the rest, one on top of the other.

        Nothing is split off where addresses are given: those keep traits from making any, whichever comes first.
        """
        if any(name in path for path in self.given for name in LIST_OF.values()):
            return Edits({}, {}), self
        given = list(self.given.items())
        return Edits(dict(given[: self.shared]), {}), Edits(dict(given[self.shared :]), self.without)


def read_edits(given: Entry | None, without: Entry | None) -> Edits:
    """The edits of a file or a case. Raises FileError for a text that is no ctx path."""
    if given is not None:
        require(given, "object", "given")
    set_paths = {_path(child, key): child for key, child in (given.fields() if given else ())}
    left_out = (
        {}
        if without is None or without.value == []
        else {_path(entry, entry.value): entry for entry in strings(without, "without")}
    )
    return Edits(set_paths, left_out)


def _path(entry: Entry, text: str) -> str:
    try:
        return format_path(parse_ctx_path(text))
    except ValueError as problem:
        hint = 'write flow.id, identity.verifiable_addresses[0] or ["a.b"]'
        raise wrong(entry, str(problem), hint=hint) from None


class Contexts(Plain):
    """Makes the contexts of one case file; shapes, and contexts with what the file gives, are made once."""

    identity_schema: dict[str, Any] | None
    allowlist: tuple[str, ...] | None
    _shapes: dict[tuple[str, str], Shape] = field(default_factory=dict)
    _begun: dict[tuple[str, str, str, tuple[str, ...]], dict[str, Any]] = field(default_factory=dict)
    _ways: dict[tuple[str, str, str, tuple[str, ...]], Scenario] = field(default_factory=dict)

    def fabricated(self, hook: HookPoint, kratos: str, client: Client, edits: Edits) -> tuple[dict[str, Any], Client]:
        """A ctx with these edits and the client it is of: this one where it can bring what is given.

        Raises FileError at the first edit that cannot be.
        """
        shape = self._shape(hook, kratos)
        way = self._way(shape, client, tuple(edits.given))
        of_file, own = edits.split()
        key = (hook.id, kratos, way.name, tuple(of_file.given))
        if key not in self._begun:
            plain = build(shape, way, allowlist=header_allowlist(kratos, self.allowlist))
            self._begun[key] = self._edited(plain, shape, of_file)
        came = next(one for one in CLIENTS if one == way.client)
        return self._edited(self._begun[key], shape, own), came

    def recorded(self, fixture: Fixture, hook: HookPoint, kratos: str, edits: Edits) -> dict[str, Any]:
        """The ctx of a fixture with these edits. Raises FileError at the first edit that cannot be."""
        return self._edited(fixture.ctx, self._shape(hook, kratos), edits)

    def _shape(self, hook: HookPoint, kratos: str) -> Shape:
        if (hook.id, kratos) not in self._shapes:
            self._shapes[hook.id, kratos] = shape_of(hook, kratos=kratos, identity_schema=self.identity_schema)
        return self._shapes[hook.id, kratos]

    def _way(self, shape: Shape, client: Client, given: tuple[str, ...]) -> Scenario:
        key = (shape.hook.id, shape.kratos, client, given)
        if key not in self._ways:
            self._ways[key] = _way(shape, client, given)
        return self._ways[key]

    def _edited(self, ctx: dict[str, Any], shape: Shape, edits: Edits) -> dict[str, Any]:
        values = {path: entry.value for path, entry in edits.given.items()}
        try:
            return apply_given(ctx, shape, values, edits.without, allowlist=self.allowlist)
        except UsageError as error:
            raise placed(_culprit(ctx, shape, edits, self.allowlist), error) from error


def _culprit(ctx: dict[str, Any], shape: Shape, edits: Edits, allowlist: Sequence[str] | None) -> Entry:
    """The first edit that cannot be made after those before it."""
    values: dict[str, Any] = {}
    for path, entry in edits.given.items():
        values[path] = entry.value
        try:
            apply_given(ctx, shape, values, allowlist=allowlist)
        except UsageError:
            return entry
    return next(iter((*edits.without.values(), *edits.given.values())))


def _way(shape: Shape, client: Client, given: tuple[str, ...]) -> Scenario:
    """The first way of this client that can have every given path, else the first of another client."""
    ways = sorted(scenarios(shape.hook, shape.kratos), key=lambda way: way.client != client)
    return next((way for way in ways if all(_can_have(shape, way, path) for path in given)), ways[0])


def _can_have(shape: Shape, way: Scenario, text: str) -> bool:
    """Whether this way decides against a path; what the shape itself lacks is not its business."""
    path = parse_path(text)
    return shape.field(path) is None or narrowed(shape, way).field(path) is not None
