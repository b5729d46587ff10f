"""``python -m jsonnet_ctx``: the same as the ``jsonnet-ctx`` command."""

import sys

from jsonnet_ctx.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
