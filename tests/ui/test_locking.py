"""Locking hides everything at once and loses nothing that was half written."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cis_desktop.backups import due
from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from tests.ui.keys import type_in
from ui.idle import Idle, passing
from ui.window import PLACES, Window

KEY = bytes(range(32))
CANARY = "zebracanary"


def test_what_is_half_written_comes_back_after_locking(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    person = people.page(group.read)[0]
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Half a thought")
    window.go("sessions", ("new", None))
    window.pages["sessions"].adults.set_number(17)
    window.go("people", ("visit", person.id))
    form = window.pages["people"].visit_form
    form.first.put("food_parcel", 2, 0, 5)
    form.needs.tick(["debt"])
    form.note.setFocus()
    type_in(form.note, "mid wor")
    window.lock()
    assert window.pages == {}
    settled()
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    assert window.place == "people"
    form = window.pages["people"].visit_form
    assert form.isVisible()
    assert form.note.toPlainText() == "mid wor"
    assert form.note.textCursor().position() == 7
    assert form.note.hasFocus()
    assert form.needs.ticked() == ["debt"]
    assert form.first.thing() is not None
    assert form.first.many.value() == 2
    assert form.first.days.value() == 5
    type_in(form.note, "d")
    assert form.note.toPlainText() == "mid word"
    assert window.pages["noticed"].words.toPlainText() == "Half a thought"
    assert window.pages["sessions"].adults.number() == 17


def test_a_draft_that_was_saved_does_not_come_back(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("noticed", ("new", None))
    page = window.pages["noticed"]
    page.words.setPlainText("Said once")
    window.keep_drafts()
    page.save.click()
    settled()
    window.lock()
    settled()
    window.opened(Workspace.open_raw(lists.folder, KEY, "Ann"))
    assert window.place == "home"
    assert window.pages.keys() == {"home"}


def test_looking_round_is_no_draft(window: Window, group: Workspace, settled: Callable[[], None]) -> None:
    window.opened(group)
    person = people.page(group.read)[0].id
    for place in PLACES:
        window.go(place)
    for act in ("show", "visit", "case", "correct", "new"):
        window.go("people", (act, person))
    assert window.written()["drafts"] == {}
    window.lock()
    settled()
    window.opened(Workspace.open_raw(group.folder, KEY, "Ann"))
    assert window.place == "home"


def test_drafts_are_nowhere_readable_and_in_no_history(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    before = len(lists.change_sets())
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText(CANARY)
    window.keep_drafts()
    settled()
    assert len(lists.change_sets()) == before
    window.lock()
    settled()
    files = [path for path in [*tmp_path.rglob("*"), *Path.home().rglob("*")] if path.is_file()]
    assert files
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_closing_the_window_keeps_drafts_and_lets_go_of_the_folder(
    window: Window, lists: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(lists)
    window.go("noticed", ("new", None))
    window.pages["noticed"].words.setPlainText("Before closing")
    window.close()
    settled()
    assert not window.isVisible()
    with Workspace.open_raw(lists.folder, KEY, "Ann") as again:
        from ui import drafts

        assert drafts.read(again.read)["drafts"]["noticed"]["values"]["words"] == "Before closing"


def test_nothing_is_left_on_the_screen_or_in_reach_when_locked(
    window: Window, group: Workspace, settled: Callable[[], None]
) -> None:
    window.opened(group)
    window.go("people", ("show", people.page(group.read)[0].id))
    window.lock()
    assert window.stack.currentWidget() is window.start
    assert not window.toast.isVisible()
    settled()
    window.go("people")
    assert window.pages == {}
    assert not [act.text() for act in window.actions() if act.property("unlocked") and act.isEnabled()]


def test_a_window_left_alone_locks_itself(qtbot: QtBot, window: Window, group: Workspace) -> None:
    window.opened(group)
    window.idle.minutes = 0
    qtbot.waitUntil(lambda: window.desk is None)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def asleep(window: Window) -> Clock:
    """Give the clock by which the window counts, asleep or awake."""
    clock = Clock()
    window.idle._now = clock
    return clock


def test_a_laptop_that_slept_is_locked_as_soon_as_it_wakes(
    qtbot: QtBot, window: Window, group: Workspace, asleep: Clock
) -> None:
    window.opened(group)
    asleep.at += 9 * 60
    window.idle.look()
    assert window.desk is not None
    # No timer of Qt ran while it slept: the next look is the first anybody hears of the night.
    asleep.at += 8 * 3600
    qtbot.waitUntil(lambda: window.desk is None, timeout=5000)


def test_the_key_that_wakes_a_laptop_locks_it_and_is_typed_nowhere(
    window: Window, group: Workspace, asleep: Clock, settled: Callable[[], None]
) -> None:
    window.opened(group)
    window.go("people")
    field = window.pages["people"].find
    field.setFocus()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert field.text() == "a"
    asleep.at += 30 * 60
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_B)
    assert window.desk is None
    assert window.stack.currentWidget() is window.start
    settled()
    assert "b" not in window.start.passphrase.text()


def test_every_use_begins_the_wait_anew(window: Window, group: Workspace, asleep: Clock) -> None:
    window.opened(group)
    for _ in range(5):
        asleep.at += 9 * 60
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert window.desk is not None


def test_no_clock_that_somebody_sets_locks_or_unlocks(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[bool] = []
    idle = Idle(10)
    idle.past.connect(lambda: said.append(True))
    idle.begin()
    before, now = passing(), time.time()
    for years in (-20, 20):
        monkeypatch.setattr(time, "time", lambda years=years: now + years * 365 * 86400)
        assert not idle.look()
    assert said == []
    assert 0 <= passing() - before < 60


def test_the_clock_that_counts_sleep_is_used_where_there_is_one() -> None:
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert abs(passing() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 1


def test_a_clock_that_was_ahead_once_stops_no_backup(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "record", "Kitchen", "Ann", "four words that fit", passes=1) as made:
        now = datetime.now(UTC)
        (made.folder / "backups").mkdir()
        (made.folder / "backups" / f"{now.year + 20}-01-01T120000Z.cis-backup").write_bytes(b"")
        assert due(made, made.read, now, timedelta(days=1))
        made.back_up()
        assert not due(made, made.read, now, timedelta(days=1))
        # Set back by a year: the backup just made is of the future now, and so nothing is kept safe yet.
        assert due(made, made.read, now - timedelta(days=365), timedelta(days=1))
