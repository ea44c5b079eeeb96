"""In the window: a backup before an import and before undoing one; what takes long is stopped by Cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cis_desktop import backups, health, ways_in
from cis_desktop.records import people
from cis_desktop.records.code_lists import load_code_lists
from cis_desktop.vault.slots import current
from cis_desktop.workspace import Workspace
from tests.ui.keys import type_in
from ui.window import Window

Settled = Callable[[], None]
ANN, BO = "correct horse battery staple", "purple lantern gravel teapot"


@pytest.fixture
def record(window: Window, tmp_path: Path) -> Iterator[Workspace]:
    """Give Ann's record, open in the window, for which she has shown to hold the kit."""
    made = Workspace.create(tmp_path / "record", "Kilburn Kitchen", "Ann", ANN, passes=1)
    ways_in.add_person(made, "Bo", BO, passes=1)
    ways_in.add_recovery(made)
    with made.change("Put in the starter lists") as change:
        load_code_lists(change)
        health.kit_proven(change, next(slot.id for slot in current(made.read) if slot.kind == "recovery"))
    window.opened(made)
    yield made
    window.lock()


def made(record: Workspace) -> int:
    return len(backups.made(record.folder / backups.FOLDER))


def block(record: Workspace) -> Path:
    """Let the folder of backups be on a disk that is not there."""
    blocked = record.folder / backups.FOLDER
    blocked.symlink_to(record.folder.parent / "not there" / "backups")
    return blocked


def tried(window: Window, settled: Settled, folder: Path) -> object:
    """Give the page of spreadsheets with forty rows tried."""
    rows = "\n".join(f"{n},Mei {n},Chen,{n % 28 + 1}/5/2018,food" for n in range(40))
    (folder / "list.csv").write_text(f"Client no,First name,Surname,Date,Type of help\n{rows}\n")
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(folder / "list.csv")
    settled()
    page.order.choose("uk")
    page.try_it.click()
    settled()
    return page


def test_an_import_and_undoing_it_are_backed_up_before(
    window: Window, record: Workspace, settled: Settled, tmp_path: Path
) -> None:
    page = tried(window, settled, tmp_path)
    assert made(record) == 0
    page.bring.click()
    settled()
    assert page.notice.title.text() == "40 rows came in"
    (first,) = backups.made(record.folder / backups.FOLDER)
    with Workspace.restore(first.path, tmp_path / "again", ANN) as restored:
        assert not people.page(restored.read)
    first.path.rename(first.path.with_name("2026-01-01T120000Z.cis-backup"))
    window.undo()
    settled()
    assert not people.page(record.read)
    assert made(record) == 2


def test_an_import_without_a_backup_waits_until_somebody_presses_again(
    window: Window, record: Workspace, settled: Settled, tmp_path: Path
) -> None:
    page = tried(window, settled, tmp_path)
    block(record)
    page.bring.click()
    settled()
    assert page.notice.title.text() == "No backup could be made first"
    assert "once more" in page.notice.sentence.text()
    assert not people.page(record.read)
    assert page.bring.isEnabled()
    assert page.bring.hasFocus()
    page.bring.click()
    settled()
    assert page.notice.title.text() == "40 rows came in"
    assert len(people.page(record.read, limit=100)) == 40


def test_the_lock_is_changed_without_a_backup_only_by_who_asks_again(
    window: Window, record: Workspace, settled: Settled
) -> None:
    block(record)
    titles = []
    for _ in range(2):
        window.go("opening")
        settled()
        page = window.pages["opening"]
        page.lock.click()
        type_in(page.locking.mine.field, ANN)
        page.locking.go.click()
        settled()
        titles.append(window.pages["opening"].notice.title.text())
    assert titles == ["No backup could be made first", "The lock is changed"]


@pytest.mark.parametrize("which", ["backup", "check", "rehearsal"])
def test_cancel_stops_it_says_so_and_leaves_nothing(
    window: Window, record: Workspace, settled: Settled, which: str
) -> None:
    window.go("health")
    settled()
    page = window.pages["health"]
    # All threads that read are busy, so that it is still to be done when it is stopped, however small the record.
    gate = threading.Event()
    for _ in range(window.jobs._reads.maxThreadCount()):
        window.jobs.start(window, "Busy", lambda _: gate.wait(), lambda _: None, pytest.fail)
    page.buttons[which].click()
    job = window.jobs._running[-1]
    job.started -= 1  # As if it had taken a second: what is slow is shown.
    window.jobs.changed.emit()
    assert window.under_way.isVisible()
    assert window.under_way.words.text() in ("Backing up…", "Checking the record…", "Rehearsing a restore…")
    assert window.under_way.cancel.isVisible()
    QTest.mouseClick(window.under_way.cancel, Qt.MouseButton.LeftButton)
    gate.set()
    settled()
    said = window.toast.words.text() if which == "backup" else page.notice.title.text()
    assert said.startswith("Stopped, as you asked")
    folder = record.folder / backups.FOLDER
    assert [each.name for each in folder.glob("*") if each.suffix not in (backups.ENDING, ".json")] == []
    assert page.buttons[which].isEnabled()


def test_a_backup_that_was_asked_for_is_finished_while_the_record_locks(
    window: Window, record: Workspace, settled: Settled
) -> None:
    window.back_up()
    window.lock()
    settled()
    assert window.desk is None
    assert made(record) == 1
