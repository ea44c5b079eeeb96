"""The rows that cannot come in: put right here, tried again, left out, or saved outside as the last resort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.models.mending import CELLS, ROW, WHY, MendRows
from ui.models.rows import Index
from ui.widgets.lists import Fitted
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from cis_desktop.intake.draft import Reject

MOST = 500
"""Rows shown; the file of them has all."""
SEEN = 6
WIDEST = 28
"""Letters of one cell that are shown."""


class Mending(QWidget):
    """A table of the rows with their cells; the whole reason of the marked one is below it."""

    again = Signal()
    """The mended rows are to be tried."""
    leave = Signal()
    """They are to be left out for good."""
    save = Signal()
    """They are to be saved outside."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.lead = plain(
            self.tr("Put right what is wrong: choose a cell, type, and press Enter. Then try these rows again.")
        )
        lines.addWidget(self.lead)
        self.rows = MendRows((self.tr("Row"), self.tr("Why it cannot come in")))
        self.rows.setParent(self)
        self.rows.mended.connect(self._stand)
        self.table = Fitted()
        self.table.setModel(self.rows)
        self.table.setItemDelegate(CellEditor(self.table))
        self.table.setAccessibleName(self.tr("Rows that cannot come in"))
        triggers = QAbstractItemView.EditTrigger
        # Not wherever an arrow key comes: that would open each cell on the way.
        self.table.setEditTriggers(
            triggers.DoubleClicked | triggers.SelectedClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._marked())
        lines.addWidget(self.table)
        self.why = plain()
        lines.addWidget(self.why)
        self.try_again = button(self.tr("Try &again"), name=self.tr("Try the mended rows again"))
        self.try_again.clicked.connect(self._again)
        self.save_out = button(self.tr("Save them &outside…"), name=self.tr("Save the rejected rows outside"))
        self.save_out.clicked.connect(self.save)
        self.leave_out = button(self.tr("Lea&ve them out"), name=self.tr("Leave the rejected rows out"))
        self.leave_out.clicked.connect(self.leave)
        lines.addLayout(row(self.try_again, self.save_out, self.leave_out))
        self.warning = plain(
            self.tr("A file saved outside is not locked: anybody who finds it can read it, with the names in it."),
            quiet=True,
        )
        lines.addWidget(self.warning)

    def show_rejects(self, header: Sequence[str], rejects: Sequence[Reject], imported: bool) -> None:
        """Show rows that cannot come in; `imported` says that the others are in already."""
        shown = rejects[:MOST]
        self.rows.show(header, shown)
        letter = self.fontMetrics().averageCharWidth()
        self.table.horizontalHeader().setMaximumSectionSize(WIDEST * letter * 2)
        self.table.resizeColumnsToContents()
        for at in range(ROW + 1, self.rows.columnCount()):
            most = WIDEST * letter * (2 if at == WHY else 1)
            self.table.setColumnWidth(at, min(most, self.table.columnWidth(at)))
        self.table.fit_rows(min(SEEN, max(1, len(shown))), sideways=True)
        self.leave_out.setVisible(imported)
        if shown:
            self.table.setCurrentIndex(self.rows.index(0, CELLS))
        self._stand()

    def _again(self) -> None:
        # Pressed by its letter, the button takes no focus from a cell that is being typed in.
        if (editor := self._editor()) is not None:
            cells = self.table.itemDelegate()
            cells.commitData.emit(editor)
            cells.closeEditor.emit(editor)
        self.again.emit()

    def _editor(self) -> QLineEdit | None:
        editor = self.table.viewport().findChild(QLineEdit)
        return editor if editor is not None and editor.isVisible() else None

    def _stand(self) -> None:
        self.try_again.setEnabled(bool(self.rows.cells))

    def _marked(self) -> None:
        index = self.table.currentIndex()
        self.why.setText(self.rows.record(index.row()).reason if index.isValid() else "")

    # --- drafts ---------------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        """Give what is mended, which cell is marked, and what is half typed in it."""
        found: dict[str, Any] = {"cells": {str(number): cells for number, cells in self.rows.cells.items()}}
        index = self.table.currentIndex()
        if index.isValid() and index.column() >= CELLS:
            found["at"] = list(self.rows.where(index))
        if (editor := self._editor()) is not None:
            found["typed"] = [editor.text(), editor.cursorPosition()]
        return found

    def restore_cells(self, draft: dict[str, Any]) -> None:
        """Put back what was mended; to be called before the rows are tried."""
        self.rows.cells = {int(number): list(cells) for number, cells in draft.get("cells", {}).items()}
        self._stand()

    def restore_place(self, draft: dict[str, Any]) -> None:
        """Mark the cell that was marked, and put back what was half typed in it; to be called once they are shown."""
        index = self.rows.place(*draft["at"]) if "at" in draft else None
        if index is None or not index.isValid():
            return
        self.table.setCurrentIndex(index)
        self.table.setFocus()
        if "typed" in draft:
            self.table.edit(index)
            if (editor := self._editor()) is not None:
                editor.setText(draft["typed"][0])
                editor.setCursorPosition(draft["typed"][1])


class CellEditor(QStyledItemDelegate):
    """A field in the place of a cell, named after its column."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the field."""
        made = QLineEdit(parent)
        made.setFrame(False)
        made.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        return made
