"""Fields of a form: each under its label, which leads to it by its underlined letter and names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.widgets.words import button, plain

if TYPE_CHECKING:
    # For its name only: the first page has no list.
    from ui.widgets.lists import Table

MOST = 32_767
"""Letters: more than anybody writes in one line. What is too long is refused in words when it is saved, never cut."""


class Form(QVBoxLayout):
    """Fields one under another."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(2)

    def field(self, text: str, widget: QWidget, hint: str = "") -> QWidget:
        """Add a labelled field; `text` may underline a letter with &. Gives the widget back."""
        label = plain(text)
        label.setBuddy(widget.focusProxy() or widget)
        widget.setAccessibleName(text.replace("&", ""))
        self.addWidget(label)
        if hint:
            widget.setAccessibleDescription(hint)
            self.addWidget(plain(hint, quiet=True))
        self.addWidget(widget)
        self.addSpacing(10)
        return widget


def line(most: int = MOST, parent: QWidget | None = None) -> QLineEdit:
    """Give a field for one line of text."""
    made = QLineEdit(parent)
    made.setMaxLength(most)
    return made


class FindField(QLineEdit):
    """Where words to find are typed, while arrows go through a list and Enter opens what is marked in it.

    With nothing marked, Enter opens the first, or (`first=False`) is told by `returnPressed`.
    """

    def __init__(self, table: Table, first: bool = True) -> None:
        super().__init__()
        self._table = table
        self._first = first
        self.setMaxLength(200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let arrows move in the list while typing goes on here."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        marked = self._table.currentIndex().isValid()
        if not (enter and (marked or self._first)) and event.key() not in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            super().keyPressEvent(event)
            return
        if not marked and self._table.rows.rowCount():
            self._table.selectRow(0)
            if not enter:
                return
        self._table.keyPressEvent(event)


class DayField(QDateEdit):
    """A field for a day whose calendar has the colours of the window."""

    def __init__(self, day: QDate) -> None:
        super().__init__(day)
        self.setCalendarPopup(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the red of Qt's weekends off before anybody sees the calendar: on a dark field it cannot be read."""
        # Inside: no field of the first page is a day.
        from PySide6.QtGui import QTextCharFormat

        calendar = self.calendarWidget()
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, QTextCharFormat())
        super().focusInEvent(event)


def day_field(day: date | None = None) -> QDateEdit:
    """Give a field for a day, at first today, with a calendar."""
    day = day or date.today()
    made = DayField(QDate(day.year, day.month, day.day))
    made.setDisplayFormat("d MMM yyyy")
    made.setMinimumDate(QDate(1900, 1, 1))
    made.setMaximumDate(QDate.currentDate().addDays(366))
    return made


def day_of(field: QDateEdit) -> date:
    """Give the day in a field."""
    chosen = field.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def set_day(field: QDateEdit, iso: str) -> None:
    """Put a day, given as `2026-11-22`, into a field."""
    field.setDate(QDate.fromString(iso[:10], Qt.DateFormat.ISODate))


def inset(box: QSpinBox | QDoubleSpinBox) -> None:
    """Let the number in a box stand as far from its edge as the words in other fields: style rules cannot say it."""
    box.lineEdit().setTextMargins(7, 0, 0, 0)


class Number(QSpinBox):
    """A whole number that may be left open: blank is "not known", which is not nought."""

    def __init__(self, most: int = 100_000) -> None:
        super().__init__()
        self.setRange(-1, most)
        self.setSpecialValueText(" ")
        self.setValue(-1)
        self.setGroupSeparatorShown(True)
        inset(self)

    def number(self) -> int | None:
        """Give the number, or None where it was left open."""
        return None if self.value() < 0 else self.value()

    def set_number(self, value: int | None) -> None:
        """Put a number in, or leave it open."""
        self.setValue(-1 if value is None else value)


class Choice(QComboBox):
    """One of a few things, each shown by its label and known by its key."""

    def __init__(self, options: Iterable[tuple[str | None, str]] = ()) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.offer(options)

    def offer(self, options: Iterable[tuple[str | None, str]]) -> None:
        """Put these (key, label) pairs up for choice, keeping what was chosen where it is still there."""
        before = self.key()
        self.blockSignals(True)
        self.clear()
        for key, label in options:
            self.addItem(label, key)
        self.choose(before)
        self.blockSignals(False)
        # Only now, and only of another choice: whoever offers anew when the choice changes would do so for ever.
        if self.key() != before:
            self.currentIndexChanged.emit(self.currentIndex())

    def key(self) -> str | None:
        """Give the key of what is chosen."""
        return self.currentData()

    def choose(self, key: str | None) -> None:
        """Choose by key; an unknown one chooses the first."""
        self.setCurrentIndex(max(0, self.findData(key)))


def several_lines(rows: int = 3) -> QPlainTextEdit:
    """Give a field for text of several lines; Tab goes on to the next field."""
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setMinimumHeight(made.fontMetrics().lineSpacing() * rows + 16)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


class FolderField(QWidget):
    """A folder or file, typed or chosen."""

    def __init__(self, file: bool = False, there: str = "") -> None:
        """Ask for a folder, or for a file: a new one, or one that is `there`, which is how such files are named."""
        super().__init__()
        self._file, self._there = file, there
        self.path = line(4000)
        self.setFocusProxy(self.path)
        self.pick = button(self.tr("Choose…"))
        self.pick.clicked.connect(self._choose)
        parts = QHBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(self.path, 1)
        parts.addWidget(self.pick)

    def named(self, name: str) -> None:
        """Give both parts their names for a screen reader."""
        self.path.setAccessibleName(name)
        self.pick.setAccessibleName(self.tr("Choose: %1").replace("%1", name))

    def _choose(self) -> None:
        dialog = QFileDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._there:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilter(self._there)
        elif self._file:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.selectFile(self.path.text())
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()
