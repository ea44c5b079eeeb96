"""What the desk and the paper have in common: people are found, seen, written down, listed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import arrivals, contacts, sessions
from cis_desktop.records.labels import Codes
from ui.desk import Desk
from ui.pages.sessions.card import GlanceCard, ThisTimeForm
from ui.pages.sessions.finder import Finder
from ui.pages.sessions.newcomer import NewcomerForm
from ui.pages.sessions.written import Waiting, Written, name_of
from ui.theme import SPACE
from ui.widgets.page import Deck, column, scrolled
from ui.widgets.words import button, heading, plain, row, saves

WIDEST = 100
"""Letters across one half, at most."""


class Entering(QWidget):
    """One session whose people are written down one after another. Writes are jobs: typing never waits for one."""

    left = Signal()
    again = Signal()
    """The session, or what everybody gets, is to be set anew."""
    one_by_one = False
    whole = True
    """All that is known of a person at a desk is seen; or else names, diet, delivery and visits only."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.session: sessions.Session | None = None
        self.usual: tuple[contacts.Given, ...] = ()
        self.codes = Codes(desk.workspace.read)
        self.waiting: dict[int, Waiting] = {}
        self.made: dict[int, arrivals.Made] = {}
        self.asked = 0
        self.landed = 0
        """The highest id among the visits that are known to be on the disk."""
        self.told: int | None = None
        """The visit that is said to be written down, once it is."""
        self.twice: int | None = None
        """Who would be written down a second time today by Enter once more."""
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget()
        lines = column(left)
        self.title = heading()
        self.count = plain(quiet=True)
        back = button(self.tr("&Back to sessions"))
        back.clicked.connect(self.left)
        again = button(self.tr("Change the place or the usual"))
        again.clicked.connect(self.again)
        self.top = row(back, again)
        self.written = Written(self.codes)
        self.written.take_back.connect(self.take_back)
        self.finder = Finder(self.desk, self.whole)
        self.finder.marked.connect(self._seen)
        self.finder.taken.connect(self.chosen)
        self.finder.nobody.connect(self.somebody_new)
        self.finder.take_back.connect(self.written.take_latest)
        lines.addWidget(self.title)
        lines.addWidget(self.count)
        lines.addWidget(self.finder)
        self.said = plain()
        lines.addWidget(self.said)
        lines.addWidget(self.written, 100)
        lines.addStretch(1)
        lines.addLayout(self.top)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.sides = scrolled(left), scrolled(self._right())
        for side in self.sides:
            whole.addWidget(side, 100)
        whole.addStretch(1)
        self._keep_narrow()
        # Tab leads from the name to what is written of this visit, and only then to what is there already.
        order = (
            self.finder.field, *self.newcomer.fields, *self.form.fields, self.form.usual, self.form.also,
            self.write_it, self.new, self.written.table, self.written.undo, back, again,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "sides"):
            self._keep_narrow()

    def _keep_narrow(self) -> None:
        """Let neither half be wider than can be taken in at a glance, however wide the window."""
        for side in self.sides:
            side.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST)

    def _right(self) -> QWidget:
        right = QWidget()
        lines = column(right)
        self.card = GlanceCard(self.desk, self.whole)
        self.newcomer = NewcomerForm()
        self.newcomer.done.connect(self.take_new)
        self.newcomer.left.connect(self._leave_new)
        self.cards = Deck()
        self.cards.add(self.card)
        self.cards.add(self.newcomer)
        lines.addWidget(self.cards)
        self.form = ThisTimeForm(self.one_by_one)
        self.form.done.connect(self._form_done)
        self.form.left.connect(self.finder.setFocus)
        lines.addWidget(self.form)
        self.write_it = saves(button(self.tr("&Write the visit"), main=True))
        self.write_it.clicked.connect(self._form_done)
        new = button(self.tr("&New here"), name=self.tr("Somebody new is here"))
        new.clicked.connect(lambda: self.somebody_new(self.finder.field.text().strip()))
        lines.addLayout(row(self.write_it, new))
        self.new = new
        self.below = QVBoxLayout()
        self.below.setSpacing(SPACE)
        lines.addLayout(self.below)
        lines.addStretch(1)
        return right

    # --- the session ----------------------------------------------------------------------------------------

    def begin(self, session_id: int, usual: tuple[contacts.Given, ...]) -> None:
        """Start on a session. Raises CisError `not_found`."""
        session = sessions.get(self.desk.workspace.read, session_id)
        if self.session is None or session.id != self.session.id:
            self.made.clear()
            self.waiting.clear()
            self.landed = 0
        self.session, self.usual = session, usual
        self.codes = Codes(self.desk.workspace.read)
        self.written.codes = self.codes
        self.form.offer(self.codes, usual)
        self.reload()
        self.next()

    def reload(self) -> None:
        """Read the session and the list again; what is being typed is left alone. Raises CisError `not_found`."""
        if self.session is None:
            return
        connection = self.desk.workspace.read
        self.session = sessions.get(connection, self.session.id)
        where = self.session.venue or self.tr("No place")
        self.title.setText(f"{where}, {words.day(self.session.on_date)}")
        self._show()

    def next(self) -> None:
        """Be ready for the next person."""
        self.twice = None
        self.form.begin()
        self.cards.see(self.card)
        self._with_newcomer(False)
        self.finder.clear()
        self.card.ask()

    def _show(self) -> None:
        if self.session is None:
            return
        connection = self.desk.workspace.read
        written = arrivals.at(connection, self.session.id)
        visits, people = arrivals.totals(connection, self.session.id)
        # What is on the disk already but not told yet is in the list: the oldest of those that wait.
        untold = sum(each.contact.id > self.landed for each in written) if self.waiting else 0
        waiting = list(self.waiting.values())[untold:]
        if not self.waiting:
            self.landed = max((each.contact.id for each in written), default=self.landed)
        if self.told is not None and all(each.contact.id != self.told for each in written):
            # It was undone: to say any longer that it is written down would be untrue.
            self.said.hide()
            self.told = None
        self.written.show_lines(waiting, written)
        self.count.setText(
            " · ".join(
                (
                    words.count(visits + len(waiting), self.tr("visit"), self.tr("visits")),
                    self.tr("%1 helped").replace("%1", words.count(people, self.tr("person"), self.tr("people"))),
                )
            )
        )

    # --- one person -----------------------------------------------------------------------------------------

    def _seen(self, person: arrivals.Known | None) -> None:
        """Show who is marked, before anything is written."""
        self.twice = None
        self.said.hide()
        if self.session is None:
            return
        self.cards.see(self.card)
        self._with_newcomer(False)
        if person is None:
            unmarked = self.tr("Choose somebody in the list, and they are shown here.")
            self.card.ask(unmarked if self.finder.rows.rowCount() else "")
            self.form.begin()
            return
        try:
            self.card.show_person(person, self.session, self._here(person))
        except CisError as error:
            self.trouble(error)
            return
        self.form.begin(*arrivals.usual_numbers(self.desk.workspace.read, person.household_id))

    def _here(self, person: arrivals.Known) -> str:
        """Say who of this household is written down for the day already; empty if nobody is."""
        assert self.session is not None
        for each in self.waiting.values():
            if each.person_id == person.person_id:
                return self.tr("Already here: being saved now")
            if each.household_id is not None and each.household_id == person.household_id:
                return self.tr("Same household: %1, being saved now").replace("%1", each.name)
        for found in arrivals.already(self.desk.workspace.read, self.session, person):
            at = self.tr("at %1").replace("%1", found.contact.at_time) if found.contact.at_time else ""
            if found.contact.person_id == person.person_id:
                return f"{self.tr('Already here on this day')} {at}".strip()
            return f"{self.tr('Same household, already here: %1').replace('%1', found.name)} {at}".strip()
        return ""

    def chosen(self, person: arrivals.Known) -> None:
        """Enter was pressed on a person in the list."""
        self.take(person)

    def take(self, person: arrivals.Known) -> None:
        """Write the visit of a known person; a second one on one day only when asked for twice."""
        here = self._here(person)
        if here and self.twice != person.person_id:
            self.twice = person.person_id
            self._say(self.tr("%1. Press Enter once more to write another visit.").replace("%1", here))
            self.finder.field.selectAll()  # Whoever types the next name without looking begins it anew.
            return
        self._write(person.person_id, person.name, person.household_id)

    def take_new(self, newcomer: arrivals.Newcomer) -> None:
        """Write somebody new with their household and their visit."""
        try:
            arrivals.check(newcomer)
        except CisError as error:
            self.trouble(error)
            return
        self.form.adults.set_number(newcomer.adults)
        self.form.young.set_number(newcomer.children)
        self._write(newcomer, newcomer.name.strip() or self.tr("Somebody new"), None)

    def somebody_new(self, name: str) -> None:
        """Begin on somebody who is not known, with the words that found nobody."""
        digits = any(letter.isdigit() for letter in name)
        self.cards.see(self.newcomer)
        self._with_newcomer(True)
        self.newcomer.begin(arrivals.Newcomer(name="" if digits else name, postcode=name if digits else ""))

    def _leave_new(self) -> None:
        self.newcomer.begin(arrivals.Newcomer())
        self.cards.see(self.card)
        self._with_newcomer(False)
        self.finder.setFocus()

    def _with_newcomer(self, on: bool) -> None:
        """The newcomer's own form counts who lives there and has its own way to save."""
        self.form.numbers.setVisible(not on)
        self.write_it.setVisible(not on)
        self.new.setVisible(not on)

    def _form_done(self) -> None:
        person = self.finder.current()
        if self.cards.seen() is self.newcomer:
            self.take_new(self.newcomer.newcomer())
        elif person is not None:
            self.take(person)
        else:
            self.finder.setFocus()

    def _write(self, who: int | arrivals.Newcomer, name: str, household_id: int | None) -> None:
        session, self.asked = self.session, self.asked + 1
        assert session is not None
        this_time = arrivals.ThisTime(
            given=self.form.given(self.usual),
            adults=self.form.adults.number(),
            children=self.form.young.number(),
            note=self.form.note.text(),
            at_time=self._clock(session.on_date),
        )
        mark = self.asked
        self.waiting[mark] = Waiting(name, who if isinstance(who, int) else None, household_id, this_time.given)

        def work(change: Any) -> arrivals.Made:
            return arrivals.write(change, session.id, who, this_time)

        def done(made: arrivals.Made) -> None:
            was = self.waiting.pop(mark, None)
            self.made[made.contact_id] = made
            self.landed = max(self.landed, made.contact_id)
            if not self.waiting:
                self.told = made.contact_id
            if was is not None and was.take_back:
                self._take_back(made)
            self._show()

        def failed(error: Exception) -> None:
            self.waiting.pop(mark, None)
            self._show()
            self._say(self.tr("The visit of %1 was not written down.").replace("%1", name))
            if isinstance(who, arrivals.Newcomer) and self.newcomer.newcomer() == arrivals.Newcomer():
                self.cards.see(self.newcomer)
                self._with_newcomer(True)
                self.newcomer.begin(who)
            self.trouble(error)

        self.desk.write(self, self.tr("Added a visit"), work, done, failed)
        if isinstance(who, arrivals.Newcomer):
            self.newcomer.begin(arrivals.Newcomer())
        self._show()
        self.next()
        self._say(self.tr("Written down: %1").replace("%1", name))

    def _clock(self, day: str) -> str | None:
        return arrivals.clock(day, datetime.now().isoformat())

    def _say(self, sentence: str) -> None:
        self.told = None
        self.said.setText(sentence)
        self.said.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    # --- taking back ----------------------------------------------------------------------------------------

    def take_back(self, line: Waiting | arrivals.Arrival) -> None:
        """Take one line back; one that is still being saved, as soon as it is."""
        if isinstance(line, Waiting):
            mark = next(mark for mark, one in self.waiting.items() if one is line)
            self.waiting[mark] = replace(line, take_back=True)
        else:
            self._take_back(self.made.get(line.contact.id, arrivals.Made(line.contact.id)))
        self._say(self.tr("Taken back: %1").replace("%1", name_of(line)))
        self.finder.setFocus()

    def _take_back(self, made: arrivals.Made) -> None:
        self.desk.write(
            self, self.tr("Took back a visit"), lambda change: arrivals.take_back(change, made),
            lambda _: self._show(), self.trouble,
        )  # fmt: skip

    # --- drafts ---------------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        """Give which session is open and what is half typed; empty where none is open."""
        if self.session is None:
            return {}
        new = self.newcomer.draft() if self.cards.seen() is self.newcomer else {}
        marked = self.finder.current()
        return {
            "session": self.session.id, "find": self.finder.field.text(), "new": new,
            "person": marked.person_id if marked else None, "note": self.form.note.text(),
            "adults": self.form.adults.number(), "children": self.form.young.number(),
            "usual": self.form.usual.isChecked(), "also": self.form.also.key(),
        }  # fmt: skip

    def restore(self, draft: dict[str, Any], usual: tuple[contacts.Given, ...]) -> None:
        """Open the session again and put back what was half typed. Raises CisError `not_found`."""
        self.begin(draft["session"], usual)
        self.finder.field.setText(draft["find"])
        self.finder.mark_person(draft["person"])
        if draft["new"]:
            self.cards.see(self.newcomer)
            self._with_newcomer(True)
            self.newcomer.begin(arrivals.Newcomer(**draft["new"]))
        self.form.note.setText(draft["note"])
        self.form.adults.set_number(draft["adults"])
        self.form.young.set_number(draft["children"])
        self.form.usual.setChecked(draft["usual"])
        self.form.also.choose(draft["also"])
