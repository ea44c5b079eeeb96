"""The desk in the hands of volunteers: a name and a PIN, then names, diet, delivery and visits, and nothing else.

They also count heads, note what they noticed, and write a safeguarding concern, none of which they can read elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRegularExpression, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cis_desktop import volunteers
from cis_desktop.records import arrivals
from cis_desktop.volunteers import Tries, Volunteer
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.pages.sessions.desk import DeskView
from ui.pages.sessions.written import Waiting
from ui.theme import COLUMN, SPACE
from ui.widgets.concern import WritingPart
from ui.widgets.fields import Form, line
from ui.widgets.lists import Table
from ui.widgets.page import Deck, Page, column, scrolled
from ui.widgets.passphrase import Secret
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.concern_drafts import DeskDrafts
    from cis_desktop.records.contacts import Given
    from cis_desktop.vault.tables import Connection

SECOND = 1000
SEEN = 8
"""Names seen at once."""


class VolunteersDesk(DeskView):
    """The desk without what is not for volunteers, and where each can take back only what they wrote."""

    whole = False

    def __init__(self, desk: Desk, trouble: Any) -> None:
        super().__init__(desk, trouble)
        for at in range(self.top.count()):
            self.top.itemAt(at).widget().hide()

    def take_over(self) -> None:
        """Begin with somebody else: what was written before is no longer theirs to take back."""
        self.made.clear()
        self.noticed.setText("")
        self.next()

    def leave_off(self) -> None:
        """Save what is counted and noted under the name of whoever typed it, before somebody else does."""
        self.save_counts()
        self.note_it()

    def take_back(self, line: Waiting | arrivals.Arrival) -> None:
        """Take a visit back that was written under this name since the PIN was typed."""
        if isinstance(line, arrivals.Arrival) and line.contact.id not in self.made:
            self._say(self.tr("Somebody else wrote that, so it stays. Ask whoever handed over the desk."))
            return
        super().take_back(line)

    def half_written(self) -> bool:
        """Say whether a name or something about a visit is typed that is not saved."""
        new = self.newcomer.draft() if self.cards.seen() is self.newcomer else {}
        typed = self.finder.field.text() or self.form.note.text() or self.noticed.text() or new
        return bool(typed) or self._counts() != self.counted


class HandedPage(Page):
    """All that is seen of the record while volunteers have the desk."""

    back = Signal(str)
    """Somebody wants the desk back: the passphrase they typed."""

    def __init__(self, desk: Desk, drafts: DeskDrafts) -> None:
        """Make the page; `drafts` are what volunteers had half written when the desk was taken back or locked."""
        super().__init__(desk)
        self.sealed = drafts
        self.tries = Tries()
        self.volunteer: Volunteer | None = None
        self._wait = 0
        self._clock = QTimer(self, interval=SECOND)
        self._clock.timeout.connect(self._tick)
        self.who = plain(quiet=True)
        self.other = button(self.tr("Some&body else writes now"))
        self.other.clicked.connect(self.ask_who)
        self.concern = button(self.tr("A safeguarding concern…"))
        self.concern.clicked.connect(self.write_concern)
        self.take = button(self.tr("Ta&ke the desk back…"))
        self.take.clicked.connect(self.ask_back)
        self.half: dict[int, dict[str, Any]] = {}
        """Concerns that are half written, by volunteer: while they have the desk only in memory, and theirs to see."""
        top = QVBoxLayout()
        top.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 0)
        self.top = row(self.concern, self.other, self.take)
        for part in (self.who, self.notice):
            top.addWidget(part)
        self.deck = Deck()
        self.choosing, self.writing = self._choosing(), VolunteersDesk(desk, self.trouble)
        self.concerning, self.leaving = self._concerning(), self._leaving()
        for each in (self.choosing, self.writing, self.concerning, self.leaving):
            self.deck.add(each)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.deck, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        foot.addLayout(self.top)
        whole.addLayout(foot)

    def _choosing(self) -> QWidget:
        part = QWidget()
        lines = column(part)
        lines.addWidget(heading(self.tr("Who is at the desk?")))
        lines.addWidget(plain(self.tr("Choose your name, type your PIN, and press Enter.")))
        self.rows = Rows([(self.tr("Name"), lambda each: each.name)])
        self.names = Table(self.rows, self.tr("Volunteers"), stretch=0)
        self.names.setMaximumWidth(COLUMN)
        self.names.selectionModel().currentRowChanged.connect(lambda: self._chosen())
        self.names.opened.connect(lambda _: self.pin.setFocus())
        lines.addWidget(self.names)
        form = Form()
        self.pin = line(volunteers.MOST)
        self.pin.setMaximumWidth(COLUMN // 3)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.pin.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.pin.returnPressed.connect(self.try_pin)
        form.field(self.tr("Your &PIN"), self.pin)
        lines.addLayout(form)
        self.start = button(self.tr("&Start writing"), main=True)
        self.start.clicked.connect(self.try_pin)
        lines.addLayout(row(self.start))
        self.said = plain()
        lines.addWidget(self.said)
        lines.addStretch(1)
        return scrolled(part)

    def _concerning(self) -> QWidget:
        part = QWidget()
        lines = column(part)
        lines.addWidget(heading(self.tr("A safeguarding concern")))
        lines.addWidget(
            plain(
                self.tr(
                    "Save it before you leave the laptop. What is not saved comes back at this desk after your PIN, "
                    "and to nobody else. It is gone when the app is closed."
                )
            )
        )
        self.form = WritingPart(self.desk, self.trouble, volunteer=True)
        self.form.home.connect(self.go_on)
        lines.addWidget(self.form)
        self.away = button(self.tr("Go back to the v&isits"))
        self.away.clicked.connect(self.go_on)
        lines.addLayout(row(self.away))
        lines.addStretch(1)
        return scrolled(part)

    def _leaving(self) -> QWidget:
        part = QWidget()
        lines = column(part)
        lines.addWidget(heading(self.tr("Take the desk back")))
        lines.addWidget(
            plain(self.tr("The rest of the record shows again. From then on changes are written under your name."))
        )
        form = Form()
        self.secret = Secret(form, self.tr("Your &passphrase"))
        self.secret.field.setMaximumWidth(COLUMN)
        self.secret.field.returnPressed.connect(self.give_back)
        lines.addLayout(form)
        self.give = button(self.tr("Ta&ke it back"), main=True)
        self.give.clicked.connect(self.give_back)
        stay = button(self.tr("&Not now"), name=self.tr("Not now: stay at the desk"))
        stay.clicked.connect(self.stay)
        lines.addLayout(row(self.give, stay))
        lines.addStretch(1)
        return scrolled(part)

    # --- who writes -----------------------------------------------------------------------------------------

    def begin(self, session_id: int, usual: tuple[Given, ...]) -> None:
        """Start at a session, with nobody's name yet. Raises CisError `not_found`."""
        self.writing.begin(session_id, usual)
        self.rows.show(volunteers.listed(self.desk.workspace.read))

    def ask_who(self) -> None:
        """Ask for a name and a PIN; nothing of the record is seen meanwhile."""
        self._leave_off()
        self.volunteer = None
        self.desk.workspace.who = ""
        self.notice.clear()
        self.pin.clear()
        self._see(self.choosing)
        self.names.fit_rows(min(SEEN, max(2, self.rows.rowCount())))
        self.names.setFocus()
        self._chosen()

    def _see(self, part: QWidget) -> None:
        self.deck.see(part)
        self.who.setText(
            self.tr("At the desk: %1").replace("%1", self.volunteer.name)
            if self.volunteer
            else self.tr("Nobody has typed a PIN yet.")
        )
        for each in (self.other, self.concern):
            each.setVisible(part is self.writing)
        self.take.setVisible(part in (self.choosing, self.writing))

    def _chosen(self) -> None:
        ready = self.names.currentIndex().isValid() and not self._wait and not self.tries.used_up
        self.pin.setEnabled(ready)
        self.start.setEnabled(ready)

    def try_pin(self) -> None:
        """Let whoever is marked write, if the PIN is theirs."""
        index = self.names.currentIndex()
        if not index.isValid() or not self.pin.isEnabled():
            return
        volunteer, pin = self.rows.record(index.row()), self.pin.text()
        self.pin.clear()
        self.pin.setEnabled(False)
        self.start.setEnabled(False)

        def work(connection: Connection, _: Job) -> bool:
            return volunteers.right(connection, volunteer.id, pin)

        def done(right: bool) -> None:
            if right:
                self._begin_writing(volunteer)
            else:
                self._wrong(volunteer)

        def failed(error: Exception) -> None:
            self._chosen()
            self.trouble(error)

        self.desk.read(self, self.tr("Looking at the PIN"), work, done, failed)

    def _begin_writing(self, volunteer: Volunteer) -> None:
        self.tries.was_right(volunteer.id)
        self.said.clear()
        self.volunteer = volunteer
        self.desk.workspace.who = volunteer.signature
        self.writing.take_over()
        if half := self.half.pop(volunteer.id, {}) or self._taken(volunteer):
            # Or there is nothing yet to tick, and it would no longer be kept from whom it was to be.
            self._offer_readers()
            self.form.restore(half)
        self.go_on()

    def _wrong(self, volunteer: Volunteer) -> None:
        self._wait = self.tries.was_wrong(volunteer.id)
        self._clock.start()
        self._tick(count=0)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.said.text()))

    def _tick(self, count: int = 1) -> None:
        self._wait = max(0, self._wait - count)
        if self.tries.used_up:
            self._clock.stop()
            self.said.setText(
                self.tr(
                    "Too many wrong PINs. Somebody with a passphrase must take the desk back, and may then hand it "
                    "over again."
                )
            )
        elif self._wait:
            self.said.setText(self.tr("That PIN is not right. Try again in %1 s.").replace("%1", str(self._wait)))
        else:
            self._clock.stop()
            self.said.setText(self.tr("That PIN was not right. Try again."))
        self._chosen()
        if self.pin.isEnabled():
            self.pin.setFocus()

    # --- a concern ------------------------------------------------------------------------------------------

    def write_concern(self) -> None:
        """Write a concern, or go on with one; only those who read concerns ever see it again."""
        self.notice.clear()
        self._see(self.concerning)
        self._offer_readers()
        self.form.begin()

    def _offer_readers(self) -> None:
        from cis_desktop import concerns

        self.form.show_readers(concerns.readers(self.desk.workspace.read))

    def half_concerns(self) -> dict[int, str]:
        """Give the concerns that are half written, by volunteer, as text."""
        import json

        here = {self.volunteer.id: self.form.draft()} if self.volunteer else {}
        return {each: json.dumps(half) for each, half in {**self.half, **here}.items() if half}

    def _taken(self, volunteer: Volunteer) -> dict[str, Any]:
        import json

        kept = self.sealed.take(self.desk.workspace.read, volunteer.id)
        return json.loads(kept) if kept else {}

    def go_on(self) -> None:
        """Go on with the visits; a concern that is half written stays for whoever is writing it."""
        self.notice.clear()
        self._see(self.writing)
        self.writing.finder.setFocus()

    def _leave_off(self) -> None:
        if self.volunteer is None:
            return
        self.writing.leave_off()
        self.half[self.volunteer.id] = self.form.draft()
        self.form.forget()

    # --- taking it back -------------------------------------------------------------------------------------

    def ask_back(self) -> None:
        """Ask for the passphrase of anybody who has one."""
        self.writing.save_counts()
        self.notice.clear()
        self._see(self.leaving)
        self.secret.field.setFocus()

    def give_back(self) -> None:
        """Ask for the desk back with what was typed."""
        if self.give.isEnabled():
            self.give.setEnabled(False)
            self.back.emit(self.secret.text())

    def refused(self, error: Exception) -> None:
        """Say why the desk stays with the volunteers."""
        self.give.setEnabled(True)
        self.trouble(error)
        self.secret.again()

    def stay(self) -> None:
        """Go on at the desk."""
        self.secret.wipe()
        self.notice.clear()
        if self.volunteer is None:
            self.ask_who()
        else:
            self.go_on()
