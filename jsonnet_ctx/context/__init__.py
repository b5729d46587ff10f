"""The ctx: build it for a hook point, vary it, generate it."""
