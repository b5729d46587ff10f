"""Frozen records that cost next to nothing at import: a dataclass that is completed when the first one is made."""

import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar, dataclass_transform

__all__ = ["Frozen", "field"]

_COMPLETING = threading.RLock()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Frozen:
    """What ``@dataclass(frozen=True)`` makes of a class, for every class below this one.

    Generating the methods of a dataclass takes longer than importing the module around it, and one
    command makes few of the records that exist. So a class has no ``__init__`` of its own until the
    first call comes here.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __init__(self, *values: Any, **named: Any) -> None:
        kind = type(self)
        with _COMPLETING:
            for each in reversed(kind.__mro__[: kind.__mro__.index(Frozen)]):
                if "__dataclass_fields__" not in vars(each):
                    dataclass(frozen=True)(each)
        kind.__init__(self, *values, **named)
