"""A column that is no wider than is good for reading and filling in, at any text size."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

LETTERS = 86
"""Average letters in a line, at most."""


class Narrow(QWidget):
    """Parts one under another in `lines`, at the left of the room there is."""

    def __init__(self) -> None:
        super().__init__()
        self._inner = QWidget()
        self.lines = QVBoxLayout(self._inner)
        self.lines.setContentsMargins(0, 0, 0, 0)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._inner, 1000)
        whole.addStretch(1)
        self._fit()

    def changeEvent(self, event: Any) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if hasattr(self, "_inner"):
            self._fit()

    def _fit(self) -> None:
        self._inner.setMaximumWidth(self.fontMetrics().averageCharWidth() * LETTERS)
