"""One field of a ctx: where it is, what it can hold, when it is there, and who sets it."""

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.records import Frozen


class Field(Frozen):
    """What is known about one path below ctx.

    ``path`` has ``"*"`` for any list item and any key. ``types`` are JSON type names; ``("any",)``
    is any JSON value with anything below it. ``presence`` is ``always``, ``optional`` or ``never``
    and speaks of the object that holds the key: the key is there whenever that object is.
    ``nullable`` says that null may stand in its place. ``set_by`` is ``server``, ``client``,
    ``identity-schema``, ``admin`` or ``config``. ``since`` and ``until`` bound the versions
    that ever have it. ``evidence`` is ``captured`` or ``source``.
    """

    path: Path
    types: tuple[str, ...]
    presence: str = "always"
    nullable: bool = False
    set_by: str = "server"
    since: str | None = None
    until: str | None = None
    note: str = ""
    evidence: str = "source"
    enum: tuple[str, ...] = ()
    format: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether any JSON value may stand here, with anything below it."""
        return "any" in self.types
