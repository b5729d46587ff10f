"""The hooks of the pytest plugin: a few lines each; nothing heavy is imported until a test asks."""
