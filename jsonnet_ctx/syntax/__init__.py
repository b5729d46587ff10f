"""Jsonnet text: lexer, tree with spans, ctx reads with their guards."""
