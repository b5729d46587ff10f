"""The command-line door: one file a command."""
