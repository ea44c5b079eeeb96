"""Who is written down at a session so far, each with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import arrivals, contacts
from cis_desktop.records.labels import Codes
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.lists import Table
from ui.widgets.words import button, row

SEEN = 5
"""Lines that are always seen."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival on its way to the disk."""

    name: str
    person_id: int | None
    household_id: int | None
    given: tuple[contacts.Given, ...]
    take_back: bool = False
    """It was taken back before it was written."""


class Written(QWidget):
    """A line for each arrival, the latest first, and the button that takes one back."""

    take_back = Signal(object)
    """A line is to be taken back: an `Arrival`, or one that is still `Waiting`."""

    def __init__(self, codes: Codes) -> None:
        super().__init__()
        self.codes = codes
        self.rows = Rows(
            [
                (self.tr("Name"), name_of),
                (self.tr("Helped and given"), self._written),
            ]
        )
        self.table = Table(self.rows, self.tr("Written down here"), stretch=1, folds=12)
        self.undo = button(self.tr("&Undo this visit"), name=self.tr("Undo the visit that is marked, or the latest"))
        self.undo.clicked.connect(self.take_marked)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.take_marked)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(self.table, 1)
        lines.addLayout(row(self.undo))

    def show_lines(self, waiting: Sequence[Waiting], written: Sequence[arrivals.Arrival]) -> None:
        """Show these, those on their way first."""
        index = self.table.currentIndex()
        marked = self.rows.record(index.row()) if index.isValid() and self.table.selectedIndexes() else None
        self.rows.show([*reversed(waiting), *written])
        if isinstance(marked, arrivals.Arrival):
            # A line that lands while another is marked must not change which one Undo takes back.
            self._mark(marked.contact.id)
        self.setVisible(bool(self.rows.rowCount()))
        self.table.setMinimumHeight(self.table.verticalHeader().defaultSectionSize() * SEEN)

    def _mark(self, contact_id: int) -> None:
        for at in range(self.rows.rowCount()):
            line = self.rows.record(at)
            if isinstance(line, arrivals.Arrival) and line.contact.id == contact_id:
                self.table.selectRow(at)

    def take_latest(self) -> None:
        """Take back what was written last."""
        if self.rows.rowCount():
            self.take_back.emit(self.rows.record(0))

    def take_marked(self) -> None:
        """Take back the line that is marked, or the latest."""
        index = self.table.currentIndex()
        if self.rows.rowCount():
            self.take_back.emit(self.rows.record(index.row() if index.isValid() else 0))

    def _written(self, each: Waiting | arrivals.Arrival) -> str:
        """Say how many were helped, when and with what: `2 + 1 · 10:42 · Nappies`, as far as it is known."""
        if isinstance(each, Waiting):
            return " · ".join((self.tr("saving…"), self.codes.all_given(each.given)))
        numbers = (each.contact.adults, each.contact.children)
        known = any(number is not None for number in numbers)
        said = " + ".join("?" if number is None else words.number(number) for number in numbers)
        parts = (said if known else "", each.contact.at_time, self.codes.all_given(each.contact.given))
        return " · ".join(part for part in parts if part)


def name_of(each: Waiting | arrivals.Arrival) -> str:
    """Say whose line it is, with the reference where that is known and is not the name itself."""
    if isinstance(each, Waiting) or each.reference in ("", each.name):
        return each.name
    return f"{each.name} ({each.reference})"
