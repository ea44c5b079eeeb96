"""The form for a person: added, or corrected. Nothing in it must be filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cis_desktop import words as plain_words
from cis_desktop.records import people
from ui.desk import Desk
from ui.widgets.fields import Form, Number, line, several_lines
from ui.widgets.notice import Notice
from ui.widgets.words import button, heading, plain, row, saves

LINES = ("given_name", "family_name", "initials", "postcode", "phone", "email", "own_number")


class PersonForm(QWidget):
    """One person, new or known."""

    saved = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.notice = notice
        self.trouble = trouble
        self.person_id: int | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        lines.addWidget(self.title)
        lines.addWidget(
            plain(self.tr("Fill in what you know and may keep. Initials, or nothing at all, will do."), quiet=True)
        )
        form = Form()
        labels = {
            "given_name": self.tr("First &name"),
            "family_name": self.tr("Famil&y name"),
            "initials": self.tr("Initials, &if no name"),
            "postcode": self.tr("&Postcode"),
            "phone": self.tr("Ph&one"),
            "email": self.tr("E&mail"),
            "own_number": self.tr("Your own n&umber for them"),
        }
        self.fields: dict[str, QLineEdit] = {}
        for name in LINES:
            self.fields[name] = line()
            form.field(labels[name], self.fields[name])
            if name == "initials":
                self.born = Number(2200)
                self.born.setGroupSeparatorShown(False)
                form.field(
                    self.tr("Year of &birth"), self.born, self.tr("Only the year is kept, never the whole date.")
                )
        self.note = several_lines()
        form.field(self.tr("No&te"), self.note)
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save"), main=True, name=self.tr("Save this person")))
        self.save.clicked.connect(self.store)
        leave = button(self.tr("&Leave it"))
        leave.clicked.connect(self._leave)
        lines.addLayout(row(self.save, leave))
        lines.addStretch(1)
        self.before = self._values()

    def begin(self, person: people.Person | None, words: str = "") -> None:
        """Start on a new person (with the words that were searched for), or on a known one."""
        self.notice.clear()
        self.person_id = person.id if person else None
        self.title.setText(
            self.tr("Correct %1").replace("%1", plain_words.within(person.label)) if person else self.tr("A new person")
        )
        for name, field in self.fields.items():
            field.setText(getattr(person, name) or "" if person else "")
        self.born.set_number(person.birth_year if person else None)
        self.note.setPlainText(person.note or "" if person else "")
        self.before = self._values()
        if words and not any(letter.isdigit() for letter in words):
            given, _, family = words.strip().partition(" ")
            self.fields["given_name"].setText(given)
            self.fields["family_name"].setText(family)
        self.fields["given_name"].setFocus()

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: field.text() for name, field in self.fields.items()}
        # The box counts up from "not known"; a year it cannot be is left for the record to refuse.
        return {**values, "birth_year": self.born.number(), "note": self.note.toPlainText()}

    def store(self) -> None:
        """Save the person; only what differs is written."""
        values, person_id = self._values(), self.person_id
        self.save.setEnabled(False)

        def work(change: Any) -> int:
            if person_id is None:
                return people.add(change, **values)
            people.edit(change, person_id, **values)
            return person_id

        def done(saved: int) -> None:
            self.save.setEnabled(True)
            self.before = values
            self.notice.clear()
            self.saved.emit(saved)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        words = self.tr("Added a person") if person_id is None else self.tr("Corrected a person")
        self.desk.write(self, words, work, done, failed)

    def draft(self) -> dict[str, Any]:
        """Give what is half written; empty when nothing differs."""
        values = self._values()
        return {"person": self.person_id, "values": values} if values != self.before else {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back, after `begin`."""
        values = draft["values"]
        for name, field in self.fields.items():
            field.setText(values[name])
        self.born.set_number(values["birth_year"])
        self.note.setPlainText(values["note"])

    def _leave(self) -> None:
        self.notice.clear()
        self.before = self._values()
        self.left.emit()
