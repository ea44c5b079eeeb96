"""From starting the built application to its unlock window, beside KeePassXC's start to its own, in turns."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.workspace import Workspace

BUILT = Path(__file__).resolve().parents[2] / "dist" / "cis-desktop" / "cis-desktop"


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen nobody looks at; give the environment that draws on it, with settings that nobody has."""
    missing = [tool for tool in ("Xvfb", "xdotool", "keepassxc") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (Debian's packages of these names)")
    if not BUILT.exists():
        pytest.skip("nothing is built: run `python3 dev.py freeze` first")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24", "-noreset", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        (tmp_path / "home").mkdir()
        home = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "home")}
        yield {**os.environ, **home, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        server.terminate()


def until_window(command: list[str], title: str, environment: dict[str, str]) -> None:
    """Start a program, return when its window is on the screen, and end it."""
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        until = time.monotonic() + 30
        while not subprocess.run(search, env=environment, capture_output=True).stdout.strip():
            assert time.monotonic() < until, f"no window called {title}"
            time.sleep(0.005)
        program.kill()


def test_from_start_of_the_build_to_unlock_window(compare: Any, screen: dict[str, str], tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w", "A group", "Ann", "four words are enough", passes=3).close()
    ours = [str(BUILT), "gui", str(tmp_path / "w")]
    # Once each untimed: a start is measured as it is on most days, with the files in memory.
    until_window(ours, "Community Insights", screen)
    until_window(["keepassxc"], "KeePassXC", screen)
    compare(
        "start to unlock window, as built",
        lambda: until_window(ours, "Community Insights", screen),
        lambda: until_window(["keepassxc"], "KeePassXC", screen),
        goal=1,
        rounds=9,
    )
