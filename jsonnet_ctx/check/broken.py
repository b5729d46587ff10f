"""How a payload breaks the contract of its receiver, with the smallest edit of a ctx that shows it."""

from typing import TYPE_CHECKING, Any

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.finding import Edit
from jsonnet_ctx.records import Frozen

if TYPE_CHECKING:  # most runs have no contract, and do not wait for what reads one
    from jsonnet_ctx.project.contract import Breach

RULE, SLUG = "JC304", "contract-broken"
BrokenKey = tuple[str, Path, tuple[str, ...]]


class Broken(Frozen):
    """One way in which a payload breaks its contract; its fields are those of a Fault.

    ``ordinary`` says that it takes neither an odd client value nor a guess at what no file says.
    """

    target: Target
    breach: "Breach"
    edits: tuple[Edit, ...]
    ctx: dict[str, Any]
    client: str
    ordinary: bool
    why: str

    @property
    def key(self) -> BrokenKey:
        """What makes two breaches the same: the rule of the schema, the payload path, the properties named."""
        return broken_key(self.breach)

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Which of two examples to show: ordinary before odd, then fewer edits, then smaller ones."""
        return (not self.ordinary, len(self.edits), -sum(len(edit.path) for edit in self.edits))


def broken_key(breach: "Breach") -> BrokenKey:
    """The rule of the schema that a breach breaks, where in the payload, and the properties it names."""
    return (breach.rule, tuple("*" if isinstance(part, int) else part for part in breach.path), breach.names)
