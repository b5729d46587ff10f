"""``python -m jsonnet_ctx``: the same as the ``jsonnet-ctx`` command."""

from jsonnet_ctx.cli.start import main

if __name__ == "__main__":
    main()
