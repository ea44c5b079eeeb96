"""A household: who lives there, what they eat and cook with, who was helped when, and moving in or out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import contacts, households, people
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.differing import Differs
from ui.widgets.fields import Choice, Form, Number, line, several_lines
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.words import button, heading, plain, row, saves

OWN = "own"
"""The choice of a new household of one's own."""
LATEST = 20
"""Visits of a household that are listed."""
LINES = ("label", "postcode", "diet", "allergies", "cooking", "delivery", "collectors")


class HouseholdSheet(QWidget):
    """One household, or the way into one for a person who is in none."""

    member_chosen = Signal(int)
    back = Signal()

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.notice = notice
        self.trouble = trouble
        self.household_id: int | None = None
        self.person_id: int | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        self.facts = plain(quiet=True)
        back = button(self.tr("&Back to the person"))
        back.clicked.connect(self.back)
        lines.addWidget(self.title)
        lines.addWidget(self.facts)
        self.differs = Differs(desk)
        lines.addWidget(self.differs)
        lines.addLayout(row(back))
        self.members = Rows(
            [
                (self.tr("Who lives here"), lambda each: each.label),
                (self.tr("Reference"), lambda each: each.reference),
                (self.tr("Born"), lambda each: str(each.birth_year or "")),
            ]
        )
        self.member_table = Table(self.members, self.tr("Who lives here"), stretch=0, folds=16)
        self.member_table.opened.connect(lambda each: self.member_chosen.emit(each.id))
        lines.addWidget(self.member_table)
        self.fields = QWidget()
        self._add_fields(QVBoxLayout(self.fields))
        lines.addWidget(self.fields)
        lines.addWidget(heading(self.tr("Moving"), 2))
        self._add_moving(lines)
        self.helped = Rows(
            [
                (self.tr("Date"), lambda each: words.day(each[0].on_date)),
                (self.tr("Who came"), lambda each: each[1]),
                (self.tr("Adults"), lambda each: _number(each[0].adults)),
                (self.tr("Children"), lambda each: _number(each[0].children)),
            ],
            numbers=(2, 3),
        )
        self.helped_title = heading(self.tr("Helped each time"), 2)
        self.helped_table = Table(self.helped, self.tr("Helped each time"), stretch=1, folds=16)
        lines.addWidget(self.helped_title)
        lines.addWidget(self.helped_table)
        lines.addStretch(1)
        self.before = self._values()

    def _add_fields(self, lines: QVBoxLayout) -> None:
        lines.setContentsMargins(0, 0, 0, 0)
        form = Form()
        labels = {
            "label": self.tr("&Name of the household"), "postcode": self.tr("&Postcode"), "diet": self.tr("D&iet"),
            "allergies": self.tr("A&llergies"), "cooking": self.tr("Coo&king"), "delivery": self.tr("Deliver&y"),
            "collectors": self.tr("May c&ollect for them"),
        }  # fmt: skip
        self.adults, self.young = Number(), Number()
        self.lines: dict[str, QLineEdit] = {}
        for name in LINES:
            self.lines[name] = line()
            form.field(labels[name], self.lines[name])
            if name == "label":
                hint = self.tr("Who usually lives here. A visit can say otherwise.")
                form.field(self.tr("A&dults"), self.adults, hint)
                form.field(self.tr("&Children"), self.young)
        self.note = several_lines()
        form.field(self.tr("No&te"), self.note)
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save"), main=True, name=self.tr("Save this household")))
        self.save.clicked.connect(self.store)
        lines.addLayout(row(self.save))

    def _add_moving(self, lines: QVBoxLayout) -> None:
        form = Form()
        self.who = Choice()
        form.field(self.tr("Who &moves?"), self.who)
        self.wanted = line()
        form.field(
            self.tr("Find the household they move to"),
            self.wanted,
            self.tr("A name or number of the household, or of somebody who lives there."),
        )
        self.wanted.textChanged.connect(self._offer_homes)
        self.to = Choice()
        form.field(self.tr("Into which ho&usehold?"), self.to)
        lines.addLayout(form)
        move = button(self.tr("Move them"), name=self.tr("Move them into that household"))
        move.clicked.connect(self.move_them)
        lines.addLayout(row(move))

    def show_household(self, household_id: int | None, person_id: int | None) -> None:
        """Show a household, come to from a person or not; None: the person is in none. Raises CisError `not_found`."""
        connection = self.desk.workspace.read
        home = households.get(connection, household_id) if household_id is not None else None
        person = people.get(connection, person_id) if person_id is not None else None
        members = people.in_household(connection, home.id) if home else []
        self.household_id, self.person_id = household_id, person_id
        self.title.setText(
            words.breakable(households.called(connection, home)) if home else self.tr("No household yet")
        )
        if home:
            self.facts.setText(f"{home.reference} · {words.count(len(members), self.tr('person'), self.tr('people'))}")
        else:
            who = words.within(person.label) if person else ""
            self.facts.setText(
                self.tr("%1 is in no household. Choose one below, or one of their own.").replace("%1", who)
            )
        self.members.show(members)
        self.member_table.setVisible(bool(members))
        self.differs.show_of("household", "households", household_id or 0)
        self.member_table.fit_rows(min(6, max(1, len(members))))
        self.fields.setVisible(home is not None)
        self.fill(home)
        movers = members or ([person] if person else [])
        self.who.offer((str(each.id), f"{words.within(each.label)} · {each.reference}") for each in movers)
        if person is not None:
            self.who.choose(str(person.id))
        self._offer_homes()
        self._show_helped(home)

    def fill(self, home: households.Household | None) -> None:
        """Put what is known of a household into the fields."""
        for name, field in self.lines.items():
            field.setText(getattr(home, name) or "" if home else "")
        self.adults.set_number(home.adults if home else None)
        self.young.set_number(home.children if home else None)
        self.note.setPlainText(home.note or "" if home else "")
        self.before = self._values()

    def busy(self) -> bool:
        """Say whether somebody is at work here: a field is not saved yet, or a household is being looked for."""
        return self._values() != self.before or bool(self.wanted.text())

    def _show_helped(self, home: households.Household | None) -> None:
        connection = self.desk.workspace.read
        visits = contacts.of_household(connection, home.id, LATEST) if home else []
        who = people.read_many(connection, [each.person_id for each in visits if each.person_id])
        names = {each: person.label for each, person in who.items()}
        self.helped.show([(each, names.get(each.person_id or 0, "")) for each in visits])
        self.helped_title.setVisible(bool(visits))
        self.helped_table.setVisible(bool(visits))
        self.helped_table.fit_rows(min(5, max(1, len(visits))))

    def _offer_homes(self) -> None:
        connection = self.desk.workspace.read
        found = households.found(connection, self.wanted.text()) if self.wanted.text().strip() else []
        self.to.offer(
            [
                *(
                    (str(each.id), f"{households.called(connection, each)} · {each.reference}")
                    for each in found
                    if each.id != self.household_id
                ),
                (OWN, self.tr("A household of their own")),
            ]
        )
        self.to.setCurrentIndex(0)

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: field.text() for name, field in self.lines.items()}
        return {
            **values, "adults": self.adults.number(), "children": self.young.number(),
            "note": self.note.toPlainText(),
        }  # fmt: skip

    def store(self) -> None:
        """Save the household; only what differs is written."""
        household_id, values = self.household_id, self._values()
        if household_id is None:
            return
        self.save.setEnabled(False)

        def done(_: None) -> None:
            self.save.setEnabled(True)
            if household_id == self.household_id:
                self.before = values
                self.notice.good(self.tr("The household is saved"))

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        self.desk.write(
            self, self.tr("Corrected a household"),
            lambda change: households.edit(change, household_id, **values), done, failed,
        )  # fmt: skip

    def move_them(self) -> None:
        """Move the chosen person into the chosen household, and show that one."""
        who, to = self.who.key(), self.to.key()
        if who is None or to is None:
            return
        person_id, home = int(who), None if to == OWN else int(to)

        def done(moved_to: int) -> None:
            self.wanted.clear()
            self.show_household(moved_to, person_id)
            self.notice.good(self.tr("Moved. Earlier visits stay with the household of their day."))

        self.desk.write(
            self, self.tr("Moved a person to another household"),
            lambda change: households.move(change, person_id, home), done, self.trouble,
        )  # fmt: skip

    def draft(self) -> dict[str, Any]:
        """Give what is not saved yet; empty when nothing differs."""
        if self.household_id is None or self._values() == self.before:
            return {}
        return {"household": self.household_id, "person": self.person_id, "values": self._values()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back. Raises CisError `not_found`."""
        self.show_household(draft["household"], draft["person"])
        for name, field in self.lines.items():
            field.setText(draft["values"][name])
        self.adults.set_number(draft["values"]["adults"])
        self.young.set_number(draft["values"]["children"])
        self.note.setPlainText(draft["values"]["note"])


def _number(number: int | None) -> str:
    return "" if number is None else words.number(number)
