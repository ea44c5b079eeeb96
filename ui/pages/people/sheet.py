"""One person as they are known: what the desk needs to see, their cases, their visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import cases, contacts, glance, people
from ui.desk import Desk
from ui.models.codes import Codes
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.words import button, heading, plain, row


class PersonSheet(QWidget):
    """A person's page."""

    add_visit = Signal(int)
    open_case = Signal(int)
    correct = Signal(int)
    case_chosen = Signal(int)
    household = Signal(int)

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.person: people.Person | None = None
        self.codes = Codes(desk.workspace.read)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        self.facts = plain()
        self.care = heading(level=2)
        self.home = plain()
        self.note = plain()
        for part in (self.title, self.facts, self.care, self.home, self.note):
            lines.addWidget(part)
        visit = button(self.tr("Add a vis&it"), main=True)
        visit.clicked.connect(lambda: self.person and self.add_visit.emit(self.person.id))
        case = button(self.tr("&Open a case"))
        case.clicked.connect(lambda: self.person and self.open_case.emit(self.person.id))
        correct = button(self.tr("&Correct"), name=self.tr("Correct this person"))
        correct.clicked.connect(lambda: self.person and self.correct.emit(self.person.id))
        remove = button(self.tr("&Remove"), name=self.tr("Remove this person"))
        remove.clicked.connect(self._remove)
        home = button(self.tr("Ho&usehold"), name=self.tr("The household of this person"))
        home.clicked.connect(lambda: self.person and self.household.emit(self.person.id))
        lines.addLayout(row(visit, case, home, correct, remove))
        self.case_rows = Rows(
            [
                (self.tr("Case"), lambda each: each.reference),
                (self.tr("Opened"), lambda each: words.day(each.opened) if each.opened else ""),
                (self.tr("Standing"), self._standing),
                (self.tr("Note"), lambda each: " ".join((each.note or "").split())),
            ]
        )
        self.cases_title = heading(self.tr("Cases"), 2)
        self.case_table = Table(self.case_rows, self.tr("Cases"), stretch=3)
        self.case_table.opened.connect(lambda each: self.case_chosen.emit(each.id))
        lines.addWidget(self.cases_title)
        lines.addWidget(self.case_table)
        self.visit_rows = Rows(
            [
                (self.tr("Date"), lambda each: words.day(each.on_date)),
                (self.tr("Kind"), lambda each: self.codes.label("contact_kind", each.kind)),
                (self.tr("Given"), lambda each: self.codes.all_given(each.given)),
                (self.tr("Needs met"), lambda each: self.codes.needs(each.needs)),
                (self.tr("Note"), lambda each: " ".join((each.note or "").split())),
            ],
            self._more,
        )
        self.visits_title = heading(level=2)
        self.visit_table = Table(self.visit_rows, self.tr("Visits"), stretch=4)
        self.visit_table.opened.connect(self._read_out)
        self.visit_words = plain()
        lines.addWidget(self.visits_title)
        lines.addWidget(self.visit_table, 1)
        lines.addWidget(self.visit_words)

    def show_person(self, person_id: int) -> None:
        """Show one person. Raises CisError `not_found`."""
        connection = self.desk.workspace.read
        self.codes = Codes(connection)
        seen = glance.at_a_glance(connection, person_id, date.today())
        person = self.person = people.get(connection, person_id)
        self.title.setText(person.label)
        self.facts.setText(
            " · ".join(
                fact
                for fact in (
                    person.reference,
                    self.tr("born %1").replace("%1", str(person.birth_year)) if person.birth_year else "",
                    person.postcode,
                    person.phone,
                    person.language,
                    self.tr("needs an interpreter") if seen.interpreter else "",
                    seen.last_seen,
                )
                if fact
            )
        )
        care = [
            self.tr("Allergies: %1").replace("%1", seen.allergies) if seen.allergies else "",
            self.tr("Diet: %1").replace("%1", seen.diet) if seen.diet else "",
        ]
        self.care.setText(" · ".join(fact for fact in care if fact))
        self.care.setVisible(any(care))
        home = [
            self.tr("Cooking: %1").replace("%1", seen.cooking) if seen.cooking else "",
            self.tr("Delivery: %1").replace("%1", seen.delivery) if seen.delivery else "",
            self.tr("May collect: %1").replace("%1", seen.collectors) if seen.collectors else "",
            self.tr("Safe to contact: %1").replace("%1", seen.safe_contact) if seen.safe_contact else "",
        ]
        self.home.setText(" · ".join(fact for fact in home if fact))
        self.home.setVisible(any(home))
        self.note.setText(person.note or "")
        self.note.setVisible(bool(person.note))
        found = cases.of_person(connection, person_id)
        self.case_rows.show(found)
        self.cases_title.setVisible(bool(found))
        self.case_table.setVisible(bool(found))
        height = self.case_table.verticalHeader().defaultSectionSize()
        self.case_table.setFixedHeight(height * (min(len(found), 3) + 1) + 16)
        self.visit_rows.read()
        self.visits_title.setText(
            self.tr("Visits (the next one is the %1)").replace("%1", seen.next_visit)
            if self.visit_rows.rowCount()
            else self.tr("No visits yet")
        )
        self.visit_table.setVisible(bool(self.visit_rows.rowCount()))
        self.visit_words.hide()
        self.visit_table.setMinimumHeight(height * 4)

    def _read_out(self, visit: contacts.Contact) -> None:
        """Show one visit whole below the list, where long words are cut."""
        parts = (
            words.day(visit.on_date),
            self.codes.label("contact_kind", visit.kind),
            self.codes.all_given(visit.given),
            self.codes.needs(visit.needs),
            visit.worker,
            visit.note,
        )
        self.visit_words.setText("\n".join(part for part in parts if part))
        self.visit_words.show()

    def glance(self) -> str:
        """Say in one line what matters before the next visit."""
        assert self.person is not None
        seen = glance.at_a_glance(self.desk.workspace.read, self.person.id, date.today())
        care = self.care.text()
        return " · ".join(part for part in (seen.next_visit, seen.last_seen, care) if part)

    def _standing(self, case: cases.Case) -> str:
        return self.tr("Closed %1").replace("%1", words.day(case.closed)) if case.closed else self.tr("Open")

    def _more(self, last: contacts.Contact | None, limit: int) -> list[contacts.Contact]:
        assert self.person is not None
        before = (last.on_date, last.id) if last else None
        return contacts.of_person(self.desk.workspace.read, self.person.id, before, limit)

    def _remove(self) -> None:
        if self.person is None:
            return
        person_id = self.person.id

        def work(change: Any) -> None:
            people.remove(change, person_id)

        self.desk.write(self, self.tr("Removed a person"), work, lambda _: None, self.trouble)
