"""Two parts beside each other where there is room for both, else under one another."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from ui.theme import SPACE


class Beside(QWidget):
    """Two parts; they stand beside each other from `letters` average letters of width on, so large text stacks them."""

    def __init__(
        self,
        first: QWidget,
        second: QWidget,
        letters: int,
        stretch: tuple[int, int] = (1, 1),
        tall: bool = False,
        middle: bool = False,
    ) -> None:
        """Put two parts beside each other; `tall` ones take all the height there is, `middle` ones share a middle."""
        super().__init__()
        self._letters, self._middle = letters, middle
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2 * SPACE)
        for part, share in zip((first, second), stretch, strict=True):
            at = Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignTop
            self._box.addWidget(part, share, Qt.AlignmentFlag(0) if tall else at)

    def resizeEvent(self, event: Any) -> None:
        """Stand beside each other or under one another."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: Any) -> None:
        """Arrange anew for another text size."""
        super().changeEvent(event)
        if hasattr(self, "_box"):
            self._arrange()

    def minimumSizeHint(self) -> Any:
        """Ask for no more width than the wider part: side by side is offered, never forced."""
        least = super().minimumSizeHint()
        parts = [self._box.itemAt(at).minimumSize() for at in range(self._box.count())]
        least.setWidth(max(part.width() for part in parts))
        return least

    def _arrange(self) -> None:
        wide = self.width() >= self._letters * self.fontMetrics().averageCharWidth()
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._box.direction():
            self._box.setDirection(way)
            # Under one another, the two belong closer together than this pair and the next.
            self._box.setSpacing(SPACE // 2 if self._middle and not wide else 2 * SPACE)
            # Later: while it is being laid out, Qt forgets that the height it was given is another's.
            QTimer.singleShot(0, self, self._tell)

    def _tell(self) -> None:
        """Let all around it measure anew."""
        part: QWidget | None = self
        while part is not None and not isinstance(part, QScrollArea):
            layout = part.layout()
            if layout is not None:
                layout.invalidate()
            part.updateGeometry()
            part = part.parentWidget()
