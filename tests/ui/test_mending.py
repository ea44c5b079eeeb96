"""Rows that cannot come in are mended on the page; what lies outside is kept inside, listed, and deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from cis_desktop import outside
from cis_desktop.intake import originals
from cis_desktop.workspace import Workspace
from tests.ui.test_intake_page import a_list
from ui.window import Window

DATE = 3
"""The place of the dates in the list."""


def mending(window: Window, settled: Callable[[], None], path: Path, dates: list[str]) -> Any:
    """Give the page with a list of these dates read and tried."""
    window.go("intake")
    page = window.pages["intake"]
    page.read_file(a_list(path, dates))
    settled()
    page.try_it.click()
    settled()
    return page


def type_cell(page: Any, number: int, column: int, text: str) -> None:
    """Go to a cell, type into it, and press Enter."""
    table = page.mending.table
    table.setFocus()
    table.setCurrentIndex(page.rejects.place(number, column))
    QTest.keyClick(table, Qt.Key.Key_F2)
    field = table.viewport().findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.qWait(10)


def test_a_rejected_row_is_mended_in_its_place_and_comes_in_with_the_others(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    before = len(lists.change_sets())
    page = mending(window, settled, tmp_path / "list.csv", ["1/13/2018", "someday"])
    assert not page.mending.try_again.isEnabled()
    # What is to be put right comes first, and the whole reason is below.
    assert page.rejects.headerData(2, Qt.Orientation.Horizontal) == "Date"
    assert "someday" in page.mending.why.text()
    type_cell(page, 3, DATE, "1/20/2018")
    page.mending.try_again.click()
    settled()
    assert page.trial_part.title.text() == "2 rows can come in, 0 cannot"
    assert page.mending.isHidden()
    page.bring.click()
    settled()
    days = lists.read.execute("select on_date from contacts where gone = 0 order by on_date").fetchall()
    assert days == [("2018-01-13",), ("2018-01-20",)]
    assert len(lists.change_sets()) == before + 1


def test_what_is_left_after_an_import_is_mended_later_and_half_a_cell_survives_locking(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    page = mending(window, settled, tmp_path / "list.csv", ["1/13/2018", "1/14/2018", "1/15/2018", "someday", "never"])
    page.bring.click()
    settled()
    assert page.trial_part.title.text() == "2 rows are left to be mended"
    type_cell(page, 5, DATE, "1/20/2018")
    table = page.mending.table
    table.setFocus()
    table.setCurrentIndex(page.rejects.place(6, DATE))
    QTest.keyClick(table, Qt.Key.Key_F2)
    field = table.viewport().findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "1/21/20")
    field.setCursorPosition(3)
    window.lock()
    settled()
    window.opened(Workspace.open_raw(lists.folder, bytes(range(32)), "Ann"))
    settled()
    assert window.place == "intake"
    page = window.pages["intake"]
    field = page.mending.table.viewport().findChild(QLineEdit)
    assert (field.text(), field.cursorPosition()) == ("1/21/20", 3)
    field.setCursorPosition(7)
    QTest.keyClicks(field, "18")
    # By its letter, with the cell still open.
    page.mending.try_again.click()
    settled()
    assert page.trial_part.title.text() == "2 rows can come in, 0 cannot"
    page.bring.click()
    settled()
    read = window.desk.workspace.read
    assert read.execute("select count(*) from contacts where gone = 0").fetchone() == (5,)
    assert not page.trial_part.isVisible()
    assert page.drafts() == {}


def test_the_original_is_kept_inside_before_it_can_be_deleted_outside(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    path = tmp_path / "list.csv"
    page = mending(window, settled, path, ["1/13/2018"])
    page.bring.click()
    settled()
    inside = path.read_bytes()
    assert page.leftover.isVisible()
    assert not page.leftover.delete.isEnabled()
    page.leftover.keep.click()
    settled()
    assert path.exists()
    page.leftover.delete.click()
    settled()
    assert not path.exists()
    assert "cannot be promised" in page.leftover.said.text()
    (kept,) = originals.listed(lists.read)
    assert originals.body(lists.read, kept.id) == inside
    assert outside.listed(lists.read) == []


def test_every_file_that_was_read_or_saved_is_listed_inside(
    window: Window, lists: Workspace, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.opened(lists)
    before = len(lists.change_sets())
    page = mending(window, settled, tmp_path / "list.csv", ["1/13/2018", "someday"])
    page.save_rejects(tmp_path / "rejected.csv")
    settled()
    found = {each.path.name: (each.kind, each.there) for each in outside.listed(lists.read)}
    assert found == {"list.csv": ("import", True), "rejected.csv": ("rejects", True)}
    assert len(lists.change_sets()) == before
