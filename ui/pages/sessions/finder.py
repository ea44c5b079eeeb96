"""Who is here: a field that answers while letters are typed, and a list in which namesakes can be told apart."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cis_desktop.records import arrivals
from cis_desktop.words import same
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.lists import Table
from ui.widgets.words import plain

FOUND = 30
"""People listed at most; more letters find the rest."""
SEEN = 4
"""Rows of the list that are seen at once."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Field(QLineEdit):
    """Where the letters are typed. It never gives the focus away: arrows mark, Enter takes, Escape empties."""

    moved = Signal(int)
    entered = Signal()
    take_back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let some keys act on the list and the arrivals; all others type."""
        undo = event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in ENTER and event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        elif undo and not self.text():
            self.take_back.emit()
        else:
            super().keyPressEvent(event)


class Finder(QWidget):
    """A few letters in, one person out, and never the wrong one of two who have the same name."""

    marked = Signal(object)
    """Another person is marked (`Known`), or nobody (None)."""
    taken = Signal(object)
    """Enter was pressed on this person (`Known`)."""
    nobody = Signal(str)
    """Enter was pressed on words that find nobody, or on none."""
    take_back = Signal()
    """The latest arrival is to be taken back."""

    def __init__(self, desk: Desk, whole: bool = True) -> None:
        """Make one that shows what tells namesakes apart; unless `whole`, only the number."""
        super().__init__()
        self.desk = desk
        self._whole = whole
        apart = (self.tr("Number, postcode, household, year of birth"), _told_apart)
        self.rows = Rows(
            [
                (self.tr("Name"), lambda each: each.name),
                apart if whole else (self.tr("Number"), lambda each: each.reference),
            ]
        )
        self.field = _Field()
        self.field.setMaxLength(200)
        self.field.textChanged.connect(self._search)
        self.field.moved.connect(self._move)
        self.field.entered.connect(self._enter)
        self.field.take_back.connect(self.take_back)
        self.setFocusProxy(self.field)
        label = plain(self.tr("Who is &here? Type a few letters"))
        label.setBuddy(self.field)
        self.field.setAccessibleName(self.tr("Who is here?"))
        self.field.setAccessibleDescription(
            self.tr("Arrows choose, Enter writes the visit, Ctrl+Z takes the latest one back.")
        )
        self.said = plain(quiet=True)
        self.table = Table(self.rows, self.tr("People found"), stretch=1, folds=12)
        # Arrows reach the list from the field, which keeps the focus for the next name.
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.selectionModel().currentRowChanged.connect(lambda: self.marked.emit(self.current()))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE // 2)
        for part in (label, self.field, self.said, self.table):
            lines.addWidget(part)
        self._search("")

    def current(self) -> arrivals.Known | None:
        """Give who is marked."""
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def clear(self) -> None:
        """Be ready for the next name."""
        self.field.clear()
        self.field.setFocus()

    def mark_person(self, person_id: int | None) -> None:
        """Mark a person by id, if they are listed."""
        for at in range(self.rows.rowCount()):
            if self.rows.record(at).person_id == person_id:
                self._mark(at)

    def _search(self, words: str) -> None:
        words = words.strip()
        found = arrivals.known(self.desk.workspace.read, words, FOUND, self._whole) if words else []
        self.rows.show(found)
        self.table.setVisible(bool(found))
        self.table.fit_rows(min(SEEN, max(1, len(found))))
        if words and not found:
            self._say(self.tr("Nobody found. Press Enter to add them as somebody new."))
        elif found and self._namesakes(found[0]):
            self._say(self.tr("%1 people have this name. Choose with the arrows.").replace(
                "%1", str(self._namesakes(found[0]) + 1)
            ))  # fmt: skip
        elif len(found) == FOUND:
            self._say(self.tr("More people begin like this. Type more letters."))
        else:
            self._say("")
        if found and not self._namesakes(found[0]):
            self._mark(0)
        else:
            self.marked.emit(None)

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _namesakes(self, person: arrivals.Known) -> int:
        every = [self.rows.record(at) for at in range(self.rows.rowCount())]
        return sum(same(each.name, person.name) for each in every) - 1

    def _move(self, by: int) -> None:
        if not self.rows.rowCount():
            return
        index = self.table.currentIndex()
        at = index.row() + by if index.isValid() else 0
        self._mark(max(0, min(at, self.rows.rowCount() - 1)))

    def _mark(self, row: int) -> None:
        self.table.selectionModel().setCurrentIndex(
            self.rows.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )

    def _enter(self) -> None:
        person = self.current()
        if person is not None:
            self.taken.emit(person)
        elif not self.rows.rowCount():
            self.nobody.emit(self.field.text().strip())


def _told_apart(person: arrivals.Known) -> str:
    """Give what tells namesakes apart, in one line."""
    parts = (person.reference, person.postcode, person.household, str(person.born or ""))
    return " · ".join(part for part in parts if part and part != person.name)
