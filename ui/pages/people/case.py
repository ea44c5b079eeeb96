"""A case: the form that opens one, and the sheet that shows one with its visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import cases, households, people, timeline
from cis_desktop.records.labels import Codes
from cis_desktop.records.timeline import Event
from ui.desk import Desk
from ui.models.happened import Happened
from ui.theme import SPACE
from ui.widgets.differing import Differs
from ui.widgets.fields import Choice, Form, day_field, day_of, set_day, several_lines
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.ticks import Ticks
from ui.widgets.words import button, heading, plain, row, saves

REVIEW = 28
"""Days after which a case is looked at again, unless somebody says otherwise."""


class CaseForm(QWidget):
    """A case being opened for one person."""

    saved = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.notice = notice
        self.trouble = trouble
        self.person_id = 0
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        lines.addWidget(self.title)
        form = Form()
        self.day = day_field()
        form.field(self.tr("&Date opened"), self.day)
        self.main = Choice()
        form.field(self.tr("&Main need"), self.main)
        self.further = Ticks()
        form.field(self.tr("F&urther needs"), self.further, self.tr("Arrows to move, space to tick."))
        self.how = Choice()
        form.field(self.tr("How they &came"), self.how)
        self.note = several_lines()
        form.field(self.tr("No&te"), self.note)
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save the case"), main=True))
        self.save.clicked.connect(self.store)
        leave = button(self.tr("&Leave it"))
        leave.clicked.connect(self._leave)
        lines.addLayout(row(self.save, leave))
        lines.addStretch(1)

    def begin(self, person: people.Person) -> None:
        """Start on a case for a person."""
        if person.id != self.person_id:
            self._empty()
        self.person_id = person.id
        self.codes = Codes(self.desk.workspace.read)
        self.title.setText(self.tr("A case for %1").replace("%1", words.within(person.label)))
        open_one = (None, self.tr("Not known"))
        self.main.offer([open_one, *self.codes.options("need")])
        self.further.offer(self.codes.options("need"))
        self.how.offer([open_one, *self.codes.options("how_came")])
        self.day.setFocus()

    def store(self) -> None:
        """Save the case."""
        main, day, note, how = self.main.key(), day_of(self.day), self.note.toPlainText(), self.how.key()
        further = [need for need in self.further.ticked() if need != main]
        person_id, version = self.person_id, self.codes.version("need")
        self.save.setEnabled(False)

        def work(change: Any) -> int:
            return cases.open_case(
                change, main, further, version,
                person_id=person_id, opened=day.isoformat(), how_came=how, note=note,
            )  # fmt: skip

        def done(case_id: int) -> None:
            self.save.setEnabled(True)
            self._empty()
            self.saved.emit(case_id)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        self.desk.write(self, self.tr("Opened a case"), work, done, failed)

    def draft(self) -> dict[str, Any]:
        """Give what is half written; empty when nothing was."""
        note, needs = self.note.toPlainText(), self.further.ticked()
        if not self.person_id or not (note or needs or self.main.key() or self.how.key()):
            return {}
        return {
            "person": self.person_id, "day": day_of(self.day).isoformat(), "main": self.main.key(), "further": needs,
            "how": self.how.key(), "note": note,
        }  # fmt: skip

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back, after `begin`."""
        set_day(self.day, draft.get("day", date.today().isoformat()))
        self.main.choose(draft["main"])
        self.how.choose(draft.get("how"))
        self.further.tick(draft["further"])
        self.note.setPlainText(draft["note"])

    def _leave(self) -> None:
        self._empty()
        self.left.emit()

    def _empty(self) -> None:
        self.notice.clear()
        self.person_id = 0
        set_day(self.day, date.today().isoformat())
        self.main.choose(None)
        self.how.choose(None)
        self.further.tick(())
        self.note.clear()


