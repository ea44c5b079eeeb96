"""The size of the text is changed while a page is open: nothing on it is cut that was whole before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cis_desktop import ways_in
from cis_desktop.workspace import Workspace
from ui import theme
from ui.preferences import SIZES
from ui.window import Window

Settled = Callable[[], None]


@pytest.mark.parametrize("size", SIZES)
def test_a_new_kit_can_be_copied_by_hand_where_it_is_made_on_the_way_back_in(
    qtbot: QtBot, window: Window, size: int
) -> None:
    window.preferences.percent = size
    window.dress()
    recovering = window.start.recovering
    window.start._see(recovering)
    recovering.paper.begin()
    recovering.deck.see(recovering.paper)
    paper = recovering.paper
    around = paper.code.parentWidget()
    assert paper.code.size() == paper.code.image().size()
    qtbot.waitUntil(lambda: around.rect().contains(paper.code.geometry()))
    for part in paper.parts:
        room = part.parentWidget().parentWidget()
        assert part.fontMetrics().horizontalAdvance(part.text()) <= part.width()
        assert part.mapTo(room, part.rect().bottomRight()).x() <= room.width()
    assert len({part.mapTo(paper, part.rect().topLeft()).x() for part in paper.parts}) <= 5


def test_a_list_shows_as_many_rows_in_larger_text(window: Window, settled: Settled, tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "record", "Kilburn Kitchen", "Ann", "correct horse battery staple", passes=1)
    ways_in.add_recovery(made)
    window.opened(made)
    window.go("opening")
    settled()
    table = window.pages["opening"].ways.table
    assert table.rows.rowCount() == 2
    for size in (200, 100, 150):
        theme.put_on(QApplication.instance(), "light", size)
        QTest.qWait(50)
        last = table.visualRect(table.rows.index(1, 0))
        assert table.viewport().rect().contains(last), f"at {size} %"


def test_the_first_rows_of_a_file_stay_readable_in_larger_text(
    window: Window, lists: Workspace, settled: Settled, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("Name,Postcode\nJane Doe,NW1 8AB\nJohn Roe,NW5 1TL\n", encoding="utf-8")
    window.opened(lists)
    window.go("intake", ("file", listed))
    settled()
    table = window.pages["intake"].seen_part.first_rows
    theme.put_on(QApplication.instance(), "light", 200)
    QTest.qWait(50)
    for at in range(2):
        assert table.columnWidth(at) >= table.sizeHintForColumn(at)
    assert table.viewport().rect().contains(table.visualRect(table.model().index(1, 1)))
