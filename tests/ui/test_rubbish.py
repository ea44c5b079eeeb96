"""Garbage is collected on the window's thread, never on a job's."""

from __future__ import annotations

import gc
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cis_desktop.workspace import Workspace
from ui.app import make_application
from ui.rubbish import MANY, PATIENCE, Collector


class Noted:
    """Something in a cycle that says where it was destroyed."""

    threads: list[int] = []

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        Noted.threads.append(threading.get_ident())


def test_a_job_that_writes_collects_nothing_and_the_window_does(qapp: QApplication, tmp_path: Path) -> None:
    make_application()
    assert len(qapp.findChildren(Collector)) == 1
    # What tests before have in hand counts as older, or it would be waited for.
    gc.collect()
    Noted.threads.clear()
    Noted()

    def work() -> None:
        with Workspace.open_raw(tmp_path / "w", bytes(32), "Ann") as workspace:
            with workspace.change("Added people") as change:
                change.insert_many("people", ("reference",), [(f"P-{n:04d}",) for n in range(2000)])
            made = [[n] for n in range(50_000)]
            assert made

    job = threading.Thread(target=work)
    job.start()
    job.join()
    assert not gc.isenabled()
    assert Noted.threads == []
    collector = qapp.findChild(Collector)
    for _ in range(100):
        collector.younger = -1
        collector.look()
    assert Noted.threads == [threading.get_ident()]


def test_what_a_job_has_in_hand_is_not_walked_and_what_lies_about_meanwhile_goes_later(qapp: QApplication) -> None:
    make_application()
    collector = qapp.findChild(Collector)
    gc.collect()
    Noted.threads.clear()
    in_hand = [[n] for n in range(3 * MANY)]
    Noted()
    began = time.thread_time()
    for _ in range(PATIENCE + 1):
        collector.look()
    # Walking them once takes some thirty milliseconds; all these looks together take none.
    assert time.thread_time() - began < 0.02
    assert Noted.threads == []
    assert len(in_hand) == 3 * MANY
    # Somebody is looking at another program now.
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert Noted.threads == [threading.get_ident()]
