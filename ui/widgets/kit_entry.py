"""The groups of a recovery kit's key: shown, or typed into fields of which each goes on to the next when it is full."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from cis_desktop.kit import GROUP, GROUPS, LENGTH, PREFIX, compact, groups, wrong_letters
from ui.theme import SPACE
from ui.widgets.words import heading, plain, row

COLUMNS = 5
"""Groups in one line at most, on the screen and on paper."""


class GroupField(QLineEdit):
    """One group. What is pasted or typed beyond it goes on in the next; Backspace in an empty one goes back."""

    beyond = Signal(str)
    back = Signal()

    def __init__(self, letters: int) -> None:
        super().__init__()
        self.letters = letters
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.textEdited.connect(self._edited)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back where there is nothing to take away."""
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def _edited(self, text: str) -> None:
        at, typed = self.cursorPosition(), compact(text).removeprefix(PREFIX)
        self.setText(typed[: self.letters])
        self.setCursorPosition(at)
        if len(typed) > self.letters or (len(typed) == self.letters and at >= self.letters):
            self.beyond.emit(typed[self.letters :])


class Groups(QWidget):
    """The groups of a key, each after its number: in columns, as many in a line as there is room for, five at most."""

    def __init__(self, parts: Sequence[QWidget], air: int) -> None:
        """Put the parts in order; each is `air` pixels wider than the widest letters of a group."""
        super().__init__()
        self.parts, self._air = parts, air
        self.places: list[QLabel] = []
        pairs = []
        for number, part in enumerate(parts, 1):
            place = plain(f"{number}:", quiet=True)
            place.setWordWrap(False)
            place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            place.setBuddy(part)
            pair = QWidget()
            across = QHBoxLayout(pair)
            across.setContentsMargins(0, 0, 0, 0)
            across.addWidget(place)
            across.addWidget(part)
            self.places.append(place)
            pairs.append(pair)
        self.setLayout(row(*pairs))

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure once the style is known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        for place, part in zip(getattr(self, "places", ()), getattr(self, "parts", ()), strict=True):
            part.ensurePolished()
            place.setFixedWidth(place.fontMetrics().horizontalAdvance("00:"))
            part.setFixedWidth(GROUP * part.fontMetrics().horizontalAdvance("W") + self._air)
            pair = place.parentWidget().sizeHint().width() + SPACE
            self.setMaximumWidth(COLUMNS * pair - SPACE)


class KitEntry(QWidget):
    """All groups, and under them what is wrong with the one that was typed last."""

    entered = Signal()
    """Enter was pressed."""

    def __init__(self) -> None:
        super().__init__()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(heading(PREFIX, 2))
        self.fields: list[GroupField] = []
        for at in range(GROUPS):
            field = GroupField(min(GROUP, LENGTH - at * GROUP))
            field.setAccessibleName(self.tr("Group %1").replace("%1", str(at + 1)))
            field.beyond.connect(lambda more, at=at: self._go_on(at, more))
            field.back.connect(lambda at=at: self._to(at - 1))
            field.returnPressed.connect(self.entered)
            field.textChanged.connect(lambda _: self._judge())
            self.fields.append(field)
        lines.addWidget(Groups(self.fields, 3 * SPACE))
        self.judged = plain()
        lines.addWidget(self.judged)
        self._judge()

    def fill(self, text: str) -> None:
        """Put a key into the fields, as far as it goes; nothing empties them."""
        parts = groups(text)
        for at, field in enumerate(self.fields):
            field.setText(parts[at][: field.letters] if at < len(parts) else "")
        self._to(min(len(parts), GROUPS - 1))

    def text(self) -> str:
        """Give the key that was typed."""
        return PREFIX + "".join(field.text() for field in self.fields)

    def missing(self) -> int | None:
        """Give the number, from 1, of the first group that is not whole or has a letter that no key has."""
        return next(
            (
                at
                for at, field in enumerate(self.fields, 1)
                if len(field.text()) < field.letters or wrong_letters(field.text())
            ),
            None,
        )

    def go_to(self, number: int) -> None:
        """Go to a group by its number, from 1."""
        self._to(number - 1)
        self.fields[number - 1].selectAll()

    def _go_on(self, at: int, more: str) -> None:
        if at + 1 == GROUPS:
            return
        field = self.fields[at + 1]
        if more:
            field.setText(more[: field.letters])
        self._to(at + 1)
        if len(more) >= field.letters:
            self._go_on(at + 1, more[field.letters :])

    def _to(self, at: int) -> None:
        if at >= 0:
            self.fields[at].setFocus()
            self.fields[at].end(False)

    def _judge(self) -> None:
        for at, field in enumerate(self.fields, 1):
            wrong = wrong_letters(field.text())
            if wrong:
                said = self.tr("Group %1 cannot have %2 in it. Look at the paper once more.")
                self.judged.setText(said.replace("%1", str(at)).replace("%2", wrong))
                return
        done = sum(len(field.text()) == field.letters for field in self.fields)
        self.judged.setText(self.tr("%1 of %2 groups").replace("%1", str(done)).replace("%2", str(GROUPS)))
