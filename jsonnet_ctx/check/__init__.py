"""What is wrong without anyone saying what is right."""
