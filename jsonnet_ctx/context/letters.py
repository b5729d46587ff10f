"""The characters that generated texts are made of."""

from hypothesis import strategies as st

LETTERS = st.characters(exclude_categories=["Cs"])
"""Every character but lone surrogates, which JSON text cannot hold.

Hypothesis's own default means the same and builds its table of characters inside the first draw,
which takes seconds on a fresh machine and trips its health check.
"""
