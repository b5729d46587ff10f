"""What Kratos does, per version: data and look-ups."""
