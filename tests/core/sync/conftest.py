"""A group that shares one record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.sync.group import Group


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """Give a group with one laptop and a stick."""
    made = Group(tmp_path)
    yield made
    made.close()
