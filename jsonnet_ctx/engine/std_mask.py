"""Hide the std members that the target version of Kratos lacks, without moving a result.

The template gets a binding of its own named ``std`` in front, on its first line: an object with
only the members that the version has. So a use of a newer one fails where it is evaluated,
exactly as on that server, and ``std.objectHasAll(std, 'trim')`` is as false as there. Columns of
the first line are mapped back afterwards.
"""

import json
import re
from collections.abc import Set

from jsonnet_ctx.records import Frozen

_BARE_STD = re.compile(r"(?<![\w.'\"])std\b(?!\s*\.\s*[A-Za-z_])")
_MEMBER = re.compile(r"[A-Za-z_]\w*")

ASK_MEMBERS = "std.objectFieldsAll(std)"
"""The program whose output lists the members of an engine's std."""


class StdMask(Frozen):
    """``prefix`` goes before a template that could tell that members are ``hidden``.

    ``known`` are the members of the engine and of the version together.
    """

    prefix: str = ""
    hidden: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def prefix_for(self, text: str) -> str:
        """The prefix that ``text`` needs: it names a hidden member, or std itself; else nothing."""
        if not self.hidden:
            return ""
        needed = not self.hidden.isdisjoint(_MEMBER.findall(text)) or _BARE_STD.search(text) is not None
        return self.prefix if needed else ""


def std_mask(installed: Set[str], target: Set[str]) -> StdMask:
    """Make the mask for an engine with the ``installed`` members and a version with the ``target`` ones.

    Members that begin with ``$`` belong to the engine's own desugaring and stay.
    """
    hidden = frozenset(name for name in installed - target if not name.startswith("$"))
    if not hidden:
        return StdMask(known=frozenset(installed | target))
    fields = ", ".join(
        f"{json.dumps(name)}:: std_of_the_engine[{json.dumps(name)}]" for name in sorted(installed - hidden)
    )
    prefix = f"local std_of_the_engine = std; local std = {{ {fields} }}; "
    return StdMask(prefix, hidden, frozenset(installed | target))
