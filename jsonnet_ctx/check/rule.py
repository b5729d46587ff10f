"""What a rule is: an id that is never reused, a slug, and a page."""

import inspect
from collections.abc import Callable
from typing import Any

from jsonnet_ctx.records import Frozen


class Rule(Frozen):
    """A rule: ``id`` (``JC101``), ``slug`` (``missing-field``) and the function that applies it.

    The function's docstring is the rule's documentation page: its first line is the title, and
    its *bad* and *good* blocks are run by the tests.
    """

    id: str
    slug: str
    apply: Callable[..., Any]

    @property
    def page(self) -> str:
        """The documentation page."""
        return inspect.cleandoc(self.apply.__doc__ or "")

    @property
    def title(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]
