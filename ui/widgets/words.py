"""Words on the screen. What people have written is shown as it is, never as markup."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.flow import Flow


def plain(text: str = "", parent: QWidget | None = None, *, quiet: bool = False) -> QLabel:
    """Give a label that shows text as it is and wraps it."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if quiet:
        label.setProperty("quiet", "true")
    return label


def heading(text: str = "", level: int = 1) -> QLabel:
    """Give a heading of level 1 or 2."""
    label = plain(text)
    label.setProperty("level", str(level))
    return label


def button(text: str, main: bool = False, name: str | None = None) -> QPushButton:
    """Give a button; `main` is the one a page is about; `name` tells it from others that say the same."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if main:
        made.setProperty("main", "true")
    made.setAccessibleName(name or text.replace("&", ""))
    return made


def here(button: QPushButton, on: bool) -> None:
    """Mark a button that leads where one is already, or take the mark away.

    Not one that stays down: a screen reader would call it a check box.
    """
    button.setProperty("here", "true" if on else "false")
    button.setAccessibleDescription(QCoreApplication.translate("words", "You are here") if on else "")
    button.style().unpolish(button)
    button.style().polish(button)


def saves(button: QPushButton) -> QPushButton:
    """Let Ctrl+Enter press a button while it is seen. Gives the button back."""
    for keys in ("Ctrl+Return", "Ctrl+Enter"):
        QShortcut(QKeySequence(keys), button).activated.connect(button.click)
    return button


def row(*parts: QWidget) -> Flow:
    """Lay buttons side by side, in as many lines as they need."""
    return Flow(*parts)


class Card(QFrame):
    """A framed part of a page."""

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self.lines.setSpacing(SPACE)
        if title:
            self.lines.addWidget(heading(title, 2))
