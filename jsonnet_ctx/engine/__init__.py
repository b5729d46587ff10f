"""Evaluate as Kratos does: worker, outcome, request, effect."""
