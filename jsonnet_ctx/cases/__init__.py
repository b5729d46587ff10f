"""What the user says is right: case files, matchers, snapshots."""
