"""The report of a bug: what it means, and details that hold nothing personal."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.dialogs.sheet import Sheet
from ui.widgets.words import button, heading, plain, row

SHOWN = 5
"""Lines of the details."""


class BugReport(Sheet):
    """Say that the app made a mistake, and offer the details to copy."""

    def __init__(self, details: str, above: QWidget | None) -> None:
        super().__init__(above)
        self.setWindowTitle(self.tr("Something went wrong"))
        lines = self.lines
        lines.addWidget(heading(self.tr("The app made a mistake")))
        lines.addWidget(
            plain(
                self.tr(
                    "What you did last was not finished. Everything saved before is safe. You can go on working; "
                    "if it happens again, send these details to whoever looks after the app. They hold no names "
                    "and nothing you wrote."
                )
            )
        )
        shown = QPlainTextEdit(details)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setAccessibleName(self.tr("Details"))
        shown.setMinimumHeight(SHOWN * shown.fontMetrics().lineSpacing())
        lines.addWidget(shown, 1)
        copy = button(self.tr("&Copy details"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        close = button(self.tr("C&lose"), main=True)
        close.clicked.connect(self.accept)
        lines.addLayout(row(copy, close))
        close.setFocus()
