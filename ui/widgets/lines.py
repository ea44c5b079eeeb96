"""A few lines of facts, one line each. What has no room ends in "…", and is whole in the tip and when read out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel

from ui.models.rows import as_written


class Lines(QLabel):
    """Texts under one another, none of them wrapped."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole: list[str] = []

    def tell(self, lines: list[str]) -> None:
        """Show these lines."""
        self._whole = lines
        self.setAccessibleName("\n".join(lines))
        self.setToolTip(as_written("\n".join(lines)))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: the lines take what there is."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: Any) -> None:
        """Show as much of each line as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure, room = self.fontMetrics(), max(self.width() - 2, 1)
        shown = "\n".join(measure.elidedText(each, Qt.TextElideMode.ElideRight, room) for each in self._whole)
        if shown != self.text():
            self.setText(shown)
