"""Reports: making one, step by step, and what was ever sent."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTabWidget, QVBoxLayout, QWidget

from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.pages.reports.guide import Guide
from ui.pages.reports.sent import SentPart
from ui.widgets.page import Page

COUNTED = frozenset({"people", "households", "cases", "contacts", "sessions", "observations"})
"""Tables that figures are counted from."""


class ReportsPage(Page):
    """The way from the records to files that may be sent."""

    shows = frozenset({"agreements", "releases", "release_role", *COUNTED})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.guide = Guide(desk, self.notice, self.trouble)
        self.guide.behind_chosen.connect(self._go_behind)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Reports"))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.guide, self.tr("Make a report"))
        self.second = QWidget()
        QVBoxLayout(self.second).setContentsMargins(0, 0, 0, 0)
        self.tabs.addTab(self.second, self.tr("What we sent"))
        self.tabs.currentChanged.connect(lambda at: self.sent if at == 1 else None)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.tabs)
        self.reload()

    def showEvent(self, event: object) -> None:
        """Begin in the step that is seen, not at the tabs above it."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        if self.isVisible() and QApplication.focusWidget() in (None, self.tabs.tabBar()):
            self.guide.begin_here()

    def touched(self, tables: frozenset[str]) -> None:
        """Count figures again that are of records as they were."""
        self.guide.old = self.guide.old or bool(tables & COUNTED)
        super().touched(tables)

    def reload(self) -> None:
        """Read what can be counted, and what was sent."""
        self.guide.choose.reload()
        self.guide.count_again()
        if "sent" in self.__dict__:
            self.sent.reload()

    @cached_property
    def sent(self) -> SentPart:
        """What we sent, made when it is first looked at."""
        part = SentPart(self.desk)
        self.second.layout().addWidget(part)
        part.reload()
        return part

    def open(self, what: object) -> None:
        """Show what was sent, the figures of the last report, or why some are hidden.

        These are ("sent"|"latest"|"hidden", None). Or the figures of a report that is due: ("due", (the agreement's
        key, the period)).
        """
        act = what[0] if isinstance(what, tuple) else ""
        self.tabs.setCurrentIndex(1 if act == "sent" else 0)
        if act in ("latest", "hidden"):
            self._take_up_latest()
            self.guide.count("figures" if act == "latest" else "reasons")
        elif act == "due":
            agreement, period = what[1]  # type: ignore[index]
            newest = [
                key for key, held in self.guide.choose.held.items()
                if held.accepted_on and held.agreement.key == agreement
            ]  # fmt: skip
            if newest:
                self.guide.choose.choose(newest[0], period)
                self.guide.go("figures")

    def _take_up_latest(self) -> None:
        """Choose what the last report was about."""
        if not self.guide.choose.sent:
            return
        entry = self.guide.choose.sent[-1]
        for key, held in self.guide.choose.held.items():
            if held.agreement.hash == entry.agreement_hash:
                self.guide.choose.choose(key, entry.period)

    def drafts(self) -> dict[str, Any]:
        """Give the choices and the step of a report that somebody has begun."""
        return self.guide.drafts()

    def restore(self, drafts: dict[str, Any]) -> None:
        """Put a report that was begun back where it was."""
        self.guide.restore(drafts)

    def _go_behind(self, kind: str, reference: str) -> None:
        from cis_desktop.records import households, observations, people, sessions

        connection = self.desk.workspace.read
        try:
            if kind == "person":
                self.desk.go.emit("people", ("show", people.find(connection, reference).id))
            elif kind == "household":
                members = people.in_household(connection, households.find(connection, reference).id)
                if members:
                    self.desk.go.emit("people", ("show", members[0].id))
            elif kind == "session":
                self.desk.go.emit("sessions", ("show", sessions.find(connection, reference).id))
            elif kind == "observation":
                self.desk.go.emit("noticed", ("show", observations.find(connection, reference).id))
        except CisError as error:
            self.trouble(error)
