"""Lists by themselves: where their rows are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.page import scrolled


def test_the_current_row_of_a_tall_list_is_in_sight_however_it_was_come_to(qapp: QApplication) -> None:
    inside = QWidget()
    lines = QVBoxLayout(inside)
    first, rows = QPushButton("First"), Rows([("Name", str)])
    rows.show(list("abcdefghijklmnopqrstuvwxyz"))
    table = Table(rows, "Letters")
    table.fit_rows(26)
    lines.addWidget(first)
    lines.addWidget(table)
    area = scrolled(inside)
    area.resize(200, 150)
    area.show()
    area.activateWindow()
    assert QTest.qWaitForWindowActive(area)
    first.setFocus()
    table.setCurrentIndex(rows.index(20, 0))
    assert not in_sight(area, table)
    table.setFocus()
    QTest.qWait(20)
    assert in_sight(area, table)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up):
        QTest.keyClick(table, key)
        assert in_sight(area, table)


def in_sight(area: QScrollArea, table: Table) -> bool:
    row = table.visualRect(table.currentIndex())
    at = table.viewport().mapTo(area.viewport(), row.topLeft())
    return area.viewport().rect().contains(row.translated(at - row.topLeft()))
