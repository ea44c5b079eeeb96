"""Rows that were sent back, as a table whose cells can be put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QFont

from cis_desktop import words
from ui.models.rows import NOWHERE, RIGHT, Index, as_written

if TYPE_CHECKING:
    from cis_desktop.intake.draft import Reject

ROW, WHY, CELLS = 0, 1, 2


class MendRows(QAbstractTableModel):
    """One line for each row: its number in the file, why it cannot come in, then its cells.

    The columns that a reason speaks of come first: they are what is to be put right.
    """

    mended = Signal()

    def __init__(self, heads: tuple[str, str]) -> None:
        super().__init__()
        self._heads = heads
        self._header: tuple[str, ...] = ()
        self._order: list[int] = []
        self._rows: list[Reject] = []
        self.cells: dict[int, list[str]] = {}
        """The cells of every row that was mended, whole, by its number in the file."""

    def show(self, header: Sequence[str], rejects: Sequence[Reject]) -> None:
        """Show these rows; what was mended in them before stays mended."""
        self.beginResetModel()
        self._header, self._rows = tuple(header), list(rejects)
        spoken = {at for at, title in enumerate(header) if any(f"{title}: " in each.reason for each in rejects)}
        self._order = sorted(range(len(header)), key=lambda at: at not in spoken)
        self.endResetModel()

    def record(self, row: int) -> Reject:
        """Give the row on a line."""
        return self._rows[row]

    def where(self, index: Index) -> tuple[int, int]:
        """Give the number of the row, and the place of the column in the file (-1 for none), that a cell is of."""
        column = self._order[index.column() - CELLS] if index.column() >= CELLS else -1
        return self._rows[index.row()].row, column

    def place(self, number: int, column: int) -> Index:
        """Give the cell of a row by its number, and of a column by its place in the file; the reverse of `where`."""
        line = next((at for at, each in enumerate(self._rows) if each.row == number), -1)
        if line < 0 or column not in self._order:
            return NOWHERE
        return self.index(line, CELLS + self._order.index(column))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else CELLS + len(self._header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_written(self._text(index))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == ROW:
            return RIGHT
        if role == Qt.ItemDataRole.FontRole and index.column() >= CELLS and self._is_mended(index):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() < CELLS or value == self._text(index):
            return False
        number, column = self.where(index)
        cells = self.cells.setdefault(number, list(self._rows[index.row()].cells))
        cells[column] = str(value)
        self.dataChanged.emit(index, index)
        self.mended.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.column() >= CELLS else found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section] if section < CELLS else self._header[self._order[section - CELLS]]
        return None

    def _text(self, index: Index) -> str:
        each = self._rows[index.row()]
        if index.column() == ROW:
            return words.number(each.row)
        if index.column() == WHY:
            return each.reason
        return self.cells.get(each.row, each.cells)[self._order[index.column() - CELLS]]

    def _is_mended(self, index: Index) -> bool:
        each = self._rows[index.row()]
        return self._text(index) != each.cells[self._order[index.column() - CELLS]]
