"""The rail at the left: few places, always in the same order."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.theme import SPACE


class Rail(QWidget):
    """One button for each place; the last two, the settings and the help, stand apart at the foot."""

    chosen = Signal(str)

    def __init__(self, places: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Places"))
        self._buttons: dict[str, QPushButton] = {}
        lines = QVBoxLayout(self)
        lines.setContentsMargins(SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        lines.setSpacing(4)
        for at, (place, words) in enumerate(places.items()):
            button = QPushButton(words)
            button.setCheckable(True)
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
        # Not a group of Qt's: in one, Tab would reach only the button that is on.
        for name, button in self._buttons.items():
            button.setChecked(name == place)
