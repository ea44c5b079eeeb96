"""The rail at the left: few places, always in the same order."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from ui.theme import SPACE
from ui.widgets.icons import side, tinted
from ui.widgets.words import here

GAP = 8
"""Pixels between a drawing and its word."""
AROUND = 28
"""Pixels of a button that are not its drawing or its word."""


class Rail(QWidget):
    """One button for each place; the last two, the settings and the help, stand apart at the foot."""

    chosen = Signal(str)

    def __init__(self, places: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Places"))
        self._buttons: dict[str, QPushButton] = {}
        self._icons: dict[str, tuple[QIcon, ...]] = {}
        self._at = ""
        self._dressed: object = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, SPACE, 0, SPACE)
        lines.setSpacing(2)
        for at, (place, words) in enumerate(places.items()):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.setAccessibleName(words)
            button.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            if at == len(places) - 2:
                lines.addStretch(1)
            lines.addWidget(button)
            self._buttons[place] = button

    def places(self) -> list[tuple[str, str]]:
        """Give the places in their order, each with its words."""
        return [(place, button.text()) for place, button in self._buttons.items()]

    def show_at(self, place: str) -> None:
        """Mark where we are; a place that is not on the rail marks none."""
        self._at = place
        for name, button in self._buttons.items():
            here(button, name == place)
        self._mark()

    def showEvent(self, event: Any) -> None:
        """Draw what stands beside the words when it is first seen: until a record is open, nobody sees it."""
        super().showEvent(event)
        self._dress()

    def changeEvent(self, event: Any) -> None:
        """Follow the colours and the text size."""
        super().changeEvent(event)
        dressed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if dressed and self.isVisible():
            self._dress()

    def _dress(self) -> None:
        palette, across = QApplication.palette(), side()
        ink, on = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Accent)
        now = (ink.name(), on.name(), QApplication.font().pointSizeF())
        if now == self._dressed:
            return
        self._dressed = now
        bold = QFont(QApplication.font())
        bold.setBold(True)
        measure, ratio = QFontMetrics(bold), self.devicePixelRatioF()
        # The place we are at is in bold letters: the rail must not grow with it.
        widest = max(measure.horizontalAdvance(button.text()) for button in self._buttons.values())
        for place, button in self._buttons.items():
            self._icons[place] = tuple(QIcon(tinted(place, colour, ratio, GAP)) for colour in (ink, on))
            button.setIconSize(QSize(across + GAP, across))
            button.setMinimumWidth(widest + across + GAP + AROUND)
        self._mark()

    def _mark(self) -> None:
        for place, (elsewhere, at) in self._icons.items():
            self._buttons[place].setIcon(at if place == self._at else elsewhere)
