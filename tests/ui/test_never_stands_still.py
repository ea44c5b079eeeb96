"""The window never stands still: whatever is done, keys are answered at once. `watchdog.py` says what is measured."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui import tour
from tests.ui.watchdog import MOST, Stall, Watchdog, drive
from ui import theme
from ui.preferences import Preferences
from ui.window import Window

NOTICED = 0.15
"""Seconds that the ordinary run allows a turn, on computers that may be slow and busy; the long one allows `MOST`."""


def run(qapp: QApplication, folder: Path, size: int, rows: int, most: float) -> list[Stall]:
    """Do everything in a window over a record of so many people, with files of so many rows; give the stalls."""
    record = tour.make_record(folder / "record", size)
    sheet, table = tour.make_sheet(folder / "visits.csv", rows), tour.make_table(folder / "table.csv", rows)
    theme.put_on(qapp, "light", 100)
    window = Window(Preferences(remember=False), record)
    # On a slow computer the walk takes longer than a window is left open that nobody uses.
    window.idle.minutes = 24 * 60
    window.resize(1280, 720)
    window.show()
    with Watchdog(most) as watchdog:
        drive(window, watchdog, tour.whole(window, sheet, table), limit=900)
    assert window.desk is None
    window.close()
    window.deleteLater()
    print({step: round(worst * 1000) for step, worst in watchdog.worst.items() if worst > most / 2})
    return watchdog.stalls


def test_nothing_anybody_does_holds_the_window_up_at_ten_thousand_people(qapp: QApplication, tmp_path: Path) -> None:
    stalls = run(qapp, tmp_path, 10_000, 2000, NOTICED)
    assert not stalls, "\n".join(map(str, stalls))


@pytest.mark.soak
def test_no_turn_lasts_longer_than_fifty_milliseconds_at_a_hundred_thousand_people(
    qapp: QApplication, tmp_path: Path
) -> None:
    stalls = run(qapp, tmp_path, 100_000, 80_000, MOST)
    assert not stalls, "\n".join(map(str, stalls))


# --- the watchdog itself ------------------------------------------------------------------------------------


def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def acts() -> Iterator[str]:
    lock = threading.Lock()
    lock.acquire()
    yield "nothing much"
    compute(0.005)
    yield "computing"
    compute(0.2)
    yield "asleep"
    time.sleep(0.4)
    yield "waiting for a lock"
    threading.Timer(0.4, lock.release).start()
    lock.acquire()
    yield "the end"


def test_the_watchdog_sees_work_sleep_locks_and_calls_that_let_nobody_in(window: Window) -> None:
    with Watchdog(0.1) as watchdog:
        drive(window, watchdog, acts())
        # A job whose one call keeps the interpreter to itself holds the window up as well.
        watchdog.step = "a job"
        window.jobs.start(window, "Adding up", lambda _: sum(range(30_000_000)), lambda _: None, pytest.fail)
        drive(window, watchdog, iter(["waiting for the job", "the end"]))
    seen = {stall.step: stall for stall in watchdog.stalls}
    assert "nothing much" not in seen
    assert seen["computing"].busy > 0.19
    assert any("compute" in place for place in seen["computing"].places)
    assert seen["asleep"].waited > 0.15
    assert seen["asleep"].busy < 0.1
    assert seen["waiting for a lock"].waited > 0.15
    assert max(stall.waited for stall in watchdog.stalls if "job" in stall.step) > 0.1


def test_hashing_in_a_job_is_no_stall(window: Window) -> None:
    raw = bytes(50_000_000)
    with Watchdog(NOTICED) as watchdog:
        window.jobs.start(window, "Hashing", lambda _: hashlib.sha256(raw).digest(), lambda _: None, pytest.fail)
        drive(window, watchdog, iter(["hashing", "the end"]))
    assert not watchdog.stalls
