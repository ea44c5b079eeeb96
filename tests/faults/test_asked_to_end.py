"""The window asked to end by the system, or put to sleep while it saves: nothing is lost, nothing half done."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cis_desktop.workspace import Workspace
from ui import drafts

from .acts import KEY, prepare
from .window_at_work import ROWS

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("window_at_work.py")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these signals nor SIGSTOP")


class Program:
    """The window in a process of its own, and what it says."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.said: list[str] = []

    def wait_for(self, word: str, seconds: float = 60) -> None:
        """Wait until it says a word."""
        until = time.monotonic() + seconds
        assert self.process.stdout is not None
        while word not in self.said:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"never said {word}, but {self.said}"
            line = os.read(self.process.stdout.fileno(), 4096)
            assert line, f"ended without {word}: {self.said}"
            self.said += line.decode().split("\n")

    def ends(self, seconds: float = 60) -> int:
        """Wait for its end, and give its exit code."""
        rest, _ = self.process.communicate(timeout=seconds)
        self.said += rest.decode().split("\n")
        return self.process.returncode


@contextmanager
def at_work(folder: Path, act: str, minutes: float = 10) -> Iterator[Program]:
    """Start the window on a record, at an act."""
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder), act, str(minutes)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            program = Program(process)
            program.wait_for("working")
            yield program
        finally:
            process.kill()


def imported(folder: Path) -> int:
    """Open the record, insist that it is whole and that the draft is there, and give how many people came in."""
    assert (folder / "vault.lock").read_bytes() == b""
    with Workspace.open_raw(folder, KEY, "Ann") as again:
        assert again.problems() == []
        assert drafts.read(again.read)["drafts"]["noticed"]["values"]["words"] == "Half a thought"
        (found,) = again.read.execute("select count(*) from people where given_name like 'Name P%'").fetchone()
        (named,) = again.read.execute("select count(*) from change_sets where words = 'Imported a list'").fetchone()
    assert bool(named) == (found > ROWS)
    return int(found)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_end_closes_the_window_in_the_middle_of_an_import(tmp_path: Path, number: int) -> None:
    prepare(tmp_path / "group")
    with Workspace.open_raw(tmp_path / "group", KEY, "Ann") as workspace:
        (before,) = workspace.read.execute("select count(*) from people where given_name like 'Name P%'").fetchone()
    with at_work(tmp_path / "group", "import") as program:
        program.process.send_signal(number)
        assert program.ends() == 0
        assert "ended" in program.said
    assert imported(tmp_path / "group") in (before, before + ROWS)


def test_a_laptop_asleep_in_the_middle_of_an_import_goes_on_where_it_was(tmp_path: Path) -> None:
    prepare(tmp_path / "group")
    with at_work(tmp_path / "group", "import") as program:
        program.process.send_signal(signal.SIGSTOP)
        time.sleep(2)
        program.process.send_signal(signal.SIGCONT)
        program.wait_for("saved")
        program.process.terminate()
        assert program.ends() == 0
    assert imported(tmp_path / "group") > ROWS


def test_a_laptop_put_to_sleep_again_and_again_keeps_every_visit_that_was_saved(tmp_path: Path) -> None:
    prepare(tmp_path / "group")
    with Workspace.open_raw(tmp_path / "group", KEY, "Ann") as workspace:
        (before,) = workspace.read.execute("select count(*) from contacts").fetchone()
    with at_work(tmp_path / "group", "save") as program:
        program.wait_for("saved")
        for _ in range(5):
            time.sleep(0.1)
            program.process.send_signal(signal.SIGSTOP)
            time.sleep(0.3)
            program.process.send_signal(signal.SIGCONT)
        program.process.terminate()
        assert program.ends() == 0
    saved = program.said.count("saved")
    with Workspace.open_raw(tmp_path / "group", KEY, "Ann") as again:
        assert again.problems() == []
        (after,) = again.read.execute("select count(*) from contacts").fetchone()
    # The last one may be on the disk without having been told to a window that was closing.
    assert saved >= 5
    assert after - before in (saved, saved + 1)


def test_a_laptop_that_slept_too_long_is_locked_when_it_wakes(tmp_path: Path) -> None:
    prepare(tmp_path / "group")
    with at_work(tmp_path / "group", "wait", minutes=4 / 60) as program:
        program.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        program.process.send_signal(signal.SIGCONT)
        woken = time.monotonic()
        program.wait_for("locked")
        # As near as a test comes to a laptop's sleep; what clocks do meanwhile is tested with the window.
        assert time.monotonic() - woken < 3
        program.process.terminate()
        assert program.ends() == 0
    imported_before = imported(tmp_path / "group")
    assert imported_before < ROWS
