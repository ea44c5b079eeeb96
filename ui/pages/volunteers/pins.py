"""Who may write at the desk with a PIN: added, given a new PIN, retired."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from cis_desktop import volunteers
from cis_desktop.volunteers import Volunteer
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import COLUMN
from ui.widgets.fields import Form, line
from ui.widgets.lists import Table
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change

SEEN = 6
"""Names seen at once."""


class PinsCard(Card):
    """The volunteers, and below them a name and a PIN for one more, or a new PIN for the marked one."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__(self.tr("Volunteers at the desk"))
        self.desk, self.trouble = desk, trouble
        self.lines.addWidget(
            plain(
                self.tr(
                    "They write visits with a name and a short PIN, after somebody has unlocked and handed the desk "
                    "over. They see names, diet, delivery and visits. A PIN keeps the screen from wandering eyes; it "
                    "does not encrypt anything."
                )
            )
        )
        self.rows = Rows([(self.tr("Name"), lambda each: each.name)])
        self.table = Table(self.rows, self.tr("Volunteers"), stretch=0)
        self.table.setMaximumWidth(COLUMN)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._fit())
        self.none = plain(self.tr("Nobody has a PIN yet."), quiet=True)
        self.lines.addWidget(self.none)
        self.lines.addWidget(self.table)
        form = Form()
        self.name, self.pin = line(volunteers.MOST_NAME), line(volunteers.MOST)
        for field in (self.name, self.pin):
            field.setMaximumWidth(COLUMN)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.pin.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        form.field(self.tr("&Name at the desk"), self.name)
        form.field(
            self.tr("&PIN"), self.pin, self.tr("4 to 8 digits, typed by the volunteer. Nobody can look it up later.")
        )
        self.lines.addLayout(form)
        self.add = button(self.tr("A&dd them"), main=True, name=self.tr("Add this volunteer"))
        self.add.clicked.connect(self.add_one)
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self.add_one)
        self.new = button(self.tr("Give the &marked one this PIN"))
        self.new.clicked.connect(self.give_new)
        self.off = button(self.tr("Re&tire the marked one"))
        self.off.clicked.connect(self.retire)
        self.hand = button(self.tr("&Hand over to volunteers"))
        self.hand.clicked.connect(lambda: desk.go.emit("sessions", ("hand", None)))
        self.lines.addLayout(row(self.add, self.new, self.off, self.hand))

    def reload(self) -> None:
        """Read the list again; what is being typed is left alone."""
        there = volunteers.listed(self.desk.workspace.read)
        self.rows.show(there)
        self.table.fit_rows(min(SEEN, max(1, len(there))))
        self.table.setVisible(bool(there))
        self.none.setVisible(not there)
        self._fit()

    def showEvent(self, event: Any) -> None:
        """Measure the list again once the style is known."""
        super().showEvent(event)
        self.table.fit_rows(min(SEEN, max(1, self.rows.rowCount())))

    def _fit(self) -> None:
        marked = self._marked() is not None
        for each in (self.new, self.off):
            each.setEnabled(marked)
        self.hand.setEnabled(self.rows.rowCount() > 0)

    def _marked(self) -> Volunteer | None:
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() else None

    def add_one(self) -> None:
        """Add a volunteer by the name and the PIN typed."""
        name, pin = self.name.text(), self.pin.text()

        def done() -> None:
            self.name.clear()
            self.name.setFocus()

        self._write(self.tr("Added a volunteer"), lambda change: volunteers.add(change, name, pin), done, self.add)

    def give_new(self) -> None:
        """Give the marked one the PIN typed."""
        marked, pin = self._marked(), self.pin.text()
        if marked is not None:
            self._write(
                self.tr("Gave a volunteer a new PIN"), lambda change: volunteers.new_pin(change, marked.id, pin),
                self.table.setFocus, self.new,
            )  # fmt: skip

    def retire(self) -> None:
        """Let the marked one write at the desk no longer."""
        marked = self._marked()
        if marked is not None:
            self._write(
                self.tr("Retired a volunteer"), lambda change: volunteers.retire(change, marked.id),
                self.name.setFocus, self.off,
            )  # fmt: skip

    def _write(self, words: str, work: Callable[[Change], Any], then: Callable[[], object], pressed: QWidget) -> None:
        pressed.setEnabled(False)

        def done(_: object) -> None:
            pressed.setEnabled(True)
            self.pin.clear()
            self.reload()
            then()

        def failed(error: Exception) -> None:
            pressed.setEnabled(True)
            self.pin.selectAll()
            # Qt has gone on to the next field while the button waited.
            self.pin.setFocus()
            self.trouble(error)

        self.desk.write(self, words, work, done, failed)
