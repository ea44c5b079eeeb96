"""Sessions: a head-count in two fields, the list of those that were, and the ways to write people down at one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QSplitter, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import arrivals, contacts, sessions
from ui.desk import Desk
from ui.models.rows import Rows
from ui.pages.sessions.begin import BeginForm, usual_items
from ui.pages.sessions.desk import DeskView
from ui.pages.sessions.entering import Entering
from ui.pages.sessions.paper import PaperView
from ui.pages.sessions.pasting import PasteForm
from ui.theme import SPACE
from ui.widgets.fields import Form, Number, day_field, day_of, line, set_day, several_lines
from ui.widgets.lists import Table
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.words import button, heading, plain, row, saves

WIDEST = 110
"""Letters: no form is wider than this, however wide the window."""


class SessionsPage(Page):
    """The sessions and the form for one; in place of both, while people arrive, the desk or the paper."""

    shows = frozenset({"sessions", "contacts", "given", "people"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.session_id: int | None = None
        self.before: dict[str, Any] = {}
        self.handing = False
        """The desk is set up for volunteers, who get it once it is."""
        self.by_name: dict[int, int] = {}
        """Visits written down by name, by session, of those that are listed."""
        self.rows = Rows(
            [
                (self.tr("Date"), lambda each: words.day(each.on_date)),
                (self.tr("Where"), lambda each: each.venue or ""),
                (self.tr("Heads"), _heads),
                (self.tr("By name"), lambda each: _count(self.by_name.get(each.id))),
            ],
            self._more,
            numbers=(2, 3),
        )
        self.table = Table(self.rows, self.tr("Sessions"), stretch=1, folds=12)
        self.table.opened.connect(lambda each: self.show_session(each.id))
        left = QWidget()
        lines = column(left)
        lines.addWidget(heading(self.tr("Sessions")))
        self.blank = plain(self.tr("No session yet. Open the desk when people arrive, or count heads without names."))
        lines.addWidget(self.blank)
        lines.addWidget(self.table, 100)
        new = button(self.tr("&New head-count"))
        new.clicked.connect(lambda: self.open(("new", None)))
        desk_button = button(self.tr("Open the des&k"), main=True, name=self.tr("Open the desk for people who arrive"))
        desk_button.clicked.connect(lambda: self.open(("desk", self.session_id)))
        paper = button(self.tr("Enter from &paper"))
        paper.clicked.connect(lambda: self.open(("paper", self.session_id)))
        hand = button(self.tr("&Hand over to volunteers"))
        hand.clicked.connect(lambda: self.open(("hand", self.session_id)))
        lines.addLayout(row(desk_button, paper, new, hand))
        lines.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(scrolled(self._form()))
        split.setSizes([560, 440])
        self.split = split
        self.parts = Deck()
        self.parts.add(split)
        self._add_ways()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        top.addWidget(self.notice)
        whole.addLayout(top)
        whole.addWidget(self.parts, 1)
        self.reload()
        self.begin(None)

    def _add_ways(self) -> None:
        """Add what is seen while people are written down at a session."""
        self.begin_form = BeginForm(self.desk, self.trouble)
        inside = QWidget()
        column(inside).addWidget(self.begin_form)
        self.begin_form.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST)
        self.beginning = scrolled(inside)
        self.front_desk = DeskView(self.desk, self.trouble)
        self.paper = PaperView(self.desk, self.trouble)
        self.paste_form = PasteForm(self.desk, self.trouble)
        self.pasting = scrolled(self.paste_form)
        self.next_way: Entering = self.front_desk
        for part in (self.beginning, self.front_desk, self.paper, self.pasting):
            self.parts.add(part)
        self.begin_form.begun.connect(self._begun)
        self.begin_form.left.connect(self._leave)
        for way in (self.front_desk, self.paper):
            way.left.connect(self._leave)
            way.again.connect(lambda way=way: self._set_up(way, way.session))
        self.paper.paste.connect(self._paste)
        self.paste_form.left.connect(lambda: self._see(self.paper))
        self.paste_form.saved.connect(self._pasted)

    def _form(self) -> QWidget:
        right = QWidget()
        lines = column(right)
        self.title = heading()
        self.known = plain(quiet=True)
        lines.addWidget(self.title)
        lines.addWidget(self.known)
        form = Form()
        self.day = day_field()
        form.field(self.tr("&Date"), self.day)
        self.venue = line()
        form.field(self.tr("&Where"), self.venue)
        self.adults = Number()
        form.field(self.tr("Ad&ults"), self.adults, self.tr("How many came. Leave it empty if nobody counted."))
        self.children = Number()
        form.field(self.tr("&Children"), self.children)
        self.note = several_lines()
        self.note.setMaximumHeight(2 * self.note.minimumHeight())
        form.field(self.tr("No&te"), self.note)
        lines.addLayout(form)
        self.save = saves(button(self.tr("&Save the head-count"), main=True))
        self.save.clicked.connect(self.store)
        lines.addLayout(row(self.save))
        lines.addStretch(1)
        return right

    def begin(self, session: sessions.Session | None) -> None:
        """Start on a new head-count, or on correcting a known one."""
        self.notice.clear()
        self.session_id = session.id if session else None
        connection = self.desk.workspace.read
        self.title.setText(
            self.tr("Session %1").replace("%1", session.reference) if session else self.tr("A new head-count")
        )
        known = len(contacts.at_session(connection, session.id)) if session else 0
        self.known.setText(
            self.tr("%1 written down by name as well").replace("%1", words.count(known, self.tr("visit")))
        )
        self.known.setVisible(bool(known))
        if session:
            set_day(self.day, session.on_date)
        self.venue.setText(session.venue or "" if session else "")
        self.venue.setCompleter(QCompleter(sessions.venues(connection), self.venue))
        self.adults.set_number(session.adults if session else None)
        self.children.set_number(session.children if session else None)
        self.note.setPlainText(session.note or "" if session else "")
        self.before = self._values()

    def show_session(self, session_id: int) -> None:
        """Show one session."""
        try:
            self.begin(sessions.get(self.desk.workspace.read, session_id))
        except CisError as error:
            self.trouble(error)

    def _values(self) -> dict[str, Any]:
        return {
            "on_date": day_of(self.day).isoformat(),
            "venue": self.venue.text(),
            "adults": self.adults.number(),
            "children": self.children.number(),
            "note": self.note.toPlainText(),
        }

    def store(self) -> None:
        """Save the head-count."""
        values, session_id = self._values(), self.session_id
        self.save.setEnabled(False)

        def work(change: Any) -> None:
            if session_id is None:
                sessions.add(change, **values)
            else:
                sessions.edit(change, session_id, **values)

        def done(_: None) -> None:
            self.save.setEnabled(True)
            self.begin(None)
            self.venue.setText(values["venue"])
            self.before = self._values()
            self.day.setFocus()

        def failed(error: Exception) -> None:
            self.save.setEnabled(True)
            self.trouble(error)

        words_for_it = self.tr("Counted a session") if session_id is None else self.tr("Corrected a session")
        self.desk.write(self, words_for_it, work, done, failed)

    def open(self, what: object) -> None:
        """Begin or show: ("new", None), ("show", its id), or ("desk"|"paper"|"hand", a session's id or None)."""
        assert isinstance(what, tuple)
        if what[0] == "hand" and self.parts.seen() is self.front_desk and self.front_desk.session is not None:
            self.desk.hand_over.emit(self.front_desk.session.id, self.front_desk.usual)
        elif what[0] in ("desk", "paper", "hand"):
            way: Entering = self.paper if what[0] == "paper" else self.front_desk
            self.handing = what[0] == "hand"
            try:
                known = sessions.get(self.desk.workspace.read, what[1]) if what[1] is not None else None
            except CisError as error:
                self.trouble(error)
                return
            self._set_up(way, known)
        elif what[0] == "show":
            self._leave()
            self.show_session(what[1])
        else:
            self._leave()
            if self.session_id is not None:
                self.begin(None)
            self.day.setFocus()

    # --- people at a session --------------------------------------------------------------------------------

    def _set_up(self, way: Entering, session: sessions.Session | None) -> None:
        self.next_way = way
        self._see(self.beginning)
        if way is self.paper:
            self.begin_form.begin(
                self.tr("Enter from paper"), self.tr("When and where were these sheets filled in?"), session
            )
        elif self.handing:
            hint = self.tr("Set this for them. Then each chooses their name and types their PIN.")
            self.begin_form.begin(self.tr("Hand over to volunteers"), hint, session)
        else:
            hint = self.tr("Set this once. Then it is a few letters and Enter for each.")
            self.begin_form.begin(self.tr("Open the desk"), hint, session)

    def _begun(self, session_id: int, usual: tuple[contacts.Given, ...]) -> None:
        way = self.next_way
        try:
            way.begin(session_id, usual)
        except CisError as error:
            self.trouble(error)
            return
        self._see(way)
        way.finder.setFocus()
        if self.handing:
            self.handing = False
            self.desk.hand_over.emit(session_id, usual)

    def _see(self, part: QWidget) -> None:
        self.notice.clear()
        self.parts.see(part)

    def _leave(self) -> None:
        """Go back to the list; what was open at the desk is closed."""
        if self.parts.seen() is not self.split:
            self._see(self.split)
            self.front_desk.session = self.paper.session = None
            self.reload()
            self.table.setFocus()

    def _paste(self) -> None:
        assert self.paper.session is not None
        self._see(self.pasting)
        self.paste_form.begin(self.paper.session, self.paper.usual)

    def _pasted(self, made: list[arrivals.Made]) -> None:
        self.paper.was_pasted(made)
        self._see(self.paper)
        self.reload()
        self.paper.next()

    # --- live, drafts ---------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list again, or the people at the session that is open."""
        seen = self.parts.seen()
        if isinstance(seen, Entering):
            try:
                seen.reload()
            except CisError as error:
                self._leave()
                self.trouble(error)
            return
        self.by_name.clear()
        self.rows.read()
        empty = self.rows.rowCount() == 0
        self.blank.setVisible(empty)
        self.table.setVisible(not empty)

    def _more(self, last: sessions.Session | None, limit: int) -> list[sessions.Session]:
        before = (last.on_date, last.id) if last else None
        found = sessions.page(self.desk.workspace.read, before, limit)
        self.by_name |= sessions.by_name(self.desk.workspace.read, [each.id for each in found])
        return found

    def drafts(self) -> dict[str, Any]:
        """Give the form where it differs from what is saved."""
        values, seen = self._values(), self.parts.seen()
        found: dict[str, Any] = {}
        if values != self.before:
            found = {"session": self.session_id, "values": values}
        for name, way in (("desk", self.front_desk), ("paper", self.paper)):
            if seen is way or (way is self.paper and seen is self.pasting):
                found[name] = way.draft()
        if seen is self.beginning and (begun := self.begin_form.draft()):
            found["begin"] = {"way": "paper" if self.next_way is self.paper else "desk", **begun}
        if seen is self.pasting and (text := self.paste_form.text.toPlainText()):
            found["pasted"] = text
        return found

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the form back, and the desk or the paper that was open."""
        if "values" in drafts:
            self._restore_form(drafts)
        usual = usual_items(self.desk.workspace.read)
        for name, way in (("desk", self.front_desk), ("paper", self.paper)):
            if name in drafts:
                self._see(way)
                try:
                    way.restore(drafts[name], usual)
                except CisError as error:
                    self._leave()
                    self.trouble(error)
        if "begin" in drafts:
            self._set_up(self.paper if drafts["begin"]["way"] == "paper" else self.front_desk, None)
            self.begin_form.restore(drafts["begin"])
        if "pasted" in drafts and self.paper.session is not None:
            self.paste_form.text.setPlainText(drafts["pasted"])
            self._paste()

    def _restore_form(self, drafts: dict[str, Any]) -> None:
        if drafts["session"] is not None:
            self.show_session(drafts["session"])
        values = drafts["values"]
        set_day(self.day, values["on_date"])
        self.venue.setText(values["venue"])
        self.adults.set_number(values["adults"])
        self.children.set_number(values["children"])
        self.note.setPlainText(values["note"])


def _heads(session: sessions.Session) -> str:
    counted = [number for number in (session.adults, session.children) if number is not None]
    return words.number(sum(counted)) if counted else ""


def _count(number: int | None) -> str:
    return "" if number is None else words.number(number)
