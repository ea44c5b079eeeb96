"""What stands in the way of much coming in and of a report leaving while nobody holds a recovery kit."""

from __future__ import annotations

from PySide6.QtCore import Signal

from ui.desk import Desk
from ui.widgets.words import Card, button, plain, row


class KitFirst(Card):
    """A sentence and the button that leads to the kit and back to `place`; seen only while it is so."""

    settled = Signal()
    """A kit is there now, or is not any more."""

    def __init__(self, desk: Desk, place: str) -> None:
        super().__init__(self.tr("Make the recovery kit first"))
        self._desk = desk
        self.lines.addWidget(
            plain(
                self.tr(
                    "By now a forgotten passphrase would lose a lot: nobody could open the record again. Make the kit, "
                    "which takes two minutes, and you are back here with all as it is. A second person with a "
                    "passphrase is the simplest way back after that."
                )
            )
        )
        make = button(self.tr("Make the &kit now"), name=self.tr("Make the recovery kit now"))
        make.clicked.connect(lambda: desk.go.emit("home", ("kit", place)))
        self.lines.addLayout(row(make))
        desk.kept_safe.connect(self._look)
        self.wanted = self._wanted()
        if not self.wanted:
            # Never shown here: what has no place on a page yet would be a window of its own for a moment.
            self.hide()

    def _look(self) -> None:
        wanted = self._wanted()
        if wanted != self.wanted:
            self.wanted = wanted
            self.setVisible(wanted)
            self.settled.emit()

    def _wanted(self) -> bool:
        from cis_desktop.health import kit_first

        return kit_first(self._desk.workspace.read, self._desk.workspace.folder)
