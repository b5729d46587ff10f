"""Tell what was found: text and JSON."""
