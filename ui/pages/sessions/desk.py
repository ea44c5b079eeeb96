"""The session desk: a few letters, Enter, the next one; beside it a head-count and a line for what was noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cis_desktop.records import contacts, observations, sessions
from ui.desk import Desk
from ui.pages.sessions.card import beside
from ui.pages.sessions.entering import Entering
from ui.theme import SPACE
from ui.widgets.fields import Number, line
from ui.widgets.words import heading, plain

SOON = 800
"""Milliseconds after the last key before a head-count is saved."""


class DeskView(Entering):
    """Forty visits in a row, by keyboard alone."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__(desk, trouble)
        self.counted: tuple[int | None, int | None] = (None, None)
        self.below.addSpacing(SPACE)
        self.below.addWidget(heading(self.tr("Everybody who came, without names"), 2))
        self.all_adults, self.all_children = Number(), Number()
        fields = QWidget()
        beside(
            fields,
            (self.tr("Adults"), self.tr("All adults counted"), self.all_adults),
            (self.tr("Children"), self.tr("All children counted"), self.all_children),
        )
        self.below.addWidget(fields)
        label = plain(self.tr("So&mething noticed? A line, then Enter"))
        self.noticed = line(2000)
        label.setBuddy(self.noticed)
        self.noticed.setAccessibleName(self.tr("Something noticed"))
        self.noticed.returnPressed.connect(self.note_it)
        self.below.addWidget(label)
        self.below.addWidget(self.noticed)
        self._soon = QTimer(self, interval=SOON, singleShot=True)
        self._soon.timeout.connect(self.save_counts)
        for number in (self.all_adults, self.all_children):
            number.valueChanged.connect(lambda _: self._soon.start())
            number.editingFinished.connect(self.save_counts)

    def begin(self, session_id: int, usual: tuple[contacts.Given, ...]) -> None:
        """Start on a session. Raises CisError `not_found`."""
        super().begin(session_id, usual)
        self._show_counts()

    def reload(self) -> None:
        """Read again; a count that is being typed is left alone."""
        super().reload()
        if not self._soon.isActive() and self._counts() == self.counted:
            self._show_counts()

    def _show_counts(self) -> None:
        assert self.session is not None
        for number, value in ((self.all_adults, self.session.adults), (self.all_children, self.session.children)):
            number.blockSignals(True)
            number.set_number(value)
            number.blockSignals(False)
        self.counted = self._counts()

    def _counts(self) -> tuple[int | None, int | None]:
        return self.all_adults.number(), self.all_children.number()

    def save_counts(self) -> None:
        """Save the head-count if it differs from what is saved."""
        self._soon.stop()
        counts, session = self._counts(), self.session
        if session is None or counts == self.counted:
            return
        before, self.counted = self.counted, counts

        def failed(error: Exception) -> None:
            self.counted = before
            self.trouble(error)

        self.desk.write(
            self, self.tr("Counted a session"),
            lambda change: sessions.edit(change, session.id, adults=counts[0], children=counts[1]),
            lambda _: None, failed,
        )  # fmt: skip

    def note_it(self) -> None:
        """Write down what was noticed, at this session, and be ready for the next line."""
        text, session = self.noticed.text().strip(), self.session
        if not text or session is None:
            return
        self.noticed.clear()

        def failed(error: Exception) -> None:
            self.noticed.setText(self.noticed.text() or text)
            self.trouble(error)

        self.desk.write(
            self, self.tr("Noticed something"),
            lambda change: observations.add(
                change, text, session.on_date, place=session.venue, ward=session.ward, session_id=session.id
            ),
            lambda _: self._say(
                self.tr("Written down. Themes can wait: they are put on at “Noticed”.")
                if self.whole
                else self.tr("Written down.")
            ),
            failed,
        )  # fmt: skip

    def draft(self) -> dict[str, Any]:
        """Give which session is open and what is half typed."""
        kept = super().draft()
        return {**kept, "noticed": self.noticed.text(), "counts": list(self._counts())} if kept else {}

    def restore(self, draft: dict[str, Any], usual: tuple[contacts.Given, ...]) -> None:
        """Open the session again and put back what was half typed. Raises CisError `not_found`."""
        super().restore(draft, usual)
        self.noticed.setText(draft["noticed"])
        self.all_adults.set_number(draft["counts"][0])
        self.all_children.set_number(draft["counts"][1])
