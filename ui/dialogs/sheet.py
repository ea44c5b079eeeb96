"""A window of a few words over the other, as large as they need."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

LETTERS = 72
"""In a line."""


class Sheet(QDialog):
    """Subclasses put their words and buttons on `lines`."""

    def __init__(self, above: QWidget | None) -> None:
        super().__init__(above)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lines = QVBoxLayout(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room that the words need at the text size that was chosen."""
        super().showEvent(event)
        wide = LETTERS * self.fontMetrics().averageCharWidth()
        self.resize(wide, self.lines.totalHeightForWidth(wide))
