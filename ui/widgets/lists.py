"""Lists of records: rows are chosen with arrows and opened with Enter or a click."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.models.rows import Rows


class Table(QTableView):
    """A table of records, read only, one row at a time."""

    opened = Signal(object)
    """A record was chosen, by Enter or by mouse."""

    def __init__(self, rows: Rows, name: str, stretch: int = 0) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        # Measuring every row of a long list would take as long as reading it all.
        header.setResizeContentsPrecision(60)
        self.take(rows, stretch)
        self.clicked.connect(self._open)
        self._fit()

    def take(self, rows: Rows, stretch: int = 0) -> None:
        """Show other rows; the column at `stretch` gets the room that is left."""
        self.rows = rows
        # Qt does not own a model: without a parent it would go when Python lets go of it.
        rows.setParent(self)
        self.setModel(rows)
        header = self.horizontalHeader()
        for at in range(rows.columnCount()):
            how = QHeaderView.ResizeMode.Stretch if at == stretch else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(at, how)

    def changeEvent(self, event: object) -> None:
        """Grow with the text size."""
        super().changeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Let no column take more than its share: long words end in "…" and are whole in the detail."""
        self.horizontalHeader().setMaximumSectionSize(max(90, self.viewport().width() * 2 // 5))
        super().resizeEvent(event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.record(index.row()))

    def _fit(self) -> None:
        if hasattr(self, "rows"):
            self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
            self.horizontalHeader().setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 9)


def fit_rows(table: QTableView, rows: int, sideways: bool = False) -> None:
    """Make a table exactly as tall as so many rows, with its heading (and a bar below it, if it goes sideways)."""
    height = table.fontMetrics().height() + 12
    table.verticalHeader().setDefaultSectionSize(height)
    bar = table.horizontalScrollBar().sizeHint().height() if sideways else 0
    table.setFixedHeight(height * rows + table.horizontalHeader().sizeHint().height() + bar + 8)
