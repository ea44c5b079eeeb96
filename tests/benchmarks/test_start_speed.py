"""From starting the process to the unlock window, beside KeePassXC's start to its own; and memory at 200x."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cis_desktop.demo import populate
from cis_desktop.vault import keys
from cis_desktop.workspace import Workspace

SCREEN = ":187"


@pytest.fixture
def screen() -> Iterator[dict[str, str]]:
    """A screen nobody looks at; give the environment that draws on it."""
    missing = [tool for tool in ("Xvfb", "xdotool", "keepassxc") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (Debian's packages of these names)")
    server = subprocess.Popen(["Xvfb", SCREEN, "-screen", "0", "1280x720x24"], stderr=subprocess.DEVNULL)
    environment = {**os.environ, "DISPLAY": SCREEN, "QT_QPA_PLATFORM": "xcb"}
    until = time.monotonic() + 10
    while subprocess.run(["xdotool", "getdisplaygeometry"], env=environment, capture_output=True).returncode:
        assert time.monotonic() < until, "the screen never came up"
        time.sleep(0.05)
    try:
        yield environment
    finally:
        server.terminate()
        server.wait()


def until_window(command: list[str], title: str, environment: dict[str, str]) -> None:
    """Start a program and return when its window is on the screen."""
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            found = subprocess.run(
                ["xdotool", "search", "--onlyvisible", "--name", title], env=environment, capture_output=True
            )
            if found.stdout.strip():
                return
            time.sleep(0.005)
        raise AssertionError(f"no window called {title}")
    finally:
        program.kill()
        program.wait()


def test_from_start_to_unlock_window(compare: Any, screen: dict[str, str], tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w", "A group", "Ann", "four words are enough", passes=3).close()
    ours = [str(Path(sys.executable).with_name("cis-desktop")), "gui", str(tmp_path / "w")]
    # As when it is installed: Python keeps what it has read. Where it may not, it reads all of Qt's support each time.
    kept = {**screen, "PYTHONPYCACHEPREFIX": str(tmp_path / "read")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    until_window(ours, "Community Insights", kept)
    compare(
        "start to unlock window, from source",
        lambda: until_window(ours, "Community Insights", kept),
        lambda: until_window(["keepassxc"], "KeePassXC", screen),
        goal=1,
        rounds=5,
    )


def test_key_derivation(compare: Any) -> None:
    passes = keys.calibrate()
    file = keys.KeyFile((keys.person_slot("Ann", "four words are enough", bytes(32), passes),))
    compare("unlocking a slot (0.5 to 1 s)", lambda: keys.open_with(file, "four words are enough"), limit=1.0)


HOME = """
import sys
from pathlib import Path
from cis_desktop.workspace import Workspace
from ui.app import make_application
from ui.preferences import Preferences
from ui.window import Window
application = make_application()
workspace = Workspace.open_raw(Path(sys.argv[1]), bytes(range(32)), "Ann")
window = Window(Preferences(remember=False), workspace.folder)
window.show()
window.opened(workspace)
while window.jobs.busy():
    application.processEvents()
# Not getrusage: its peak is inherited from the process that started this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
window.hide()
window.put_aside()
workspace.close()
"""


def test_memory_of_the_window_over_a_hundred_thousand_people(compare: Any, tmp_path: Path) -> None:
    with Workspace.open_raw(tmp_path / "w", bytes(range(32)), "Ann") as workspace:
        populate(workspace, 100_000)
    done = subprocess.run(
        [sys.executable, "-c", HOME, str(tmp_path / "w")],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    compare.amount("memory, window open at 200x", ours=int(done.stdout) / 1000, unit="MB", limit=180)
