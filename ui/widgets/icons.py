"""Drawings beside words: one file for each, in one style, in the colour of the words they stand by."""

from __future__ import annotations

from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from cis_desktop.paths import resources
from ui.theme import BODY, ICON

LARGEST = 22
"""Pixels: large text needs no larger drawing than this to be told apart, and pages need the room."""


def side() -> int:
    """Give the side of a drawing at the text's size, in pixels."""
    return min(LARGEST, round(ICON * QApplication.font().pointSizeF() / BODY))


def tinted(name: str, colour: QColor, ratio: float, after: int = 0) -> QPixmap:
    """Paint a drawing in a colour; `ratio` is dots for each pixel, `after` pixels of room to its right."""
    from PySide6.QtSvg import QSvgRenderer

    across = side()
    image = QPixmap(QSize(across + after, across) * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg = _source(name).replace("currentColor", colour.name())
    QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, across, across))
    painter.end()
    return image


@cache
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


class Sign(QLabel):
    """A drawing beside words that say the same: a screen reader has nothing to read here."""

    def __init__(self, name: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> None:
        super().__init__()
        self._name, self._role = name, role
        self._drawn: object = None
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_sign(self, name: str) -> None:
        """Show another drawing."""
        if name != self._name:
            self._name = name
            if self.isVisible():
                self._draw()

    def showEvent(self, event: Any) -> None:
        """Draw when first seen: most messages never are."""
        self._draw()
        super().showEvent(event)

    def changeEvent(self, event: Any) -> None:
        """Follow the colours and the text size."""
        super().changeEvent(event)
        dressed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if dressed and self.isVisible():
            self._draw()

    def _draw(self) -> None:
        colour = QApplication.palette().color(self._role)
        now = (self._name, colour.name(), side(), self.devicePixelRatioF())
        if now != self._drawn:
            self._drawn = now
            self.setPixmap(tinted(self._name, colour, self.devicePixelRatioF()))
