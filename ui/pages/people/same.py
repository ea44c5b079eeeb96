"""Two records that may be one person, side by side, one pair after another: somebody says which it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import cases, glance, households, joining, people, sameness
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.tables import Connection
    from ui.jobs import Job

Line = tuple[str, str, str]


class SamePart(QWidget):
    """The pairs that look alike, the likeliest first."""

    person_chosen = Signal(int)

    def __init__(self, desk: Desk, notice: Notice, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.notice = notice
        self.trouble = trouble
        self.waiting: list[sameness.Pair] = []
        self.pair: sameness.Pair | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        self.why = plain()
        self.rows = Rows(
            [
                ("", lambda line: line[0]),
                (self.tr("This one"), lambda line: line[1]),
                (self.tr("And this one"), lambda line: line[2]),
                (self.tr("Alike?"), self._alike),
            ]
        )
        self.table = Table(self.rows, self.tr("The two records side by side"), stretch=2)
        self.same = button(self.tr("The same pe&rson"), main=True)
        self.same.clicked.connect(self._same)
        self.two = button(self.tr("&Two people"))
        self.two.clicked.connect(self._two)
        self.later = button(self.tr("&Not sure: show the next"))
        self.later.clicked.connect(self.next_pair)
        self.after = plain(
            self.tr(
                "“The same person” puts everything onto the record that was written down first, and counts one person "
                "from then on. Ctrl+Z takes it back. Either answer is remembered, so nobody is asked twice."
            ),
            quiet=True,
        )
        for part in (self.title, self.why, self.table):
            lines.addWidget(part)
        lines.addLayout(row(self.same, self.two, self.later))
        lines.addWidget(self.after)
        lines.addStretch(1)

    def begin(self) -> None:
        """Look for pairs anew."""
        self.pair, self.waiting = None, []
        self._say(self.tr("Looking for people who are written down twice…"))

        def work(connection: Connection, job: Job) -> list[sameness.Pair]:
            return sameness.candidates(connection, job.tell)

        def done(found: list[sameness.Pair]) -> None:
            self.waiting = found
            self.next_pair()

        def failed(error: Exception) -> None:
            self._say(self.tr("Not looked through"))
            self.trouble(error)

        self.desk.read(self, self.tr("Looking for the same people"), work, done, failed)

    def next_pair(self) -> None:
        """Show the next pair of people who are both still there."""
        while self.waiting:
            self.pair = self.waiting.pop(0)
            try:
                self._show(self.pair)
            except CisError:
                # Removed or joined since they were found: no longer a question.
                continue
            return
        self.pair = None
        self._say(self.tr("Nobody seems to be written down twice"))

    def _say(self, title: str) -> None:
        """Say something in place of a pair."""
        self.title.setText(title)
        self.why.clear()
        for part in (self.table, self.same, self.two, self.later, self.after):
            part.setVisible(False)

    def _show(self, pair: sameness.Pair) -> None:
        connection = self.desk.workspace.read
        one, other = joining.who_stays(connection, pair.first, pair.second)
        facts = [self._facts(connection, each) for each in (one, other)]
        self.rows.show([(name, mine, facts[1][name]) for name, mine in facts[0].items() if mine or facts[1][name]])
        self.table.fit_rows(self.rows.rowCount(), sideways=True)
        self.title.setText(self.tr("Are these two the same person?"))
        reasons = {
            "name": self.tr("the same name"),
            "spelling": self.tr("names spelt alike"),
            "birth year": self.tr("the same year of birth"),
            "phone": self.tr("the same phone"),
            "email": self.tr("the same email"),
            "postcode": self.tr("the same postcode"),
            "number": self.tr("the same number of yours"),
        }
        said = words.listed([reasons[reason] for reason in pair.reasons])
        self.why.setText(
            self.tr("They have %1. Left to look at after these: %2.")
            .replace("%1", said)
            .replace("%2", words.number(len(self.waiting)))
        )
        for part in (self.table, self.same, self.two, self.later, self.after):
            part.setVisible(True)
        self.later.setFocus()

    def _facts(self, connection: Connection, person_id: int) -> dict[str, str]:
        person = people.get(connection, person_id)
        seen = glance.at_a_glance(connection, person_id, date.today())
        home = households.of(connection, person_id)
        return {
            self.tr("Name"): person.label,
            self.tr("Reference"): person.reference,
            self.tr("Born"): str(person.birth_year or ""),
            self.tr("Postcode"): person.postcode or "",
            self.tr("Phone"): person.phone or "",
            self.tr("Email"): person.email or "",
            self.tr("Your own number"): person.own_number or "",
            self.tr("Household"): households.called(connection, home) if home else "",
            self.tr("Last visit"): words.day(seen.last_visit.on_date) if seen.last_visit else "",
            self.tr("Cases"): ", ".join(each.reference for each in cases.of_person(connection, person_id)),
            self.tr("Note"): words.shortened(person.note or ""),
        }

    def _alike(self, line: Line) -> str:
        if not (line[1] and line[2]):
            return self.tr("known of one")
        return self.tr("the same") if words.same(line[1], line[2]) else self.tr("differs")

    def _same(self) -> None:
        if self.pair is None:
            return
        first, second = self.pair.first, self.pair.second

        def work(change: Any) -> int:
            return joining.join(change, first, second)

        self._answer(self.tr("Joined two records of the same person"), work)

    def _two(self) -> None:
        if self.pair is None:
            return
        first, second = self.pair.first, self.pair.second

        def work(change: Any) -> None:
            sameness.answer(change, first, second, "two")

        self._answer(self.tr("Noted that two people are two"), work)

    def _answer(self, said: str, work: Callable[[Any], object]) -> None:
        self.same.setEnabled(False)
        self.two.setEnabled(False)

        def enable() -> None:
            self.same.setEnabled(True)
            self.two.setEnabled(True)

        def done(_: object) -> None:
            enable()
            self.next_pair()

        def failed(error: Exception) -> None:
            enable()
            self.trouble(error)

        self.desk.write(self, said, work, done, failed)
