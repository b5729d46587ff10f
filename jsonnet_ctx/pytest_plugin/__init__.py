"""The pytest door."""

from jsonnet_ctx.pytest_plugin.as_installed import begin

begin()
