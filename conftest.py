"""Fixtures for every test."""

from pathlib import Path

import pytest
from harness import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project in a folder of its own, with ``.git`` so that its root is found."""
    (tmp_path / ".git").mkdir()
    return Project(tmp_path, monkeypatch)
