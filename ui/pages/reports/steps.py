"""The steps of a report at the top of the page: where we are, and where we can go."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.theme import SPACE
from ui.widgets.flow import Flow
from ui.widgets.words import here


class Steps(QWidget):
    """One button for each step, which its number with Alt presses; the one that is seen is marked."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        steps = [
            ("choose", self.tr("What and when")),
            ("figures", self.tr("Figures")),
            ("reasons", self.tr("Why hidden")),
            ("observing", self.tr("Noticed")),
            ("leaving", self.tr("What leaves")),
            ("signing", self.tr("Sign off")),
            ("send", self.tr("Send")),
        ]
        self.setObjectName("steps")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Steps of the report"))
        self._buttons: dict[str, QPushButton] = {}
        self._words = dict(steps)
        for at, (step, words) in enumerate(steps, 1):
            made = QPushButton(f"&{at}  {words}")
            made.setAutoDefault(False)
            made.setAccessibleName(self.name(step))
            made.clicked.connect(lambda _=False, step=step: self.chosen.emit(step))
            self._buttons[step] = made
        lines = Flow(*self._buttons.values())
        lines.setContentsMargins(SPACE, 4, SPACE, 4)
        self.setLayout(lines)

    def name(self, step: str) -> str:
        """Give a step with its number, as it is read out."""
        at = list(self._words).index(step) + 1
        said = self.tr("Step %1 of %2: %3").replace("%1", str(at)).replace("%2", str(len(self._words)))
        return said.replace("%3", self._words[step])

    def show_at(self, step: str, open_: Iterable[str]) -> None:
        """Mark the step that is seen, and let go only to those that are open."""
        can = set(open_)
        for name, each in self._buttons.items():
            here(each, name == step)
            each.setEnabled(name in can)

    def can(self, step: str) -> bool:
        """Say whether a step is open."""
        return self._buttons[step].isEnabled()
