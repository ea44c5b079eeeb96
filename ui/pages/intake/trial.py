"""What came of trying every row: how many can come in, which are here already; the others can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.pages.intake.mending import Mending
from ui.widgets.kit_first import KitFirst
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.met import Met


class Trial(QWidget):
    """The outcome of a trial, and the two ways on: import the rows, mend those that cannot come in."""

    bring_in = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.accepted = self.already = 0
        self.kit = KitFirst(desk, "intake")
        self.kit.settled.connect(self._ready)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 8, 0, 0)
        self.title = heading(level=2)
        self.notes = plain(quiet=True)
        self.once = QCheckBox(self.tr("&Leave out what is here already"))
        self.once.toggled.connect(self._say)
        self.bring = button(self.tr("&Import"), main=True, name=self.tr("Import the rows"))
        self.bring.clicked.connect(self.bring_in)
        self.mending = Mending()
        for part in (self.title, self.notes, self.once, self.kit):
            lines.addWidget(part)
        lines.addLayout(row(self.bring))
        lines.addWidget(self.mending)

    def show_draft(self, draft: Draft, found: Met, imported: bool = False) -> None:
        """Show what an import would do; `found` says what of it is in the record already.

        `imported` says that these are the rows that were left when the others came in.
        """
        self.accepted, self.already = draft.accepted, len(found.here)
        notes = list(draft.notes)
        if found.same_day:
            notes.append(
                self.tr("%1 on a day on which the same person has one already, with other words or numbers.").replace(
                    "%1", words.count(found.same_day, self.tr("visit falls"), self.tr("visits fall"))
                )
            )
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self.once.blockSignals(True)
        self.once.setChecked(True)
        self.once.blockSignals(False)
        self.once.setVisible(bool(self.already))
        self.rejected = len(draft.rejects)
        self.mending.show_rejects(draft.header, draft.rejects, imported)
        self.mending.setVisible(bool(draft.rejects))
        self.bring.setVisible(bool(draft.accepted) or not imported)
        self._say()

    def left_over(self, draft: Draft) -> None:
        """Show the rows that are left when the others are in."""
        for part in (self.notes, self.once, self.kit, self.bring):
            part.hide()
        self.rejected = len(draft.rejects)
        self.mending.show_rejects(draft.header, draft.rejects, True)
        self.mending.show()
        self.title.setText(
            self.tr("%1 left to be mended").replace(
                "%1", words.count(self.rejected, self.tr("row is"), self.tr("rows are"))
            )
        )

    def twice(self) -> bool:
        """Say whether visits that are here already are to come in a second time."""
        return bool(self.already) and not self.once.isChecked()

    def _say(self) -> None:
        new = self.accepted if self.twice() else self.accepted - self.already
        said = self.tr("%1 can come in, %2 cannot").replace("%1", words.count(new, self.tr("row")))
        if self.already and not self.twice():
            said = self.tr("%1 can come in, %3 here already, %2 cannot").replace(
                "%1", words.count(new, self.tr("new row"), self.tr("new rows"))
            )
            said = said.replace("%3", words.count(self.already, self.tr("is"), self.tr("are")))
        self.title.setText(said.replace("%2", words.number(self.rejected)))
        self.bring.setText(self.tr("&Import %1").replace("%1", words.count(new, self.tr("row"))))
        self._ready()

    def _ready(self) -> None:
        new = self.accepted if self.twice() else self.accepted - self.already
        self.bring.setEnabled(bool(new) and not self.kit.wanted)
