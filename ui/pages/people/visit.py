"""The form for one visit: when, what kind, what was given, which needs, a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import arrivals, cases, contacts, people
from cis_desktop.records.labels import Codes
from ui.desk import Desk
from ui.widgets.fields import Choice, Form, Number, day_field, day_of, set_day, several_lines
from ui.widgets.given import PARCEL_DAYS, GivenRow
from ui.widgets.notice import Notice
from ui.widgets.ticks import Ticks
from ui.widgets.words import button, heading, plain, row, saves


class VisitForm(QWidget):
    """A visit being written down for one person, perhaps in one of their cases."""

    saved = Signal()
    left = Signal()

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.notice = notice
        self.trouble = trouble
        self.person_id = 0
        self.codes = Codes(desk.workspace.read)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading(level=1)
        self.glance = plain()
        lines.addWidget(self.title)
        lines.addWidget(self.glance)
        form = Form()
        self.day = day_field()
        form.field(self.tr("&Date"), self.day)
        self.kind = Choice()
        form.field(self.tr("&Kind of visit"), self.kind)
        self.case = Choice()
        form.field(self.tr("Pa&rt of a case"), self.case)
        self.first = GivenRow(1)
        self.rows = [self.first]
        self.first.setFocusProxy(self.first.item)
        form.field(self.tr("Wha&t was given"), self.first).setAccessibleName("")
        self.more_rows = QVBoxLayout()
        form.addLayout(self.more_rows)
        more = button(self.tr("One &more thing"))
        more.clicked.connect(self._one_more)
        form.addLayout(row(more))
        form.addSpacing(10)
        self.adults, self.young = Number(), Number()
        hint = self.tr("This time. It starts with who usually lives there.")
        form.field(self.tr("Adults hel&ped"), self.adults, hint)
        form.field(self.tr("&Children helped"), self.young)
        self.needs = Ticks()
        form.field(self.tr("&Needs met"), self.needs, self.tr("Arrows to move, space to tick."))
        self.note = several_lines()
        form.field(self.tr("N&ote"), self.note)
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save the visit"), main=True))
        self.save.clicked.connect(self.store)
        leave = button(self.tr("&Leave it"))
        leave.clicked.connect(self._leave)
        lines.addLayout(row(self.save, leave))
        lines.addStretch(1)

    def begin(self, person: people.Person, glance: str, case_id: int | None = None) -> None:
        """Start on a visit of a person; one that was begun for the same person is gone on with."""
        again = person.id != self.person_id
        if again:
            self._empty()
        self.person_id = person.id
        self.title.setText(self.tr("A visit by %1").replace("%1", words.within(person.label)))
        self.glance.setText(glance)
        self._offer(person.id)
        if case_id is not None:
            self.case.choose(str(case_id))
        usual = arrivals.usual_numbers(self.desk.workspace.read, person.household_id)
        if again:
            self.adults.set_number(usual[0])
            self.young.set_number(usual[1])
        self.day.setFocus()

    def _offer(self, person_id: int) -> None:
        connection = self.desk.workspace.read
        self.codes = Codes(connection)
        self.kind.offer(self.codes.options("contact_kind"))
        self.needs.offer(self.codes.options("need"))
        found = [each for each in cases.of_person(connection, person_id) if not each.closed]
        needs = {each.id: cases.needs_of(connection, each.id) for each in found}
        self.case.offer(
            [
                (None, self.tr("No case")),
                *(
                    (str(each.id), f"{each.reference} {self.codes.label('need', needs[each.id][0].need)}".strip())
                    if needs[each.id]
                    else (str(each.id), each.reference)
                    for each in found
                ),
            ]
        )
        for each in self.rows:
            each.item.offer([(None, self.tr("Nothing")), *self.codes.options("item")])

    def store(self) -> None:
        """Save the visit; the form keeps what it holds until that is done."""
        given = [thing for each in self.rows if (thing := each.thing()) is not None]
        needs, day, note = self.needs.ticked(), day_of(self.day), self.note.toPlainText()
        person_id, kind, case = self.person_id, self.kind.key(), self.case.key()
        version, adults, children = self.codes.version("need"), self.adults.number(), self.young.number()
        self.save.setEnabled(False)

        def work(change: Any) -> int:
            return contacts.add(
                change, day, given, needs, version,
                person_id=person_id, kind=kind, case_id=int(case) if case else None, note=note,
                adults=adults, children=children,
            )  # fmt: skip

        def done(_: int) -> None:
            self.save.setEnabled(True)
            self._empty()
            self.saved.emit()

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        self.desk.write(self, self.tr("Added a visit"), work, done, failed)

    def draft(self) -> dict[str, Any]:
        """Give what is half written; empty when nothing was."""
        given = [
            [each.item.key(), each.many.value(), each.pounds.value(), each.days.value()]
            for each in self.rows
            if each.item.key()
        ]
        note, needs = self.note.toPlainText(), self.needs.ticked()
        if not self.person_id or not (given or note or needs):
            return {}
        return {
            "person": self.person_id, "day": day_of(self.day).isoformat(), "kind": self.kind.key(),
            "case": self.case.key(), "given": given, "needs": needs, "note": note,
            "adults": self.adults.number(), "children": self.young.number(),
            "cursor": self.note.textCursor().position(),
        }  # fmt: skip

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back, after `begin`."""
        set_day(self.day, draft["day"])
        self.kind.choose(draft["kind"])
        self.case.choose(draft["case"])
        for at, (item, many, pounds, days) in enumerate(draft["given"]):
            if at == len(self.rows):
                self._one_more()
            self.rows[at].put(item, many, pounds, days)
        self.needs.tick(draft["needs"])
        self.adults.set_number(draft.get("adults"))
        self.young.set_number(draft.get("children"))
        self.note.setPlainText(draft["note"])
        cursor = self.note.textCursor()
        cursor.setPosition(min(draft["cursor"], len(draft["note"])))
        self.note.setTextCursor(cursor)
        self.note.setFocus()

    def _one_more(self) -> None:
        made = GivenRow(len(self.rows) + 1)
        made.item.offer([(None, self.tr("Nothing")), *self.codes.options("item")])
        self.rows.append(made)
        self.more_rows.addWidget(made)
        before = self.rows[-2].days
        for part in (made.item, made.many, made.pounds, made.days):
            QWidget.setTabOrder(before, part)
            before = part
        made.item.setFocus()

    def _leave(self) -> None:
        self._empty()
        self.left.emit()

    def _empty(self) -> None:
        self.notice.clear()
        while len(self.rows) > 1:
            self.rows.pop().deleteLater()
        self.first.put("", 1, 0, PARCEL_DAYS)
        self.needs.tick(())
        self.note.clear()
        self.person_id = 0
        set_day(self.day, date.today().isoformat())
