"""Lists of records: rows are chosen with arrows and opened with Enter or a click."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.models.rows import Rows
from ui.theme import AIR


class Fitted(QTableView):
    """A table exactly as tall as the rows it is to show, whatever the size of the text."""

    tall = 1
    """Lines of a row."""
    _fitted = 0, False

    def fit_rows(self, rows: int, sideways: bool = False) -> None:
        """Be as tall as so many rows, with the heading (and a bar below, if it goes sideways)."""
        self._fitted = rows, sideways
        height = row_height(self, self.tall)
        self.verticalHeader().setDefaultSectionSize(height)
        heading = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().sizeHint().height()
        bar = self.horizontalScrollBar().sizeHint().height() if sideways else 0
        self.setFixedHeight(height * rows + heading + bar + 8)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if self._fitted[0]:
            self.fit_rows(*self._fitted)


class Table(Fitted):
    """A table of records, read only, one row at a time."""

    opened = Signal(object)
    """A record was chosen, by Enter or by mouse."""

    def __init__(self, rows: Rows, name: str, stretch: int = 0, lines: int = 1, folds: int = 0) -> None:
        """Make a list whose rows are `lines` lines tall; of several, the first is quieter than the others.

        One that `folds` puts what its columns say under each other where each has room for fewer letters than that.
        """
        super().__init__()
        self._lines = self.tall = lines
        self._stretch = stretch
        self._folds = folds
        self.folded = False
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
        """Show other rows; the column at `stretch` gets the room that is left, and at -1 no column is measured."""
        self.rows = rows
        self._stretch = stretch
        # Qt does not own a model: without a parent it would go when Python lets go of it.
        rows.setParent(self)
        self.setModel(rows)
        header = self.horizontalHeader()
        self.folded = False
        for at in range(rows.columnCount()):
            how = QHeaderView.ResizeMode.Stretch if at == stretch else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(at, how if stretch >= 0 else QHeaderView.ResizeMode.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if hasattr(self, "rows"):
            self._fold()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold where the columns have too little room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        columns = self.rows.columnCount()
        folded = self.width() < columns * self.fontMetrics().averageCharWidth() * self._folds
        if folded == self.folded:
            return
        self.folded = self.rows.one_cell = folded
        self.tall = 2 if folded else self._lines
        header = self.horizontalHeader()
        header.setVisible(not folded)
        for at in range(1, columns):
            self.setColumnHidden(at, folded)
        first = folded or self._stretch == 0
        header.setSectionResizeMode(
            0, QHeaderView.ResizeMode.Stretch if first else QHeaderView.ResizeMode.ResizeToContents
        )
        self.setItemDelegateForColumn(0, Folded(self) if folded else self.itemDelegate())
        self._fit()
        if self._fitted[0]:
            self.fit_rows(*self._fitted)

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
            self._come_into_sight()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Bring the current row into sight, unless a mouse is on the list: nothing moves under that."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, self._come_into_sight)

    def _come_into_sight(self) -> None:
        """Scroll the page to the current row: a list may be taller than what is seen of its page."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        row = self.visualRect(self.currentIndex())
        if area is not None and row.isValid() and self.hasFocus():
            middle = self.viewport().mapTo(area.widget(), row.center())
            area.ensureVisible(middle.x(), middle.y(), 0, row.height())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.record(index.row()))

    def _fit(self) -> None:
        if hasattr(self, "rows"):
            self.verticalHeader().setDefaultSectionSize(row_height(self, self.tall))
            self.horizontalHeader().setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 9)


class Told(QStyledItemDelegate):
    """A record told in several lines: the first, quieter one says when and where, the others what."""

    loud_first = False

    def told(self, index: Any) -> tuple[str, str]:
        """Give the first line of a row, and what comes under it."""
        first, _, rest = str(index.data()).partition("\n")
        return first, rest

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        """Draw the row, then its lines."""
        self.initStyleOption(option, index)
        # Not the option's text: Qt puts other characters in it where lines end.
        first, rest = self.told(index)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette, measure = widget.palette(), option.fontMetrics
        role = QPalette.ColorRole
        room = option.rect.adjusted(AIR, AIR // 2, -AIR, -AIR // 2)
        painter.save()
        painter.setFont(option.font)
        loud, quiet = role.Text, role.PlaceholderText
        painter.setPen(palette.color(role.HighlightedText if chosen else loud if self.loud_first else quiet))
        # By its baseline: letters of a taller script would push it down into the next line.
        first = measure.elidedText(first, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room.left(), room.top() + measure.ascent(), first)
        painter.setPen(palette.color(role.HighlightedText if chosen else quiet if self.loud_first else loud))
        room.setTop(room.top() + measure.lineSpacing())
        # Broken into lines already: Qt, counting in parts of a pixel, might break them once more.
        painter.drawText(room, 0, cut(rest, room.width(), room.height(), measure))
        painter.restore()


class Folded(Told):
    """A row whose columns stand under each other: the first, and below it, quieter, what the others say."""

    loud_first = True

    def told(self, index: Any) -> tuple[str, str]:
        """Give the first column, then the others; a number keeps the heading of its column."""
        return str(index.data()), index.model().beside(index.row())


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