class CaseSheet(QWidget):
    """One case as it stands, with its visits."""

    add_visit = Signal(int, int)
    """A visit is to be written down for this person, in this case."""
    back = Signal(int)

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.case: cases.Case | None = None
        self.codes = Codes(desk.workspace.read)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        self.facts = plain()
        self.words = plain()
        lines.addWidget(self.title)
        lines.addWidget(self.facts)
        lines.addWidget(self.words)
        self.differs = Differs(desk)
        lines.addWidget(self.differs)
        self.visit = button(self.tr("Add a vis&it in this case"), main=True)
        self.visit.clicked.connect(self._visit)
        self.close_it = button(self.tr("&Close the case"))
        self.close_it.clicked.connect(self._close)
        self.back_button = button(self.tr("&Back to the person"))
        self.back_button.clicked.connect(lambda: self.case and self.back.emit(self.case.person_id))
        lines.addLayout(row(self.visit, self.close_it, self.back_button))
        form = Form()
        self.review = day_field()
        form.field(self.tr("&Look at it again on"), self.review)
        self.plan = button(self.tr("&Put it on Home"), name=self.tr("Put this day on Home"))
        self.plan.clicked.connect(self._plan)
        form.addLayout(row(self.plan))
        self.planning = QWidget()
        self.planning.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        lines.addSpacing(SPACE)
        lines.addWidget(self.planning)
        self.rows = Happened(lambda: self.codes)
        lines.addWidget(heading(self.tr("What happened"), 2))
        self.table = Table(self.rows, self.tr("What happened in this case"), stretch=2, folds=16)
        self.table.opened.connect(self._read_out)
        self.event_words = plain()
        lines.addWidget(self.table, 1)
        lines.addWidget(self.event_words)

    def show_case(self, case_id: int) -> None:
        """Show one case."""
        connection = self.desk.workspace.read
        self.codes = Codes(connection)
        case = self.case = cases.get(connection, case_id)
        person = people.get(connection, case.person_id) if case.person_id else None
        home = households.get(connection, case.household_id) if case.household_id and person is None else None
        whose = person.label if person else households.called(connection, home) if home else self.tr("nobody by name")
        self.title.setText(self.tr("Case %1: %2").replace("%1", case.reference).replace("%2", words.within(whose)))
        needs = [self.codes.label("need", each.need) for each in cases.needs_of(connection, case_id)]
        facts = [
            self.tr("Opened %1").replace("%1", words.day(case.opened)) if case.opened else "",
            self.tr("Closed %1").replace("%1", words.day(case.closed)) if case.closed else self.tr("Still open"),
            ", ".join(needs),
            self.codes.label("how_came", case.how_came),
        ]
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        self.words.setText(words.breakable(case.note or ""))
        self.words.setVisible(bool(case.note))
        self.differs.show_of("case", "cases", case_id)
        self.visit.setVisible(not case.closed and person is not None)
        self.close_it.setVisible(not case.closed)
        self.planning.setVisible(not case.closed)
        set_day(self.review, case.review_on or (date.today() + timedelta(days=REVIEW)).isoformat())
        self.back_button.setVisible(person is not None)
        self.rows.show(timeline.of_case(connection, case))
        self.event_words.hide()

    def _read_out(self, event: Event) -> None:
        """Show one thing whole below the list."""
        self.event_words.setText(words.breakable(self.rows.whole(event)))
        self.event_words.show()

    def _plan(self) -> None:
        if self.case is None:
            return
        case_id, on = self.case.id, day_of(self.review).isoformat()
        self.desk.write(
            self,
            self.tr("Planned to look at a case again"),
            lambda change: cases.edit(change, case_id, review_on=on),
            lambda _: self.show_case(case_id),
            self.trouble,
        )

    def _visit(self) -> None:
        if self.case is not None and self.case.person_id is not None:
            self.add_visit.emit(self.case.person_id, self.case.id)

    def _close(self) -> None:
        if self.case is None:
            return
        case_id = self.case.id
        self.desk.write(
            self,
            self.tr("Closed a case"),
            lambda change: cases.close(change, case_id, date.today()),
            lambda _: self.show_case(case_id),
            self.trouble,
        )
