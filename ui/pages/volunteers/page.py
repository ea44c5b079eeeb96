"""Volunteers: those who write at the desk with a PIN, and the lists for those who leave."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.pages.volunteers.leaving import LeavingCard
from ui.pages.volunteers.pins import PinsCard
from ui.widgets.page import Page, bring_up, column, scrolled
from ui.widgets.words import heading


class VolunteersPage(Page):
    """Two cards, one under the other."""

    shows = frozenset({"desk_volunteers", "leavers", "leaver_ticks", "concern_readers"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        inside = QWidget()
        lines = column(inside)
        lines.addWidget(heading(self.tr("Volunteers")))
        lines.addWidget(self.notice)
        self.pins = PinsCard(desk, self.trouble)
        self.leaving = LeavingCard(desk, self.notice, self.trouble)
        self.leaving.began.connect(lambda: bring_up(self.area, self.leaving))
        lines.addWidget(self.pins)
        lines.addWidget(self.leaving)
        lines.addStretch(1)
        self.area = scrolled(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)
        self.reload()

    def reload(self) -> None:
        """Read both again; what is being typed is left alone."""
        self.pins.reload()
        self.leaving.reload()

    def open(self, what: object) -> None:
        """Begin: ("nobody", None) where the desk was to be handed over, or ("leaving", None)."""
        assert isinstance(what, tuple)
        if what[0] == "leaving":
            bring_up(self.area, self.leaving)
            self.leaving.name.setFocus()
            return
        self.notice.error(
            self.tr("Nobody has a PIN yet"),
            self.tr("The desk was not handed over. Add a volunteer with a PIN below, then hand it over."),
        )
        self.pins.name.setFocus()

    def trouble(self, error: Exception) -> None:
        """Say what went wrong, in sight."""
        super().trouble(error)
        self.area.verticalScrollBar().setValue(0)

    def drafts(self) -> dict[str, Any]:
        """Give the names half typed; never a PIN."""
        typed = {"name": self.pins.name.text(), "leaver": self.leaving.name.text()}
        return typed if any(typed.values()) else {}

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put the names back."""
        self.pins.name.setText(drafts["name"])
        self.leaving.name.setText(drafts["leaver"])
