"""What is not needed at first: folded under one line that says what is in it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.icons import side, tinted
from ui.widgets.words import plain


class Fold(QWidget):
    """A line that opens what is under it; while it is closed, a summary stands there instead."""

    def __init__(self, text: str, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self._open = False
        self.line = QPushButton(text)
        self.line.setProperty("fold", "true")
        self.line.setAutoDefault(False)
        self.line.setAccessibleName(text.replace("&", ""))
        self.line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.summary = plain(quiet=True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE // 2)
        lines.addWidget(self.line, 0, Qt.AlignmentFlag.AlignLeft)
        lines.addWidget(self.summary)
        lines.addWidget(inside)
        inside.hide()
        self.line.clicked.connect(lambda: self.open(not self._open))
        self._tell()

    def is_open(self) -> bool:
        """Say whether what is inside is seen."""
        return self._open

    def open(self, wanted: bool = True) -> None:
        """Open it, or close it."""
        self._open = wanted
        self._inside.setVisible(wanted)
        self._tell()

    def sum_up(self, words: str) -> None:
        """Say in words what is inside, for while it is closed."""
        self.summary.setText(words)
        self._tell()

    def changeEvent(self, event: Any) -> None:
        """Follow the colours and the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "line"):
            self._dress()

    def _tell(self) -> None:
        """Say how it is: to a screen reader in words, as a line that stays down would be called a check box."""
        words = self.summary.text()
        self.summary.setVisible(bool(words) and not self._open)
        said = [self.tr("Open") if self._open else self.tr("Closed"), *([words] if words else [])]
        self.line.setAccessibleDescription(". ".join(said))
        self._dress()

    def _dress(self) -> None:
        ink = QApplication.palette().color(QPalette.ColorRole.WindowText)
        name = "open" if self._open else "closed"
        self.line.setIcon(QIcon(tinted(name, ink, self.devicePixelRatioF())))
        self.line.setIconSize(QSize(side(), side()))
