"""A table that is read a page at a time, as it is scrolled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
PAGE = 50

# As numbers, looked up once: a list that fits its columns to their words asks for these thousands of times.
SHOWN = int(Qt.ItemDataRole.DisplayRole)
TIP = int(Qt.ItemDataRole.ToolTipRole)
ALIGNED = int(Qt.ItemDataRole.TextAlignmentRole)
READ_OUT = int(Qt.ItemDataRole.AccessibleTextRole)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def as_written(text: str) -> str:
    """Give a tip that shows text as it is: Qt takes a tip that looks like markup for markup."""
    # Inside, because no window shows a tip as it starts.
    from html import escape

    return f"<p>{escape(text)}</p>" if text else ""


class Rows(QAbstractTableModel):
    """Records shown as text in columns. `more(last, limit)` gives the records after `last` (None: the first)."""

    def __init__(
        self,
        columns: Sequence[tuple[str, Callable[[Any], str]]],
        more: Callable[[Any | None, int], Sequence[Any]] | None = None,
        numbers: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._more = more
        self._numbers = frozenset(numbers)
        self._rows: list[Any] = []
        self._ended = True
        self.one_cell = False
        """Whether the first column stands for the whole row: a list that folds shows no other."""

    def show(self, rows: Sequence[Any]) -> None:
        """Show exactly these records."""
        self.beginResetModel()
        self._rows = list(rows)
        self._ended = True
        self.endResetModel()

    def read(self) -> None:
        """Read the first page again."""
        assert self._more is not None
        self.beginResetModel()
        self._rows = list(self._more(None, PAGE))
        self._ended = len(self._rows) < PAGE
        self.endResetModel()

    def record(self, row: int) -> Any:
        """Give the record in a row."""
        return self._rows[row]

    def beside(self, row: int) -> str:
        """Give what the columns after the first say of a row, in one line; a number with the heading of its column."""
        said = []
        for at, (name, text) in enumerate(self._columns[1:], 1):
            words = text(self._rows[row])
            if words:
                said.append(f"{name} {words}" if at in self._numbers else words)
        return " · ".join(said)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = SHOWN) -> Any:
        if role == SHOWN:
            return self._columns[index.column()][1](self._rows[index.row()])
        if role == TIP:
            return as_written(self._columns[index.column()][1](self._rows[index.row()]))
        if role == READ_OUT and self.one_cell:
            return f"{self._columns[0][1](self._rows[index.row()])} · {self.beside(index.row())}"
        if role == ALIGNED and index.column() in self._numbers:
            return RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = SHOWN) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == SHOWN:
                return self._columns[section][0]
            if role == ALIGNED:
                return RIGHT if section in self._numbers else LEFT
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._ended

    def fetchMore(self, parent: Index) -> None:
        assert self._more is not None
        rows = self._more(self._rows[-1], PAGE)
        self._ended = len(rows) < PAGE
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
