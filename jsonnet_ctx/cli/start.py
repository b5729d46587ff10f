"""The command of the shell: it begins and ends without what a process that lives shortly has no use for."""

import gc
import os
import sys
from typing import NoReturn

OBJECTS_TO_LOOK_AFTER = 50_000
"""Python's 700 would look for garbage again and again while modules are loaded."""


def main() -> NoReturn:
    """Run the command line of the process, and end it with the exit code."""
    gc.set_threshold(OBJECTS_TO_LOOK_AFTER)
    from jsonnet_ctx.cli.main import run

    _end(run())


def _end(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, which takes a tenth of a short run.

    Worker and streams are what it leaves behind. Where somebody watches the process (a debugger,
    coverage) or a stream is broken, it ends as any other does.
    """
    if sys.gettrace() is None and sys.getprofile() is None and "coverage" not in sys.modules:
        pool = sys.modules.get("jsonnet_ctx.engine.pool")
        if pool is not None:
            pool.close_shared_engines()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
