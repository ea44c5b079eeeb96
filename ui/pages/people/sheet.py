"""One person as they are known: what the desk needs to see, their cases, their visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import cases, glance, households, people, timeline
from cis_desktop.records.labels import Codes
from cis_desktop.records.timeline import Event
from ui.desk import Desk
from ui.models.happened import Happened
from ui.models.rows import Rows
from ui.widgets.differing import Differs
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
        # A name from right to left stands where every other name does.
        self.title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self.facts = plain()
        self.care = heading(level=2)
        self.home = plain()
        self.note = plain()
        self.differs = Differs(desk)
        for part in (self.title, self.facts, self.care, self.home, self.note, self.differs):
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
        concern = button(self.tr("A concern…"), name=self.tr("A safeguarding concern about this person"))
        concern.clicked.connect(self._worry)
        lines.addLayout(row(visit, case, home, correct, remove, concern))
        self.case_rows = Rows(
            [
                (self.tr("Case"), lambda each: each.reference),
                (self.tr("Opened"), lambda each: words.day(each.opened) if each.opened else ""),
                (self.tr("Standing"), self._standing),
                (self.tr("Note"), lambda each: " ".join((each.note or "").split())),
            ]
        )
        self.cases_title = heading(self.tr("Cases"), 2)
        self.case_table = Table(self.case_rows, self.tr("Cases"), stretch=3, folds=16)
        self.case_table.opened.connect(lambda each: self.case_chosen.emit(each.id))
        lines.addWidget(self.cases_title)
        lines.addWidget(self.case_table)
        self.happened = Happened(lambda: self.codes, self._more)
        self.happened_title = heading(level=2)
        self.happened_table = Table(self.happened, self.tr("What happened"), stretch=2, folds=16)
        self.happened_table.opened.connect(self._read_out)
        self.event_words = plain()
        lines.addWidget(self.happened_title)
        lines.addWidget(self.happened_table, 1)
        lines.addWidget(self.event_words)
        # Takes the room only where there is no list to take it.
        lines.addStretch(0)

    def _worry(self) -> None:
        if self.person is not None:
            self.desk.go.emit("concerns", ("new", f"{self.person.label} ({self.person.reference})"))

    def show_person(self, person_id: int) -> None:
        """Show one person. Raises CisError `not_found`."""
        connection = self.desk.workspace.read
        self.codes = Codes(connection)
        seen = glance.at_a_glance(connection, person_id, date.today())
        person = self.person = people.get(connection, person_id)
        self.title.setText(words.breakable(person.label))
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
        lives = households.of(connection, person_id)
        called = words.within(households.called(connection, lives)) if lives else ""
        home = [
            self.tr("Household: %1").replace("%1", called) if called not in ("", words.within(person.label)) else "",
            self.tr("Cooking: %1").replace("%1", seen.cooking) if seen.cooking else "",
            self.tr("Delivery: %1").replace("%1", seen.delivery) if seen.delivery else "",
            self.tr("May collect: %1").replace("%1", seen.collectors) if seen.collectors else "",
            self.tr("Safe to contact: %1").replace("%1", seen.safe_contact) if seen.safe_contact else "",
        ]
        self.home.setText(" · ".join(fact for fact in home if fact))
        self.home.setVisible(any(home))
        self.note.setText(words.breakable(person.note or ""))
        self.note.setVisible(bool(person.note))
        self.differs.show_of("person", "people", person_id)
        found = cases.of_person(connection, person_id)
        self.case_rows.show(found)
        self.cases_title.setVisible(bool(found))
        self.case_table.setVisible(bool(found))
        height = self.case_table.verticalHeader().defaultSectionSize()
        self.case_table.setFixedHeight(height * (min(len(found), 3) + 1) + 16)
        self.happened.read()
        self.happened_title.setText(
            self.tr("What happened (the next visit is the %1)").replace("%1", seen.next_visit)
            if self.happened.rowCount()
            else self.tr("Nothing has happened yet")
        )
        self.happened_table.setVisible(bool(self.happened.rowCount()))
        self.event_words.hide()
        self.happened_table.setMinimumHeight(height * 4)

    def _read_out(self, event: Event) -> None:
        """Show one thing whole below the list, where long words are cut; a case, on its own page."""
        if event.case is not None:
            self.case_chosen.emit(event.case.id)
            return
        self.event_words.setText(words.breakable(self.happened.whole(event)))
        self.event_words.show()

    def glance(self) -> str:
        """Say in one line what matters before the next visit."""
        assert self.person is not None
        seen = glance.at_a_glance(self.desk.workspace.read, self.person.id, date.today())
        care = self.care.text()
        return " · ".join(part for part in (seen.next_visit, seen.last_seen, care) if part)

    def _standing(self, case: cases.Case) -> str:
        return self.tr("Closed %1").replace("%1", words.day(case.closed)) if case.closed else self.tr("Open")

    def _more(self, last: Event | None, limit: int) -> list[Event]:
        assert self.person is not None
        return timeline.of_person(self.desk.workspace.read, self.person.id, last, limit)

    def _remove(self) -> None:
        if self.person is None:
            return
        person_id = self.person.id

        def work(change: Any) -> None:
            people.remove(change, person_id)

        self.desk.write(self, self.tr("Removed a person"), work, lambda _: None, self.trouble)
