"""What came of trying every row: how many can come in, which cannot and why, which are here already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from cis_desktop import words
from ui.models.rows import Rows
from ui.widgets.lists import Table, fit_rows
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.draft import Draft
    from cis_desktop.intake.met import Met

REASONS = 500
"""Rejected rows shown; the file of them has all."""


class Trial(QWidget):
    """The outcome of a trial, and the two ways on: import the rows, keep those that cannot come in."""

    bring_in = Signal()
    keep_rejects = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.accepted = self.already = 0
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 8, 0, 0)
        self.title = heading(level=2)
        self.notes = plain(quiet=True)
        self.once = QCheckBox(self.tr("&Leave out what is here already"))
        self.once.toggled.connect(self._say)
        self.rejects = Rows(
            [
                (self.tr("Row"), lambda each: words.number(each.row)),
                (self.tr("Why it cannot come in"), lambda each: each.reason),
                (self.tr("The row"), lambda each: " | ".join(cell for cell in each.cells if cell.strip())),
            ],
            numbers=(0,),
        )
        self.table = Table(self.rejects, self.tr("Rows that cannot come in"), stretch=2)
        for part in (self.title, self.notes, self.once, self.table):
            lines.addWidget(part)
        self.bring = button(self.tr("&Import"), main=True, name=self.tr("Import the rows"))
        self.bring.clicked.connect(self.bring_in)
        self.save = button(self.tr("&Keep the rejected rows as a file…"))
        self.save.clicked.connect(self.keep_rejects)
        lines.addLayout(row(self.bring, self.save))

    def show_draft(self, draft: Draft, found: Met) -> None:
        """Show what an import would do; `found` says what of it is in the record already."""
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
        self.rejects.show(draft.rejects[:REASONS])
        self.rejected = len(draft.rejects)
        fit_rows(self.table, min(6, self.rejected))
        for widget in (self.table, self.save):
            widget.setVisible(bool(draft.rejects))
        self._say()

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
        self.bring.setEnabled(bool(new))
