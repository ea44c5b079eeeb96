"""A screen and an accessibility bus for the journeys that are driven from outside."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.screen import Screen


@pytest.fixture
def screen(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """Give a screen of its own; skip without the programs it needs. CIS_PICTURES names a folder for pictures."""
    if importlib.util.find_spec("jeepney") is None:
        pytest.skip("jeepney, which speaks to the accessibility bus, is not installed")
    from tests.journeys.screen import LAUNCHERS, TOOLS, Screen

    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if not any(path.exists() for path in LAUNCHERS):
        missing.append("at-spi2-core")
    if missing:
        pytest.skip(f"a screen to drive from outside needs {', '.join(missing)}")
    wanted = os.environ.get("CIS_PICTURES")
    pictures = Path(wanted) / request.node.name if wanted else None
    with Screen(tmp_path / "home", pictures) as made:
        yield made
