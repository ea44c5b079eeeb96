"""A part that lies over the top of the window for a moment: a box to type in and a list that answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.lists import Table

LETTERS = 84
"""Average letters that one is wide, where the window has that much room."""


class Popover(QFrame):
    """Lies over `below`. Escape, and going elsewhere, put it away; Escape goes back to where the focus was."""

    def __init__(self, below: QWidget) -> None:
        super().__init__(below)
        self._below = below
        self._from: QWidget | None = None
        self.setProperty("card", "true")
        self.setObjectName("popover")
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self.lines.setSpacing(SPACE)
        self.hide()
        below.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)

    def come_up(self, first: QWidget) -> None:
        """Show it, with the focus on `first`."""
        if not self.isVisible():
            self._from = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def give_room(self, table: Table, rows: int) -> None:
        """Make a list as tall as so many rows, or as the window allows."""
        each = table.verticalHeader().defaultSectionSize()
        table.setFixedHeight(each * (rows + 1))
        over = self.sizeHint().height() - (self._below.height() - 2 * SPACE)
        if over > 0:
            table.setFixedHeight(max(each * (rows + 1) - over, each * 3))

    def put_away(self) -> None:
        """Hide it and go back to where the focus was."""
        self.hide()
        if self._from is not None and self._from.isVisible():
            self._from.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_to(self, page: QWidget | None) -> None:
        """Leave the focus on the first thing of a page, unless the page has put it somewhere itself."""
        now = QApplication.focusWidget()
        if page is None or (now is not None and page.isAncestorOf(now)):
            return
        first = page.nextInFocusChain()
        while page.isAncestorOf(first):
            if first.isVisible() and first.isEnabled() and first.focusPolicy() & Qt.FocusPolicy.TabFocus:
                first.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            first = first.nextInFocusChain()

    def place(self) -> None:
        """Lie at the top, as wide and as tall as it needs to be and the window allows."""
        room = self._below.size()
        self.ensurePolished()
        wide = min(room.width() - 4 * SPACE, self.fontMetrics().averageCharWidth() * LETTERS)
        tall = min(room.height() - 2 * SPACE, max(self.sizeHint().height(), self.heightForWidth(wide)))
        self.setGeometry((room.width() - wide) // 2, SPACE, wide, tall)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put it away with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the top when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def _moved(self, _: Any, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and now is not self and not self.isAncestorOf(now):
            self.hide()
