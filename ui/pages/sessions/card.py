"""What is seen of one person before the visit is written, and what is written of it beside the usual."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.records import arrivals, contacts, glance, sessions
from cis_desktop.records.labels import Codes
from ui.desk import Desk
from ui.pages.sessions.finder import ENTER
from ui.theme import SPACE
from ui.widgets.fields import Choice, Number, line
from ui.widgets.words import Card, heading, plain

_KEYPAD = Qt.KeyboardModifier.KeypadModifier
LONGEST = 160
"""Letters of one text on the card: what is longer is whole on the person's own page."""


class GlanceCard(Card):
    """One person at a glance: what must be seen first is largest."""

    def __init__(self, desk: Desk, whole: bool = True) -> None:
        """Make one that shows all that helps at a desk; unless `whole`, only names, diet, delivery and visits."""
        super().__init__()
        self.desk = desk
        self._whole = whole
        self.name = heading()
        self.who = plain(quiet=True)
        self.here = heading(level=2)
        self.often = heading(level=2)
        self.care = heading(level=2)
        self.note = plain()
        self.more = plain()
        self.parts = (self.name, self.who, self.here, self.often, self.care, self.note, self.more)
        for part in self.parts:
            self.lines.addWidget(part)
        self.ask()

    def ask(self, text: str = "") -> None:
        """Show nobody, and say what to do."""
        self._put(self.name, "")
        for part in self.parts[1:]:
            self._put(part, "")
        self._put(self.who, text or self.tr("Type a few letters of a name, a number or a postcode."))

    def show_person(self, person: arrivals.Known, session: sessions.Session, here: str) -> None:
        """Show one person as of the day of a session; `here` says who of the household came already."""
        seen = glance.at_a_glance(self.desk.workspace.read, person.person_id, date.fromisoformat(session.on_date))
        born = self.tr("born %1").replace("%1", str(person.born)) if person.born else ""
        self._put(self.name, seen.name)
        facts = (born, person.postcode, person.household) if self._whole else ()
        self._put(self.who, _joined(person.reference, *facts))
        self._put(self.here, here)
        self._put(self.often, _joined(seen.next_visit, seen.last_seen))
        self._put(
            self.care,
            _joined(self._said(self.tr("Allergies: %1"), seen.allergies), self._said(self.tr("Diet: %1"), seen.diet)),
        )
        more = (
            self._said(self.tr("Cooking: %1"), seen.cooking),
            self._said(self.tr("May collect: %1"), seen.collectors),
            self._said(self.tr("Speaks %1"), seen.language),
            self.tr("needs an interpreter") if seen.interpreter else "",
            self._said(self.tr("Safe to contact: %1"), seen.safe_contact),
        )
        note = self._said(self.tr("Note: %1"), " ".join(seen.note.split()))
        self._put(self.note, note if self._whole else "")
        delivery = self._said(self.tr("Delivery: %1"), seen.delivery)
        self._put(self.more, _joined(delivery, *(more if self._whole else ())))
        told = ". ".join(part.text() for part in self.parts if part.text())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, told))

    def _said(self, sentence: str, text: str) -> str:
        short = text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
        return sentence.replace("%1", short) if text else ""

    def _put(self, label: QLabel, text: str) -> None:
        label.setText(text if len(text) <= 4 * LONGEST else text[: 4 * LONGEST - 1] + "…")
        label.setVisible(bool(text))


class ThisTimeForm(QWidget):
    """How many were helped this time, what they were given, and a note. Enter goes on, and saves at the end."""

    done = Signal()
    """Enter was pressed in the last field (or in any, where the fields are not gone through one by one)."""

    left = Signal()
    """Escape was pressed: back to the name."""

    def __init__(self, one_by_one: bool) -> None:
        super().__init__()
        self._one_by_one = one_by_one
        self.adults, self.young = Number(), Number()
        self.note = line(1000)
        self.usual = QCheckBox(self.tr("Give the usua&l"))
        self.usual.setChecked(True)
        self.also = Choice()
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE // 2)
        self.numbers = QWidget()
        beside(
            self.numbers,
            (self.tr("A&dults helped"), self.tr("Adults helped this time"), self.adults),
            (self.tr("&Children helped"), self.tr("Children helped this time"), self.young),
        )
        lines.addWidget(self.numbers)
        label = plain(self.tr("No&te on this visit"))
        label.setBuddy(self.note)
        self.note.setAccessibleName(self.tr("Note on this visit"))
        lines.addWidget(label)
        lines.addWidget(self.note)
        things = QWidget()
        self.usual_label, _ = beside(
            things,
            (self.tr("The usual"), self.tr("Give the usual"), self.usual),
            (self.tr("And als&o"), self.tr("And also"), self.also),
        )
        lines.addWidget(things)
        self.fields: tuple[QWidget, ...] = (self.adults, self.young, self.note)
        for field in self.fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter go on to the next field, and save in the last."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in ENTER:
            if event.modifiers() & ~_KEYPAD:
                return False
            at = self.fields.index(watched)
            if self._one_by_one and at + 1 < len(self.fields):
                self.fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.done.emit()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False

    def offer(self, codes: Codes, usual: tuple[contacts.Given, ...]) -> None:
        """Put up what can be given, and say what everybody gets."""
        said = words.listed([codes.given(thing) for thing in usual]) or self.tr("nothing")
        self.usual_label.setText(self.tr("The usual: %1").replace("%1", said))
        self.also.offer([(None, self.tr("Nothing more")), *codes.options("item")])

    def begin(self, adults: int | None = None, children: int | None = None) -> None:
        """Start on somebody, with the numbers of the household."""
        self.adults.set_number(adults)
        self.young.set_number(children)
        self.note.clear()
        self.usual.setChecked(True)
        self.also.choose(None)

    def given(self, usual: tuple[contacts.Given, ...]) -> tuple[contacts.Given, ...]:
        """Give what was given: the usual things unless they are left out, and the other one if there is one."""
        key = self.also.key()
        more = (contacts.Given(key, quantity=1, unit="item"),) if key else ()
        return (*(usual if self.usual.isChecked() else ()), *more)


def beside(widget: QWidget, *fields: tuple[str, str, QWidget]) -> list[QLabel]:
    """Lay fields side by side, each (label, name for a screen reader, field) under its label; give the labels."""
    labels = []
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(SPACE // 2)
    grid.setHorizontalSpacing(2 * SPACE)
    for at, (text, name, field) in enumerate(fields):
        label = plain(text)
        label.setBuddy(field)
        field.setAccessibleName(name)
        grid.addWidget(label, 0, at)
        grid.addWidget(field, 1, at)
        grid.setColumnStretch(at, 1)
        # The room is shared alike, however wide the largest number or the longest choice would be.
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        labels.append(label)
    return labels


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
