"""Lists of records: rows are chosen with arrows and opened with Enter or a click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.models.rows import Rows
from ui.theme import AIR


class Table(QTableView):
    """A table of records, read only, one row at a time."""

    opened = Signal(object)
    """A record was chosen, by Enter or by mouse."""

    def __init__(self, rows: Rows, name: str, stretch: int = 0, lines: int = 1) -> None:
        """Make a list whose rows are `lines` lines tall; of several, the first is quieter than the others."""
        super().__init__()
        self._lines = lines
        self._stretch = stretch
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(lines > 1)
        if lines > 1:
            self.setItemDelegate(Told(self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        # Measuring every row of a long list would take as long as reading it all.
        header.setResizeContentsPrecision(20)
        self.take(rows, stretch)
        self.clicked.connect(self._open)
        self._fit()

    def take(self, rows: Rows, stretch: int = 0) -> None:
        """Show other rows; the column at `stretch` gets the room that is left."""
        self.rows = rows
        self._stretch = stretch
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

    def sizeHintForColumn(self, column: int) -> int:
        """Let no column take more than its share: long words end in "…" and are whole in the detail."""
        wanted = super().sizeHintForColumn(column)
        return wanted if column == self._stretch else min(wanted, max(90, self.viewport().width() * 2 // 5))

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
            self.verticalHeader().setDefaultSectionSize(row_height(self, self._lines))
            self.horizontalHeader().setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 9)


class Told(QStyledItemDelegate):
    """A record told in several lines: the first, quieter one says when and where, the others what."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Draw the row, then its lines."""
        self.initStyleOption(option, index)
        # Not the option's text: Qt puts other characters in it where lines end.
        first, _, rest = str(index.data()).partition("\n")
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette, measure = widget.palette(), option.fontMetrics
        role = QPalette.ColorRole
        room = option.rect.adjusted(AIR, AIR // 2, -AIR, -AIR // 2)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(palette.color(role.HighlightedText if chosen else role.PlaceholderText))
        painter.drawText(room, 0, measure.elidedText(first, Qt.TextElideMode.ElideRight, room.width()))
        painter.setPen(palette.color(role.HighlightedText if chosen else role.Text))
        room.setTop(room.top() + measure.lineSpacing())
        # Broken into lines already: Qt, counting in parts of a pixel, might break them once more.
        painter.drawText(room, 0, cut(rest, room.width(), room.height(), measure))
        painter.restore()


def cut(words: str, width: int, height: int, measure: Any) -> str:
    """Give as many of the words as can be seen, ending in "…" where some are left out."""
    lines = max(1, height // measure.lineSpacing())
    shown: list[str] = []
    for word in words.split():
        line = f"{shown[-1]} {word}" if shown else word
        if shown and measure.horizontalAdvance(line) <= width:
            shown[-1] = line
        elif len(shown) < lines:
            shown.append(word)
        else:
            shown[-1] = measure.elidedText(line, Qt.TextElideMode.ElideRight, width)
            break
    return "\n".join(
        line
        if measure.horizontalAdvance(line) <= width
        else measure.elidedText(line, Qt.TextElideMode.ElideRight, width)
        for line in shown
    )


def row_height(widget: QWidget, lines: int = 1) -> int:
    """Give the height of a row of a list with so many lines of words, in pixels."""
    return widget.fontMetrics().lineSpacing() * lines + AIR


def fit_rows(table: QTableView, rows: int, sideways: bool = False) -> None:
    """Make a table exactly as tall as so many rows, with its heading (and a bar below it, if it goes sideways)."""
    height = row_height(table)
    table.verticalHeader().setDefaultSectionSize(height)
    bar = table.horizontalScrollBar().sizeHint().height() if sideways else 0
    table.setFixedHeight(height * rows + table.horizontalHeader().sizeHint().height() + bar + 8)
