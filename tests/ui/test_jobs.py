"""Work off the window's thread: results come back, owners may go, and what is asked to stop stops."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop.errors import CisError
from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from ui.desk import Desk
from ui.jobs import Jobs, Stopped
from ui.window import Window


@pytest.fixture
def jobs(qtbot: QtBot) -> Jobs:
    return Jobs()


def test_work_is_done_elsewhere_and_told_here(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[tuple[int, int]] = []
    owner = QObject()

    def done(there: int) -> None:
        told.append((there, threading.get_ident()))

    jobs.start(owner, "Looking", lambda _: threading.get_ident(), done, pytest.fail)
    qtbot.waitUntil(lambda: bool(told))
    ((there, here),) = told
    assert here == threading.get_ident()
    assert there != here


def test_nobody_is_told_when_the_owner_is_gone(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []
    owner = QObject()
    jobs.start(owner, "Looking", lambda _: time.sleep(0.05), told.append, told.append)
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert told == []


def test_a_stopped_job_says_so_and_gives_no_result(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []

    def work(job: object) -> None:
        while True:
            job.check()
            time.sleep(0.002)

    owner = QObject()
    job = jobs.start(owner, "Counting", work, pytest.fail, told.append)
    job.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Stopped)


def test_writes_land_in_the_order_they_were_asked_for(qtbot: QtBot, jobs: Jobs) -> None:
    landed: list[int] = []
    owner = QObject()
    for at in range(20):
        jobs.start(owner, "Saving", lambda _, at=at: at, landed.append, pytest.fail, writes=True)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert landed == list(range(20))


def test_only_slow_work_is_shown_with_its_name_and_a_way_to_stop_it(qtbot: QtBot, window: Window) -> None:
    done: list[object] = []
    window.jobs.start(window, "Counting", lambda job: job.stop.wait(5), done.append, done.append)
    assert not window.under_way.isVisible()
    qtbot.waitUntil(window.under_way.isVisible, timeout=3000)
    assert window.under_way.words.text() == "Counting…"
    window.under_way.cancel.click()
    qtbot.waitUntil(lambda: bool(done))
    assert not window.under_way.isVisible()


def test_stopping_a_query_interrupts_it(qtbot: QtBot, jobs: Jobs, lists: Workspace) -> None:
    desk, told = Desk(lists, jobs), []

    def work(connection: object, job: object) -> object:
        return connection.execute(
            "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"
        ).fetchone()

    job = desk.read(desk, "Counting for ever", work, pytest.fail, told.append)
    QTest.qWait(50)
    job.cancel()
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert isinstance(told[0], Stopped)


def test_a_refused_change_is_told_and_writes_nothing(qtbot: QtBot, jobs: Jobs, lists: Workspace) -> None:
    desk, told = Desk(lists, jobs), []
    desk.write(desk, "Added a person", lambda change: people.add(change, postcode="nowhere"), pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], CisError)
    assert not people.page(lists.read)


def test_what_is_written_elsewhere_is_seen_at_once(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("people")
    page = window.pages["people"]
    assert page.rows.rowCount() == 0

    def work(_: object) -> None:
        with lists.change("Added a person") as change:
            people.add(change, given_name="Amina")

    window.jobs.start(window, "Adding", work, lambda _: None, pytest.fail, writes=True)
    settled()
    assert page.rows.rowCount() == 1


def test_a_page_out_of_sight_catches_up_when_it_is_seen(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("people")
    window.go("settings")
    with lists.change("Added a person") as change:
        people.add(change, given_name="Amina")
    settled()
    assert window.pages["people"].rows.rowCount() == 0
    window.go("people")
    assert window.pages["people"].rows.rowCount() == 1


def test_a_form_being_filled_in_is_left_alone_by_what_happens_elsewhere(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    person = people.page(group.read)[0]
    window.go("people", ("visit", person.id))
    form = window.pages["people"].visit_form
    form.note.setPlainText("half a note")
    with group.change("Corrected a person") as change:
        people.edit(change, person.id, phone="020 7946 0123")
    settled()
    assert form.isVisible()
    assert form.note.toPlainText() == "half a note"


def test_a_backup_is_made_and_the_strip_says_when(
    window: Window, tmp_path: object, settled: Callable[[], None]
) -> None:
    from datetime import UTC, datetime

    from cis_desktop import words

    made = Workspace.create(tmp_path / "record", "Kitchen", "Ann", "four words that fit", passes=1)
    window.opened(made)
    assert window.standing.backup.text() == "No backup yet"
    window.back_up()
    settled()
    assert window.toast.words.text().startswith("Backed up and checked")
    assert window.standing.backup.text() == f"Last backup {words.day(datetime.now(UTC).date())}"


def test_a_damaged_vault_is_told_as_that_and_not_as_a_mistake_of_the_app(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    Workspace.create(tmp_path / "record", "Kitchen", "Ann", "four words that fit", passes=1).close()
    vault = tmp_path / "record" / "vault.db"
    whole = vault.read_bytes()
    vault.write_bytes(whole[:5000] + b"x" * 100 + whole[5100:])
    told: list[Exception] = []
    owner = QObject()
    jobs.start(
        owner,
        "Unlocking",
        lambda _: Workspace.open(tmp_path / "record", "four words that fit"),
        pytest.fail,
        told.append,
    )
    qtbot.waitUntil(lambda: bool(told))
    (error,) = told
    assert isinstance(error, CisError)
    assert error.code == "vault_damaged"


class Held:
    """Says on which thread it went."""

    def __init__(self, went: list[int]) -> None:
        self.went = went

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_job_held_goes_on_the_window_s_thread_however_late_its_own_ends(
    qtbot: QtBot, jobs: Jobs, fails: bool
) -> None:
    went: list[int] = []
    coming, over = threading.Event(), threading.Event()

    def late(frame: FrameType, event: str, _: object) -> None:
        # The job has told of its end, and still has to come back from there.
        if event == "return" and frame.f_code.co_qualname == "Jobs.start.<locals>.run":
            coming.set()
            over.wait(5)

    def start() -> None:
        held, told = Held(went), Held(went)

        def work(_: object) -> Held:
            sys.setprofile(late)
            if fails:
                raise ValueError(held)
            return Held(went) if held else held

        jobs.start(QObject(jobs), "Looking", work, lambda _: told, lambda _: told)

    start()
    qtbot.waitUntil(lambda: not jobs.busy())
    assert coming.wait(5)
    over.set()
    jobs.finish(5)
    qtbot.waitUntil(lambda: len(went) == (2 if fails else 3))
    assert set(went) == {threading.get_ident()}
