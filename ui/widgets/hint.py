"""One sentence about a place, the first time it is seen on this computer; it can be put away, and turned off."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.preferences import Preferences
from ui.theme import SPACE
from ui.widgets.words import button, plain


class Hint(QFrame):
    """The strip above a place. It never takes the focus."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._place = ""
        self.setProperty("notice", "good")
        self.setAccessibleName(self.tr("Hint"))
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * SPACE, 4, SPACE, 4)
        self.words = plain()
        self.got_it = button(self.tr("Got it"), name=self.tr("Put this hint away"))
        self.got_it.clicked.connect(self._read)
        self.no_more = button(self.tr("No more hints"))
        self.no_more.clicked.connect(self._turn_off)
        line.addWidget(self.words, 1)
        line.addWidget(self.got_it)
        line.addWidget(self.no_more)
        self._texts = {
            "people": self.tr("Type a few letters to find somebody. Ctrl+K does that from any place, for everything."),
            "sessions": self.tr("Count heads here, or open the desk to write people down one after another."),
            "noticed": self.tr("Write a sentence about what you saw or heard. What it is about can wait."),
            "intake": self.tr("Choose a file. Nothing is written until you have seen how it was read."),
            "reports": self.tr("Choose what you count and a quarter. Nothing leaves before you have seen all of it."),
            "post": self.tr("Bring in what a council sent you: a file of this app, or an ordinary spreadsheet or PDF."),
        }
        self.hide()

    def about(self, place: str) -> None:
        """Show the hint of a place that is seen for the first time; one that was seen is not shown again."""
        if self.isVisible() and place != self._place:
            self._read()
        self._place = place
        due = place in self._texts and self._preferences.hint_due(place)
        if due:
            self.words.setText(self._texts[place])
        self.setVisible(due)

    def _read(self) -> None:
        self._preferences.hinted(self._place)
        self.hide()

    def _turn_off(self) -> None:
        self._preferences.hints = False
        self.hide()
