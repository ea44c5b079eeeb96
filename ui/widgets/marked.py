"""Words with marks on spans of them: each is underlined in a way of its own, with its theme in words underneath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

LINES = (
    QTextCharFormat.UnderlineStyle.SingleUnderline,
    QTextCharFormat.UnderlineStyle.DashUnderline,
    QTextCharFormat.UnderlineStyle.WaveUnderline,
    QTextCharFormat.UnderlineStyle.DotLine,
    QTextCharFormat.UnderlineStyle.DashDotLine,
)
SMALLER = 0.8
MOST = 28
"""Letters of a theme under the words; the list of marks has all of them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A theme on the characters `start` to `end` of the words (Python's characters, not Qt's)."""

    start: int
    end: int
    label: str


class MarkedWords(QTextEdit):
    """A field for plain words of several lines, with marks that move with the words as they are edited."""

    def __init__(self, rows: int = 5) -> None:
        super().__init__()
        self.setProperty("field", "true")
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self._rows = rows
        self._marks: list[tuple[QTextCursor, str]] = []
        self._fit()

    def put(self, words: str, marks: Iterable[Mark] = ()) -> None:
        """Show words and their marks, with the cursor at the start and nothing to undo."""
        self.setPlainText(words)
        self.mark(marks)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Show these marks on the words as they are, in place of the earlier ones."""
        words = self.toPlainText()
        self._marks = []
        shown = []
        ways: dict[str, QTextCharFormat.UnderlineStyle] = {}
        for each in marks:
            cursor = QTextCursor(self.document())
            cursor.setPosition(in_units(words, each.start))
            cursor.setPosition(in_units(words, each.end), QTextCursor.MoveMode.KeepAnchor)
            self._marks.append((cursor, each.label))
            style = ways.setdefault(each.label, LINES[len(ways) % len(LINES)])
            look = QTextEdit.ExtraSelection()
            look.cursor = cursor
            look.format.setUnderlineStyle(style)
            look.format.setUnderlineColor(self.palette().color(QPalette.ColorRole.Accent))
            look.format.setBackground(self.palette().color(QPalette.ColorRole.AlternateBase))
            shown.append(look)
        self.setExtraSelections(shown)
        self._space()
        self._fit()
        self.setAccessibleDescription("; ".join(f"{label}: “{self.marked(cursor)}”" for cursor, label in self._marks))

    def marked(self, cursor: QTextCursor) -> str:
        """Give the words that a cursor covers."""
        return cursor.selectedText().replace("\u2029", "\n")

    def chosen(self) -> tuple[int, int] | None:
        """Give the span that is selected, without the space around it, or None."""
        cursor = self.textCursor()
        words = self.toPlainText()
        start, end = (in_characters(words, at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        held = words[start:end]
        if not held.strip():
            return None
        return start + len(held) - len(held.lstrip()), end - len(held) + len(held.rstrip())

    def choose(self, start: int, end: int) -> None:
        """Select a span, counted in characters, and bring it into sight."""
        words = self.toPlainText()
        self.put_cursor(in_units(words, end), in_units(words, start))
        self.ensureCursorVisible()

    def place(self) -> tuple[int, int]:
        """Give where the cursor is, and where its selection began."""
        return self.textCursor().position(), self.textCursor().anchor()

    def put_cursor(self, position: int, anchor: int | None = None) -> None:
        """Put the cursor where it was, with its selection."""
        most = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(position if anchor is None else anchor, most))
        cursor.setPosition(min(position, most), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def paintEvent(self, event: Any) -> None:
        """Write the theme of each mark under the words where it begins."""
        super().paintEvent(event)
        if not self._marks:
            return
        painter = QPainter(self.viewport())
        font = self._small()
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        measure = QFontMetricsF(font)
        taken: dict[int, float] = {}
        for at, label in sorted((self._foot(cursor), label) for cursor, label in self._marks):
            top, left = at
            words = label if len(label) <= MOST else label[: MOST - 1].rstrip() + "…"
            edge = self.viewport().width() - 2
            left = max(min(left, edge - measure.horizontalAdvance(words)), taken.get(round(top), 0.0))
            room = edge - left
            words = measure.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, top, room, measure.height()), words)
            taken[round(top)] = left + measure.horizontalAdvance(words + "  ")
        painter.end()

    def changeEvent(self, event: Any) -> None:
        """Grow with the text size, and keep the colours of the scheme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_marks"):
            self._fit()
            self._space()

    def _foot(self, cursor: QTextCursor) -> tuple[float, float]:
        """Give the top and left of the room under the first words of a mark."""
        start, end = QTextCursor(cursor), QTextCursor(cursor)
        start.setPosition(cursor.selectionStart())
        end.setPosition(cursor.selectionEnd())
        where, last = self.cursorRect(start), self.cursorRect(end)
        # In words that run from right to left a mark ends at its left.
        left = min(where.left(), last.left()) if where.top() == last.top() else where.left()
        line = start.block().layout().lineForTextPosition(start.positionInBlock())
        if not line.isValid():
            return float(where.bottom()), float(left)
        block = self.document().documentLayout().blockBoundingRect(start.block())
        top = block.top() + line.y() - self.verticalScrollBar().value() + QFontMetricsF(self.font()).height()
        return top, float(left)

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * SMALLER)
        return font

    def _space(self) -> None:
        """Leave room for the themes between the lines, if there are any."""
        gap = QFontMetricsF(self._small()).height() if self._marks else 0.0
        look = QTextBlockFormat()
        look.setLineHeight(gap, QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        everything = QTextCursor(self.document())
        everything.select(QTextCursor.SelectionType.Document)
        if everything.blockFormat().lineHeight() != gap:
            # Room between the lines is nothing that somebody wrote, so it is nothing to undo.
            self.document().setUndoRedoEnabled(False)
            everything.mergeBlockFormat(look)
            self.document().setUndoRedoEnabled(True)

    def _fit(self) -> None:
        each = self.fontMetrics().lineSpacing() + (QFontMetricsF(self._small()).height() if self._marks else 0)
        self.setFixedHeight(round(each * self._rows) + 20)


def in_units(words: str, at: int) -> int:
    """Turn a count of characters into Qt's count of UTF-16 units."""
    return len(words[:at].encode("utf-16-le", "surrogatepass")) // 2


def in_characters(words: str, units: int) -> int:
    """Turn Qt's count of UTF-16 units into a count of characters."""
    return len(words.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
