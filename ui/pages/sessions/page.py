"""Sessions: a head-count in two fields, and the list of those that were."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSplitter, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from cis_desktop.records import contacts, sessions
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.fields import Form, Number, day_field, day_of, line, set_day, several_lines
from ui.widgets.lists import Table
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import button, heading, plain, row, saves


class SessionsPage(Page):
    """The sessions, and the form for one."""

    shows = frozenset({"sessions", "contacts"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.session_id: int | None = None
        self.before: dict[str, Any] = {}
        self.rows = Rows(
            [
                (self.tr("Date"), lambda each: words.day(each.on_date)),
                (self.tr("Where"), lambda each: each.venue or ""),
                (self.tr("Adults"), lambda each: _count(each.adults)),
                (self.tr("Children"), lambda each: _count(each.children)),
            ],
            self._more,
            numbers=(2, 3),
        )
        self.table = Table(self.rows, self.tr("Sessions"), stretch=1)
        self.table.opened.connect(lambda each: self.show_session(each.id))
        left = QWidget()
        lines = column(left)
        lines.addWidget(heading(self.tr("Sessions")))
        self.blank = plain(self.tr("No session has been counted yet. Fill in the form to count the first."))
        lines.addWidget(self.blank)
        lines.addWidget(self.table, 1)
        new = button(self.tr("&New head-count"))
        new.clicked.connect(lambda: self.open(("new", None)))
        lines.addLayout(row(new))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(scrolled(self._form()))
        split.setSizes([480, 520])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.reload()
        self.begin(None)

    def _form(self) -> QWidget:
        right = QWidget()
        lines = column(right)
        lines.addWidget(self.notice)
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
        """Begin or show: ("new", None) or ("show", the session's id)."""
        assert isinstance(what, tuple)
        if what[0] == "show":
            self.show_session(what[1])
        else:
            if self.session_id is not None:
                self.begin(None)
            self.day.setFocus()

    def reload(self) -> None:
        """Read the list again."""
        self.rows.read()
        empty = self.rows.rowCount() == 0
        self.blank.setVisible(empty)
        self.table.setVisible(not empty)

    def _more(self, last: sessions.Session | None, limit: int) -> list[sessions.Session]:
        before = (last.on_date, last.id) if last else None
        return sessions.page(self.desk.workspace.read, before, limit)

    def drafts(self) -> dict[str, Any]:
        """Give the form where it differs from what is saved."""
        values = self._values()
        return {"session": self.session_id, "values": values} if values != self.before else {}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the form back."""
        if drafts["session"] is not None:
            self.show_session(drafts["session"])
        values = drafts["values"]
        set_day(self.day, values["on_date"])
        self.venue.setText(values["venue"])
        self.adults.set_number(values["adults"])
        self.children.set_number(values["children"])
        self.note.setPlainText(values["note"])


def _count(number: int | None) -> str:
    return "" if number is None else words.number(number)
