"""Bringing in a spreadsheet: seen first, tried, brought in, undone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cis_desktop.records import people
from cis_desktop.workspace import Workspace
from ui.models.mapping import BECOMES
from ui.window import Window


def a_list(path: Path, dates: list[str]) -> Path:
    """Write a small list with these dates."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["Client no", "First name", "Surname", "Date", "Type of help"])
        for at, day in enumerate(dates):
            writer.writerow([100 + at, "Mei", "Chen", day, "clothes; food"])
    return path


def test_a_list_is_seen_tried_brought_in_and_undone(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/13/2018", "2/14/2018", "someday"]))
    settled()
    assert page.seen_title.text() == "list.csv: 3 rows in 5 columns"
    assert page.order.key() == "us"
    assert not people.page(lists.read), "looking must not write"
    page.try_it.click()
    settled()
    assert page.trial_part.title.text() == "2 rows can come in, 1 cannot"
    assert page.rejects.record(0).row == 4
    page.bring.click()
    settled()
    assert {person.own_number for person in people.page(lists.read)} == {"100", "101"}
    assert page.notice.title.text() == "2 rows came in"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert not people.page(lists.read)
    assert not page.notice.isVisible()


def test_dates_that_may_be_either_are_asked_about(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/2/2018", "3/4/2018"]))
    settled()
    assert page.order.key() is None
    page.try_it.click()
    settled()
    assert page.notice.title.text() == "One thing must be said first"
    page.order.choose("uk")
    page.try_it.click()
    settled()
    assert page.draft is not None
    assert page.draft.accepted == 2


def test_a_list_without_dates_is_asked_only_when_its_ages_were_right(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("Client no,First name,Age\n1,Mei,40\n")
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(tmp_path / "people.csv")
    settled()
    assert not page.order.isVisible()
    page.try_it.click()
    settled()
    assert page.notice.title.text() == "On which day were the ages right?"
    assert page.ages.hasFocus()
    assert page.draft is None
    page.ages.setDate(QDate(2020, 6, 30))
    page.try_it.click()
    settled()
    assert page.draft.people.columns["birth_year"] == [1980]
    assert page.trial_part.title.text() == "1 row can come in, 0 cannot"


def test_a_column_is_given_another_meaning_and_the_trial_starts_anew(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/13/2018", "2/14/2018"]))
    settled()
    page.try_it.click()
    settled()
    page.mapping_rows.setData(page.mapping_rows.index(2, BECOMES), "ignore")
    assert page.draft is None
    assert not page.trial_part.isVisible()
    page.try_it.click()
    settled()
    page.bring.click()
    settled()
    assert {person.family_name for person in people.page(lists.read)} == {None}


def test_rejected_rows_are_kept_as_a_file_only_when_asked(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/13/2018", "someday"]))
    settled()
    page.try_it.click()
    settled()
    kept = tmp_path / "rejected.csv"
    assert not kept.exists()
    page.save_rejects(kept)
    settled()
    assert "someday" in kept.read_text(encoding="utf-8")
    assert "Anybody who finds that file" in page.notice.sentence.text()


@pytest.mark.parametrize(
    ("name", "inside", "said"),
    [
        ("empty.xlsx", b"", "The file is empty"),
        ("list.numbers", b"PK\x03\x04" + bytes(40), "Export To"),
        ("letter.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3_000), "not a workbook"),
        ("note.xlsx", b"Dear all", "not a workbook inside"),
        ("photo.csv", bytes(range(256)) * 8, "not a text file"),
        ("blank.csv", b"\n , ,\n\n", "nothing in it but blank rows"),
        ("headings.csv", b"Date,Client ID\n", "Choose another file"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path, name: str, inside: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(inside)
    window.opened(lists)
    before = len(lists.change_sets())
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(tmp_path / name)
    settled()
    assert said in page.notice.sentence.text()
    assert not page.columns_part.isVisible()
    assert len(lists.change_sets()) == before


def test_a_cancelled_import_leaves_nothing(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", [f"1/{1 + at % 28}/2018" for at in range(20_000)]))
    settled()
    page.try_it.click()
    settled()
    before = len(lists.change_sets())
    page.bring.click()
    (job,) = [job for job in window.jobs._running if job.writes]
    QTest.qWait(60)
    job.cancel()
    settled()
    assert page.notice.title.text() == "Stopped, as you asked"
    assert not people.page(lists.read)
    assert len(lists.change_sets()) == before


def test_a_list_that_has_grown_says_before_the_import_what_is_here_already(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]

    def tried(dates: list[str]) -> None:
        page.read_file(a_list(tmp_path / "list.csv", dates))
        settled()
        page.try_it.click()
        settled()

    tried(["1/13/2018", "2/14/2018"])
    assert not page.trial_part.once.isVisible()
    page.bring.click()
    settled()
    tried(["1/13/2018", "2/14/2018", "3/15/2018"])
    assert page.trial_part.title.text() == "1 new row can come in, 2 are here already, 0 cannot"
    assert page.bring.text() == "&Import 1 row"
    page.trial_part.once.setChecked(False)
    assert page.bring.text() == "&Import 3 rows"
    page.trial_part.once.setChecked(True)
    page.bring.click()
    settled()
    assert lists.read.execute("select count(*) from contacts where gone = 0").fetchone() == (3,)
    assert page.notice.title.text() == "1 row came in"
    assert "2 rows were here already" in page.notice.sentence.text()


def test_what_must_be_said_is_asked_in_words_of_the_page_and_leads_there(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/2/2018"]))
    settled()
    page.try_it.click()
    assert page.order.hasFocus()
    assert "mapping" not in page.notice.sentence.text()
    page.order.choose("uk")
    rows = page.mapping_rows
    rows.setData(rows.index(2, BECOMES), "given_name")
    page.try_it.click()
    assert page.notice.title.text() == "Two columns cannot be the same"
    assert "“First name” and “Surname” are both read as “First name”" in page.notice.sentence.text()
    assert page.mapping_table.hasFocus()
    for at in range(5):
        rows.setData(rows.index(at, BECOMES), "note")
    page.try_it.click()
    assert page.notice.title.text() == "Which column is what?"
    assert page.draft is None


def test_a_file_half_way_in_is_there_after_locking(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(tmp_path / "list.csv", ["1/2/2018"]))
    settled()
    page.order.choose("uk")
    page.mapping_rows.setData(page.mapping_rows.index(2, BECOMES), "ignore")
    window.lock()
    settled()
    window.opened(Workspace.open_raw(lists.folder, bytes(range(32)), "Ann"))
    settled()
    page = window.pages["intake"]
    assert page.isVisible()
    assert page.order.key() == "uk"
    assert page.mapping_rows.columns()[2].target == "ignore"


def test_a_spreadsheet_dropped_on_any_place_is_read(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    window.go("home")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(a_list(tmp_path / "list.csv", ["1/13/2018"])))])
    nowhere, copied, left = QPoint(400, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    came = QDragEnterEvent(nowhere, copied, files, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, came)
    assert came.isAccepted()
    QApplication.sendEvent(window, QDropEvent(nowhere, copied, files, left, Qt.KeyboardModifier.NoModifier))
    settled()
    assert window.place == "intake"
    assert window.pages["intake"].seen_title.text().startswith("list.csv")
