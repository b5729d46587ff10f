"""Imports of this package under pytest: from the compiled files, as in every other program.

pytest rewrites the asserts of every module in a package that has a plugin, which takes longer than
loading it, and where Python writes no bytecode (PYTHONDONTWRITEBYTECODE) it does so in each run.
The plugin tells its failures in its own words and has nothing to rewrite.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_PACKAGE = __name__.partition(".")[0] + "."


class AsInstalled:
    """A finder that answers for the modules below this package, before pytest's is asked."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module as the path has it; None for those of others."""
        return PathFinder.find_spec(name, path, target) if name.startswith(_PACKAGE) else None


# Importing this module is enough: it has to be the first of the plugin's imports.
if AsInstalled not in sys.meta_path:
    sys.meta_path.insert(0, AsInstalled)
