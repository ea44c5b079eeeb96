"""Where and when, and what everybody gets: set once, then people are written down one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from cis_desktop.decoding import from_json
from cis_desktop.local_notes import note, noted
from cis_desktop.records import contacts, sessions
from cis_desktop.records.labels import Codes
from ui.desk import Desk
from ui.widgets.fields import Form, day_field, day_of, line, set_day
from ui.widgets.given import PARCEL, PARCEL_DAYS, GivenRow
from ui.widgets.words import button, heading, plain, row, saves

if TYPE_CHECKING:
    from cis_desktop.vault.history import Change
    from cis_desktop.vault.tables import Connection

NOTE = "usual items"
"""The local note in which what everybody gets is kept for next time, on this laptop."""
MOST = 4
"""Things everybody may get."""
FIRST_TIME = (contacts.Given(PARCEL, quantity=1, unit="item", parcel_days=PARCEL_DAYS),)


def usual_items(connection: Connection) -> tuple[contacts.Given, ...]:
    """Give what everybody got last time, or a food parcel where there was no last time."""
    kept = noted(connection, NOTE)
    return from_json(kept, tuple[contacts.Given, ...]) if kept else FIRST_TIME


def keep_usual_items(change: Change, given: Sequence[contacts.Given]) -> None:
    """Keep what everybody gets for next time, on this laptop."""
    note(change.connection, NOTE, msgspec.json.encode(given).decode())


class BeginForm(QWidget):
    """The form that is filled in once per session."""

    begun = Signal(int, object)
    """The id of the session, and what everybody gets."""
    left = Signal()

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.before: dict[str, Any] = {}
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading()
        self.hint = plain(quiet=True)
        lines.addWidget(self.title)
        lines.addWidget(self.hint)
        form = Form()
        self.day = day_field()
        form.field(self.tr("&Date"), self.day)
        self.venue = line()
        form.field(self.tr("&Where"), self.venue)
        form.addWidget(plain(self.tr("What does everybody get? You can leave it out or add to it for each person.")))
        self.rows = [GivenRow(at + 1) for at in range(MOST)]
        for each in self.rows:
            form.addWidget(each)
            each.item.currentIndexChanged.connect(self._fit)
        form.addSpacing(10)
        lines.addLayout(form)
        self.start = saves(button(self.tr("&Start"), main=True, name=self.tr("Start writing people down")))
        self.start.clicked.connect(self.begin_now)
        leave = button(self.tr("&Leave it"), name=self.tr("Leave this and go back to the sessions"))
        leave.clicked.connect(self.left)
        lines.addLayout(row(self.start, leave))
        lines.addStretch(1)
        self.venue.returnPressed.connect(self.start.click)

    def begin(self, title: str, hint: str, session: sessions.Session | None) -> None:
        """Start on a session that is known, or on today's at the place that is used most."""
        connection = self.desk.workspace.read
        self.title.setText(title)
        self.hint.setText(hint)
        venues = sessions.venues(connection)
        completer = QCompleter(venues, self.venue)
        completer.setCaseSensitivity(completer.caseSensitivity().CaseInsensitive)
        self.venue.setCompleter(completer)
        if session is not None:
            set_day(self.day, session.on_date)
            self.venue.setText(session.venue or "")
        else:
            self.day.setDate(day_field().date())
            today = sessions.on_day(connection, day_of(self.day))
            self.venue.setText((today[0].venue or "") if today else venues[0] if venues else "")
        codes = Codes(connection)
        known = {key for key, _ in codes.options("item")}
        usual = [each for each in usual_items(connection) if each.item in known]
        for each in self.rows:
            each.item.offer([(None, self.tr("Nothing")), *codes.options("item")])
            each.put("", 1, 0, PARCEL_DAYS)
        for each, thing in zip(self.rows, usual, strict=False):
            each.put(thing.item, thing.quantity or 1, (thing.pence or 0) / 100, thing.parcel_days or PARCEL_DAYS)
        self._fit()
        self.before = self._values()
        self.venue.setFocus()
        self.venue.selectAll()

    def begin_now(self) -> None:
        """Find or add the session, and go on to the people."""
        day, venue = day_of(self.day), self.venue.text()
        given = tuple(thing for each in self.rows if (thing := each.thing()) is not None)
        self.start.setEnabled(False)

        def work(change: Any) -> int:
            keep_usual_items(change, given)
            return sessions.begin(change, day, venue)

        def done(session_id: int) -> None:
            self.start.setEnabled(True)
            self.begun.emit(session_id, given)

        def failed(error: Exception) -> None:
            self.start.setEnabled(True)
            self.trouble(error)

        self.desk.write(self, self.tr("Began a session"), work, done, failed)

    def _values(self) -> dict[str, Any]:
        rows = [[each.item.key(), each.many.value(), each.pounds.value(), each.days.value()] for each in self.rows]
        return {"day": day_of(self.day).isoformat(), "venue": self.venue.text(), "rows": rows}

    def draft(self) -> dict[str, Any]:
        """Give what is filled in where it differs from how the form began; empty when nothing does."""
        values = self._values()
        return values if values != self.before else {}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back, after `begin`."""
        set_day(self.day, draft["day"])
        self.venue.setText(draft["venue"])
        for each, (item, many, pounds, days) in zip(self.rows, draft["rows"], strict=False):
            each.put(item or "", many, pounds, days)

    def _fit(self) -> None:
        """Show one empty row more than are filled."""
        filled = [each for each in self.rows if each.item.key()]
        for at, each in enumerate(self.rows):
            each.setVisible(at <= len(filled) or bool(each.item.key()))
