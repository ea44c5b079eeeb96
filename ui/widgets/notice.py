"""What went wrong or right, said in place, above what it is about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout

from ui.theme import SPACE
from ui.widgets.icons import Sign
from ui.widgets.words import heading, plain


class Notice(QFrame):
    """A title and a sentence; hidden until there is something to say. Read out by a screen reader when shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Message"))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        self.title = heading(level=2)
        self.sentence = plain()
        self._sign = Sign("trouble", QPalette.ColorRole.Text)
        first = QHBoxLayout()
        first.setSpacing(SPACE)
        first.addWidget(self._sign)
        first.addWidget(self.title, 1)
        lines.addLayout(first)
        lines.addWidget(self.sentence)
        self.hide()

    def error(self, title: str, sentence: str) -> None:
        """Say that something went wrong, where it is seen from its start."""
        self._say("error", title, sentence)
        # Once it has its place: what was pressed may be far below it.
        QTimer.singleShot(0, self, self._bring_up)

    def good(self, title: str, sentence: str = "") -> None:
        """Say that something is done."""
        self._say("good", title, sentence)

    def clear(self) -> None:
        """Say nothing any more."""
        self.hide()

    def _bring_up(self) -> None:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self.isVisible():
            around.verticalScrollBar().setValue(self.mapTo(around.widget(), QPoint(0, -SPACE)).y())

    def _say(self, kind: str, title: str, sentence: str) -> None:
        self.setProperty("notice", kind)
        self._sign.show_sign("trouble" if kind == "error" else "saved")
        for widget in (self, self.title):
            self.style().unpolish(widget)
            self.style().polish(widget)
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleDescription(f"{title}. {sentence}")
        self.show()
        spoken = QAccessibleAnnouncementEvent(self, f"{title}. {sentence}")
        if kind == "error":
            spoken.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(spoken)
