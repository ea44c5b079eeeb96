"""Is your record safe? Every fact in plain words, each with the one button that does something about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.jobs import Job
from ui.theme import SPACE
from ui.widgets.beside import Beside
from ui.widgets.checking import Checking
from ui.widgets.page import Page, column, scrolled
from ui.widgets.safety import facts, kit_button, standing, summed_up
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.health import Health
    from cis_desktop.vault.tables import Connection

WIDE = 90
"""Letters from which on a fact and its button stand in one line."""


class HealthPage(Page):
    """What Home sums up in a card, fact by fact, and the way back to an earlier day."""

    shows = frozenset({"settings", "people", "laptops", "receipts", "change_sets"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.checking = Checking(desk, self.notice, self)
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Is your record safe?")))
        self.whole = plain(self.tr("Looking…"))
        lines.addWidget(self.whole)
        lines.addWidget(self.notice)
        self.facts, self.buttons, self.rows = {}, {}, {}
        card = Card()
        card.lines.setSpacing(SPACE + SPACE // 2)
        for name, pressed in self._buttons().items():
            self.facts[name], self.buttons[name] = plain(), pressed
            holder = QWidget()
            beside = QVBoxLayout(holder)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.addLayout(row(pressed))
            self.rows[name] = Beside(self.facts[name], holder, WIDE, (2, 1), middle=True)
            card.lines.addWidget(self.rows[name])
        lines.addWidget(card)
        lines.addWidget(self._restoring())
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))
        desk.kept_safe.connect(self.reload)
        self.reload()

    def _buttons(self) -> dict[str, QPushButton]:
        made = {
            "backup": button(self.tr("Back &up now")),
            "second": button(self.tr("Choose a &second place")),
            "check": button(self.tr("&Check it now"), name=self.tr("Check the record now")),
            "rehearsal": button(self.tr("Re&hearse now")),
            "kit": button(self.tr("Make a recovery kit")),
            "people": button(self.tr("See &who")),
            "laptops": button(self.tr("Cha&nge the lock"), name=self.tr("Go to where the lock is changed")),
            "room": button(self.tr("What to &do about it"), name=self.tr("What to do about a full disk")),
            "change": button(self.tr("See a&ll changes")),
            "others": button(self.tr("See the lapto&ps")),
        }
        check, rehearse = made["check"], made["rehearsal"]
        for name, act in {
            "backup": self.desk.back_up.emit,
            "second": lambda: self.desk.go.emit("settings", ("second", None)),
            "check": lambda: self.checking.check(check),
            "rehearsal": lambda: self.checking.rehearse(rehearse),
            "kit": lambda: self.desk.go.emit("home", ("kit", "health")),
            "people": lambda: self.desk.go.emit("opening", None),
            "laptops": lambda: self.desk.go.emit("opening", None),
            "room": lambda: self.desk.go.emit("help", "full-disk"),
            "change": lambda: self.desk.go.emit("history", None),
            "others": lambda: self.desk.go.emit("sharing", None),
        }.items():
            made[name].clicked.connect(lambda _=False, act=act: act())
        return made

    def _restoring(self) -> Card:
        card = Card(self.tr("Back to an earlier day"))
        card.lines.addWidget(
            plain(
                self.tr(
                    "A backup is restored into a new folder and opened there. The record you have now is locked first "
                    "and stays as it is."
                )
            )
        )
        self.restore = button(self.tr("&Restore a backup…"))
        self.restore.clicked.connect(self.desk.restore)
        card.lines.addLayout(row(self.restore))
        return card

    def reload(self) -> None:
        """Look at everything again."""
        folder, today = self.desk.workspace.folder, date.today()

        def work(connection: Connection, _: Job) -> tuple[Health, list[str] | None]:
            from cis_desktop import health

            return health.health(connection, folder, today), standing(connection)

        self.desk.read(self, self.tr("Looking whether the record is safe"), work, self._show, self.trouble)

    def _show(self, found: tuple[Health, list[str] | None]) -> None:
        health, others = found
        self.whole.setText(summed_up(health))
        said = facts(health, others)
        for name, label in self.facts.items():
            label.setText(said[name])
        self.rows["laptops"].setVisible(bool(said["laptops"]))
        self.buttons["laptops"].setVisible(bool(health.taken_away))
        self.buttons["kit"].setText(kit_button(health))
        self.buttons["kit"].setAccessibleName(kit_button(health))
