"""Somebody new, written down while they wait: Enter goes from field to field and saves in the last."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cis_desktop.records import arrivals
from ui.pages.sessions.card import beside
from ui.pages.sessions.finder import ENTER
from ui.widgets.fields import Form, Number, line
from ui.widgets.words import Card, button, heading, plain, row


class NewcomerForm(Card):
    """A name or initials or nothing, how many live there, where, and what they can eat."""

    done = Signal(object)
    """It is to be saved: what is known of the newcomer (`Newcomer`)."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines.addWidget(heading(self.tr("Somebody new"), 2))
        self.lines.addWidget(
            plain(self.tr("All of it may stay empty. Enter goes on, Ctrl+Enter saves at once."), quiet=True)
        )
        self.name, self.postcode, self.diet, self.allergies = line(), line(20), line(), line()
        self.adults, self.young = Number(), Number()
        form = Form()
        form.field(self.tr("Name o&r initials"), self.name)
        numbers = QWidget()
        beside(
            numbers,
            (self.tr("A&dults"), self.tr("Adults who live there"), self.adults),
            (self.tr("&Children"), self.tr("Children who live there"), self.young),
        )
        form.addWidget(numbers)
        form.addSpacing(10)
        form.field(self.tr("&Postcode"), self.postcode)
        form.field(self.tr("D&iet"), self.diet)
        form.field(self.tr("Allergies"), self.allergies)
        self.lines.addLayout(form)
        self.save = button(self.tr("&Save with the visit"), main=True)
        self.save.clicked.connect(lambda: self.done.emit(self.newcomer()))
        leave = button(self.tr("Leave it"), name=self.tr("Leave the new person"))
        leave.clicked.connect(self.left)
        self.lines.addLayout(row(self.save, leave))
        self.fields: tuple[QWidget, ...] = (
            self.name, self.adults, self.young, self.postcode, self.diet, self.allergies,
        )  # fmt: skip
        for field in self.fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter go on and save in the last field, Ctrl+Enter save from any, Escape leave."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in ENTER:
            at = self.fields.index(watched)
            if at + 1 == len(self.fields) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save.click()
            else:
                self.fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return False

    def newcomer(self) -> arrivals.Newcomer:
        """Give what is filled in."""
        return arrivals.Newcomer(
            name=self.name.text(),
            adults=self.adults.number(),
            children=self.young.number(),
            postcode=self.postcode.text(),
            diet=self.diet.text(),
            allergies=self.allergies.text(),
        )

    def begin(self, newcomer: arrivals.Newcomer) -> None:
        """Start on somebody of whom this much is known; where there is a name, go on to the numbers."""
        self.name.setText(newcomer.name)
        self.adults.set_number(newcomer.adults)
        self.young.set_number(newcomer.children)
        self.postcode.setText(newcomer.postcode)
        self.diet.setText(newcomer.diet)
        self.allergies.setText(newcomer.allergies)
        (self.adults if newcomer.name else self.name).setFocus(Qt.FocusReason.TabFocusReason)

    def draft(self) -> dict[str, Any]:
        """Give what is filled in, as JSON can hold it; empty when nothing is."""
        newcomer = self.newcomer()
        return asdict(newcomer) if newcomer != arrivals.Newcomer() else {}
