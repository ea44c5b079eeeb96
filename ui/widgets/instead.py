"""What stands in place of what is not there: nothing yet, or not counted yet."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.words import button, plain, row

PATIENCE = 300
"""Milliseconds before anybody is told to wait: what is shorter would only flicker."""


class Instead(QWidget):
    """One part of a page, seen only while what belongs there is not: it teaches, or waits.

    Whoever shows the real thing calls `clear`. (A locked record has no page at all: the door says so.)
    """

    asked = Signal()
    """The one button was pressed."""

    def __init__(self, button_words: str = "", name: str | None = None) -> None:
        super().__init__()
        self.sentence = plain()
        self.button: QPushButton | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, SPACE, 0, SPACE)
        lines.setSpacing(2 * SPACE)
        lines.addWidget(self.sentence)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(30 * SPACE)
        lines.addWidget(self._bar)
        if button_words:
            self.button = button(button_words, main=True, name=name)
            self.button.clicked.connect(self.asked)
            lines.addLayout(row(self.button))
        self._slow = QTimer(self, interval=PATIENCE, singleShot=True)
        self._slow.timeout.connect(self._show_waiting)
        self.hide()

    def teach(self, sentence: str) -> None:
        """Say in one sentence what will be here, above the one button that begins it."""
        self._put(sentence, offered=True)
        self.show()

    def wait(self, words: str) -> None:
        """Say, unless it is soon over, that something is being read or counted."""
        self._bar.setAccessibleName(words)
        if not self._bar.isVisibleTo(self):
            self._put(words, offered=False)
            self.hide()
            self._slow.start()

    def clear(self) -> None:
        """Make way for what belongs here."""
        self._slow.stop()
        self._bar.hide()
        self.hide()

    def _put(self, sentence: str, offered: bool) -> None:
        self._slow.stop()
        self._bar.hide()
        self.sentence.setText(sentence)
        if self.button is not None:
            self.button.setVisible(offered)

    def _show_waiting(self) -> None:
        self._bar.show()
        self.show()
