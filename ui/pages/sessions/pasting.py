"""Lines of text become visits: pasted, read, shown with who each one is, and only then saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QWidget

from cis_desktop import words
from cis_desktop.records import arrivals, contacts, pasted, sessions
from cis_desktop.records.labels import Codes
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.fields import Choice, several_lines
from ui.widgets.given import PARCEL, PARCEL_DAYS
from ui.widgets.lists import Table
from ui.widgets.page import column
from ui.widgets.words import button, heading, plain, row, saves

NEW, OUT = "new", "out"
SEEN = 6
"""Lines seen at once."""


@dataclass(slots=True)
class Row:
    """One line with what is to become of it: somebody new, left out, or the visit of a person (by id, as text)."""

    matched: pasted.Matched
    who: str
    why: str


class PasteForm(QWidget):
    """The pasted text, and below it each line as it was understood."""

    saved = Signal(list)
    """The lines are saved: what each has made (`Made`)."""
    left = Signal()

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.session: sessions.Session | None = None
        self.usual: tuple[contacts.Given, ...] = ()
        self.offering = False
        """The choice is being filled: it changes, but nobody has chosen."""
        self.codes = Codes(desk.workspace.read)
        lines = column(self)
        self.title = heading()
        lines.addWidget(self.title)
        label = plain(self.tr("One &line for each visit: name, adults, children, what was given, note"))
        self.text = several_lines(5)
        self.text.setMaximumHeight(self.text.minimumHeight())
        label.setBuddy(self.text)
        self.text.setAccessibleName(self.tr("Lines to read"))
        lines.addWidget(label)
        lines.addWidget(plain(self.tr("Set apart by tabs or commas. Only the name is needed."), quiet=True))
        lines.addWidget(self.text)
        self.read = button(self.tr("&Read the lines"), main=True)
        self.read.clicked.connect(self.read_lines)
        leave = button(self.tr("&Back to the paper"))
        leave.clicked.connect(self.left)
        lines.addLayout(row(self.read, leave))
        self.found = plain()
        self.rows = Rows(
            [
                (self.tr("Line"), lambda each: str(each.matched.line.number)),
                (self.tr("Written"), lambda each: each.matched.line.who),
                (self.tr("Will be"), self._becomes),
                (self.tr("Helped"), lambda each: _helped(each.matched.line)),
                (self.tr("Given"), lambda each: self.codes.all_given(self._given(each))),
                (self.tr("Note"), lambda each: each.matched.line.note),
            ],
            numbers=(0,),
        )
        self.table = Table(self.rows, self.tr("The lines as they were read"), stretch=5)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._offer())
        self.who_label = plain(self.tr("W&ho is the marked line?"))
        self.who = Choice()
        self.who.setAccessibleName(self.tr("Who is the marked line?"))
        self.who_label.setBuddy(self.who)
        self.who.currentIndexChanged.connect(self._decide)
        self.save = saves(button(self.tr("&Save these visits"), main=True))
        self.save.clicked.connect(self.store)
        for part in (self.found, self.table, self.who_label, self.who):
            lines.addWidget(part)
        lines.addLayout(row(self.save))
        lines.addStretch(1)
        self._show([])

    def begin(self, session: sessions.Session, usual: tuple[contacts.Given, ...]) -> None:
        """Start on lines for one session; text that is there already stays."""
        self.session, self.usual = session, usual
        self.codes = Codes(self.desk.workspace.read)
        where = session.venue or self.tr("No place")
        self.title.setText(
            self.tr("Pasted visits for %1, %2").replace("%1", where).replace("%2", words.day(session.on_date))
        )
        self._show([])
        self.text.setFocus()

    def read_lines(self) -> None:
        """Read the text and look everybody up; nothing is saved yet."""
        session = self.session
        assert session is not None
        lines = pasted.lines_of(self.text.toPlainText(), {label: key for key, label in self.codes.options("item")})
        self.read.setEnabled(False)

        def work(connection: Any, job: Any) -> list[Row]:
            taken: set[int] = set()
            made = []
            for at, line in enumerate(lines):
                job.tell(at, len(lines))
                made.append(_row(connection, session, pasted.match(connection, [line])[0], taken))
            return made

        def done(rows: list[Row]) -> None:
            self.read.setEnabled(True)
            self._show(rows)
            if rows:
                self._mark(next((at for at, each in enumerate(rows) if each.who == OUT), 0))
                self.table.setFocus()

        def failed(error: Exception) -> None:
            self.read.setEnabled(True)
            self.trouble(error)

        self.desk.read(self, self.tr("Reading the lines"), work, done, failed)

    def store(self) -> None:
        """Save every line that is not left out, each as a visit of its own, all or none."""
        session = self.session
        assert session is not None
        wanted = [self.rows.record(at) for at in range(self.rows.rowCount()) if self.rows.record(at).who != OUT]
        given = [self._given(each) for each in wanted]
        self.save.setEnabled(False)

        def work(change: Any) -> list[arrivals.Made]:
            return [_write(change, session, each, things) for each, things in zip(wanted, given, strict=True)]

        def done(made: list[arrivals.Made]) -> None:
            self.save.setEnabled(True)
            self.text.clear()
            self._show([])
            self.saved.emit(made)

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        said = self.tr("Added %1").replace("%1", words.count(len(wanted), self.tr("visit"), self.tr("visits")))
        self.desk.write(self, said, work, done, failed)

    def _show(self, rows: list[Row]) -> None:
        self.rows.show(rows)
        for part in (self.found, self.table, self.who_label, self.who, self.save):
            part.setVisible(bool(rows))
        self.table.fit_rows(min(SEEN, max(2, len(rows))))
        self._tell()

    def _tell(self) -> None:
        rows = [self.rows.record(at) for at in range(self.rows.rowCount())]
        kept = sum(each.who != OUT for each in rows)
        new = sum(each.who == NEW for each in rows)
        self.found.setText(
            self.tr("%1 will be saved, %2 for somebody new; %3 left out.")
            .replace("%1", words.count(kept, self.tr("visit"), self.tr("visits")))
            .replace("%2", words.number(new))
            .replace("%3", words.count(len(rows) - kept, self.tr("line"), self.tr("lines")))
        )
        self.save.setEnabled(bool(kept))

    def _becomes(self, each: Row) -> str:
        if each.who == NEW:
            return self.tr("Somebody new")
        if each.who == OUT:
            return {
                "twice": self.tr("Left out: in a line above already"),
                "here": self.tr("Left out: already here on this day"),
                "nameless": self.tr("Left out: no name. Add them to the head-count"),
                "namesakes": self.tr("Choose who: several have this name"),
            }.get(each.why, self.tr("Left out"))
        known = {str(one.person_id): one for one in (*each.matched.exact, *each.matched.like)}
        return f"{known[each.who].name} ({known[each.who].reference})"

    def _given(self, each: Row) -> tuple[contacts.Given, ...]:
        if not each.matched.line.items:
            return self.usual
        return tuple(
            contacts.Given(key, many, "item", parcel_days=PARCEL_DAYS if key == PARCEL else None)
            for key, many in each.matched.line.items
        )

    def _offer(self) -> None:
        """Put up who the marked line may be."""
        index = self.table.currentIndex()
        if not index.isValid():
            return
        each = self.rows.record(index.row())
        self.offering = True
        self.who.offer(
            [
                *(
                    (str(one.person_id), " · ".join(filter(None, (
                        one.name, one.reference, one.postcode, one.household, str(one.born or ""),
                    ))))
                    for one in (*each.matched.exact, *each.matched.like)
                ),
                (NEW, self.tr("Somebody new")),
                (OUT, self.tr("Leave this line out")),
            ]
        )  # fmt: skip
        self.who.choose(each.who)
        self.offering = False

    def _decide(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and not self.offering:
            each = self.rows.record(index.row())
            each.who, each.why = str(self.who.key()), ""
            self.rows.dataChanged.emit(
                self.rows.index(index.row(), 0), self.rows.index(index.row(), self.rows.columnCount() - 1)
            )
            self._tell()

    def _mark(self, row: int) -> None:
        self.table.selectionModel().setCurrentIndex(
            self.rows.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )


def _row(connection: Any, session: sessions.Session, matched: pasted.Matched, taken: set[int]) -> Row:
    """Decide what becomes of a line unless somebody says otherwise: never a guess between people."""
    if not matched.exact:
        return Row(matched, OUT, "nameless") if matched.line.nameless else Row(matched, NEW, "")
    if len(matched.exact) > 1:
        return Row(matched, OUT, "namesakes")
    person = matched.exact[0]
    if person.person_id in taken:
        return Row(matched, OUT, "twice")
    taken.add(person.person_id)
    here = any(one.contact.person_id == person.person_id for one in arrivals.already(connection, session, person))
    return Row(matched, OUT, "here") if here else Row(matched, str(person.person_id), "")


def _write(change: Any, session: sessions.Session, each: Row, given: tuple[contacts.Given, ...]) -> arrivals.Made:
    line = each.matched.line
    who: int | arrivals.Newcomer
    usual: tuple[int | None, int | None] = (None, None)
    if each.who == NEW:
        who = arrivals.Newcomer(line.who, line.adults, line.children)
    else:
        who = int(each.who)
        known = {one.person_id: one.household_id for one in (*each.matched.exact, *each.matched.like)}
        usual = arrivals.usual_numbers(change.connection, known[who])
    return arrivals.write(
        change, session.id, who,
        arrivals.ThisTime(
            given,
            line.adults if line.adults is not None else usual[0],
            line.children if line.children is not None else usual[1],
            line.note,
        ),
    )  # fmt: skip


def _helped(line: pasted.Line) -> str:
    """Say how many were helped, adults and children as far as they are known: `2 + 1`."""
    numbers = (line.adults, line.children)
    if numbers == (None, None):
        return ""
    return " + ".join("?" if number is None else words.number(number) for number in numbers)
