"""What a file has in it, before anything is decided: its sheets, its first rows, and what the app noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from cis_desktop import words
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.fields import Choice, Form
from ui.widgets.lists import Fitted
from ui.widgets.words import heading, plain

if TYPE_CHECKING:
    from cis_desktop.intake.reading import Sheet

SEEN = 6
"""Rows of the file shown."""
WIDEST = 30
"""Letters of one cell that are shown of them."""


class Seen(QWidget):
    """The first rows of a sheet, and a choice of the others."""

    other = Signal(str)
    """Another sheet of the file is to be read."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, SPACE, 0, 0)
        self.title = heading(level=2)
        lines.addWidget(self.title)
        form = Form()
        self.sheets = Choice()
        self.sheets.currentIndexChanged.connect(self._other)
        form.field(self.tr("&Sheet"), self.sheets)
        self._label = form.itemAt(0).widget()
        lines.addLayout(form)
        self.first_rows = Fitted()
        self.first_rows.setAccessibleName(self.tr("The first rows of the file"))
        self.first_rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.first_rows.setTabKeyNavigation(False)
        self.first_rows.verticalHeader().hide()
        self.first_rows.setWordWrap(False)
        lines.addWidget(self.first_rows)
        self.evidence = plain(quiet=True)
        lines.addWidget(self.evidence)
        self._shown = ""

    def show_sheet(self, sheet: Sheet, noticed: str) -> None:
        """Show a sheet, and what was noticed about it."""
        first = Rows([(title, lambda each, at=at: each[at]) for at, title in enumerate(sheet.header)])
        first.show([sheet.row(place) for place in range(min(SEEN, sheet.rows))])
        first.setParent(self.first_rows)
        self.first_rows.setModel(first)
        self._fit()
        self.first_rows.fit_rows(min(SEEN, sheet.rows), sideways=True)
        self.title.setText(
            self.tr("%1: %2 in %3")
            .replace("%1", sheet.file)
            .replace("%2", words.count(sheet.rows, self.tr("row")))
            .replace("%3", words.count(len(sheet.header), self.tr("column")))
        )
        self._shown = sheet.name
        self.sheets.blockSignals(True)
        self.sheets.offer((name, name) for name in sheet.sheets)
        self.sheets.choose(sheet.name)
        self.sheets.blockSignals(False)
        for widget in (self.sheets, self._label):
            widget.setVisible(len(sheet.sheets) > 1)
        self.evidence.setText(noticed)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if hasattr(self, "first_rows"):
            self._fit()

    def _fit(self) -> None:
        self.first_rows.horizontalHeader().setMaximumSectionSize(WIDEST * self.fontMetrics().averageCharWidth())
        self.first_rows.resizeColumnsToContents()

    def _other(self) -> None:
        if self.sheets.key() != self._shown:
            self.other.emit(self.sheets.key())
