"""Fixtures for every test."""

from pathlib import Path

import hypothesis
import pytest
from harness import Project

# How long an example takes says nothing about the program on a machine that does other things too.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project in a folder of its own, with ``.git`` so that its root is found."""
    (tmp_path / ".git").mkdir()
    return Project(tmp_path, monkeypatch)
