"""What the tests of Noticed share: an observation opened in the window, its marks, the board and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtTest import QTest

from cis_desktop.records import observations
from ui.window import Window


def shown(window: Window, words: str) -> Any:
    """Open the observation that says this, and give the page."""
    assert window.desk is not None
    (found,) = [each for each in observations.page(window.desk.workspace.read) if words in each.words]
    window.go("noticed", ("show", found.id))
    return window.pages["noticed"]


def marks_of(page: Any) -> list[tuple[str, str]]:
    """Give the marks of what is shown as (theme, words), as the record has them."""
    connection = page.desk.workspace.read
    seen = observations.get(connection, page.form.observation.id)
    return [
        (each.label, seen.words[each.span_start : each.span_end] if each.span_start is not None else "")
        for each in observations.themes_of(connection, seen.id)
    ]


def board_of(window: Window, settled: Callable[[], None]) -> Any:
    """Show the board and wait until it is drawn."""
    window.go("noticed", ("themes", None))
    settled()
    QTest.qWait(100)
    settled()
    return window.pages["noticed"].board


def cells(board: Any) -> dict[str, list[str]]:
    """Give the board's table as text: each theme and its numbers, all months first."""
    rows = board.table.rows
    return {
        rows.data(rows.index(at, 0)): [rows.data(rows.index(at, n)) for n in range(1, rows.columnCount())]
        for at in range(rows.rowCount())
    }
