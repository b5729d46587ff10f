"""Records: classes that hold named values, without the code that a dataclass generates for each of them.

Generating that code takes longer than importing the module around it, and a command makes few of
the records that there are. What is here does with a look at the names what the generated code
spells out; to a type checker it is a dataclass.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, dataclass_transform

_NONE = object()
Kind = TypeVar("Kind", bound="_Record")


class _Field:
    """What :func:`field` says of one value."""

    __slots__ = ("compared", "default", "factory", "hashed", "shown")

    def __init__(self, default: Any, factory: Callable[[], Any] | None, shown: bool, compared: bool, hashed: bool):
        self.default, self.factory = default, factory
        self.shown, self.compared, self.hashed = shown, compared, hashed


def field(
    *,
    default: Any = _NONE,
    default_factory: Callable[[], Any] | None = None,
    repr: bool = True,
    compare: bool = True,
    hash: bool | None = None,
) -> Any:
    """What a value is when it is left out, and whether it counts where records are shown, compared and hashed."""
    return _Field(default, default_factory, repr, compare, compare if hash is None else hash)


class _AsDataclass:
    """What :mod:`dataclasses` asks for, made when it asks: ``replace``, ``fields`` and ``asdict`` take records too."""

    def __get__(self, _record: object, kind: "type[_Record]") -> dict[str, Any]:
        import dataclasses

        made: Any = dataclasses.make_dataclass(kind.__name__, [(name, Any) for name in kind._names])
        fields: dict[str, Any] = made.__dataclass_fields__
        return fields


class _Record:
    """What all records have: their names, what stands for a value that is left out, and how one is made."""

    __dataclass_fields__: ClassVar[Any] = _AsDataclass()

    _entries: ClassVar[dict[str, _Field]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}
    _factories: ClassVar[dict[str, Callable[[], Any]]] = {}
    _names: ClassVar[tuple[str, ...]] = ()
    _has_more_to_do: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Note the annotated names, after those of the class above."""
        fields = dict(cls._entries)
        for name, kind in cls.__annotations__.items():
            if getattr(kind, "__origin__", None) is ClassVar:
                continue
            given = cls.__dict__.get(name, _NONE)
            fields[name] = given if isinstance(given, _Field) else _Field(given, None, True, True, True)
            if isinstance(given, _Field):
                delattr(cls, name)
        cls._entries = fields
        cls._defaults = {name: one.default for name, one in fields.items() if one.default is not _NONE}
        cls._factories = {name: one.factory for name, one in fields.items() if one.factory is not None}
        cls._names = tuple(fields)
        cls._has_more_to_do = cls.__post_init__ is not _Record.__post_init__

    def __init__(self, *values: Any, **named: Any) -> None:
        if named or len(values) != len(self._names):
            self._fill(values, named)
        else:
            self.__dict__.update(zip(self._names, values, strict=False))
        if self._has_more_to_do:
            self.__post_init__()

    def _fill(self, values: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Take the values that are given, and what stands for the others."""
        names, kept = self._names, self.__dict__
        kept.update(self._defaults)
        kept.update(zip(names, values, strict=False))
        kept.update(named)
        if self._factories:
            kept.update({name: factory() for name, factory in self._factories.items() if name not in kept})
        is_odd = named and not (named.keys() <= self._entries.keys() and named.keys().isdisjoint(names[: len(values)]))
        if is_odd or len(values) > len(names) or len(kept) < len(names):
            raise TypeError(self._complaint(values, named))

    def __post_init__(self) -> None:
        """What a record does when its values are there."""

    def _complaint(self, values: tuple[Any, ...], named: dict[str, Any]) -> str:
        names = self._names
        given = {*names[: len(values)], *named, *self._defaults, *self._factories}
        missing = [name for name in names if name not in given]
        twice = [name for name in names[: len(values)] if name in named]
        unknown = [name for name in named if name not in names]
        parts = {"lacks": missing, "does not know": unknown, "is given twice": twice}
        told = "; ".join(f"{what} {', '.join(which)}" for what, which in parts.items() if which)
        return f"{type(self).__name__} {told or f'takes {len(names)} values, not {len(values)}'}"


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class Plain(_Record):
    """A record that is only equal to itself; nothing keeps its values from being changed."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Frozen(_Record):
    """A record that does not change, and is equal to one of its class with the same values."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"cannot assign to field {name!r}: a {type(self).__name__} does not change")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete field {name!r}: a {type(self).__name__} does not change")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        here, there = self.__dict__, other.__dict__
        return all(here[name] == there[name] for name, one in self._entries.items() if one.compared)

    def __hash__(self) -> int:
        kept = self.__dict__
        return hash(tuple(kept[name] for name, one in self._entries.items() if one.hashed))

    def __repr__(self) -> str:
        shown = (f"{name}={self.__dict__[name]!r}" for name, one in self._entries.items() if one.shown)
        return f"{type(self).__qualname__}({', '.join(shown)})"


def replace(record: Kind, **changes: Any) -> Kind:
    """The same record with other values in some places."""
    return type(record)(**{**values_of(record), **changes})


def values_of(record: _Record) -> dict[str, Any]:
    """The values of a record by name, without what it has worked out from them since."""
    return {name: record.__dict__[name] for name in record._names}
