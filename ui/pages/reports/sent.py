"""What we sent: every report that was ever made, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.models.rows import Rows
from ui.widgets.lists import Table
from ui.widgets.words import button, plain, row

if TYPE_CHECKING:
    from cis_desktop.ledger import Entry
    from ui.jobs import Job


class SentPart(QWidget):
    """The list of reports made."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        lines = QVBoxLayout(self)
        self.blank = plain(self.tr("Nothing has been sent from here yet."))
        lines.addWidget(self.blank)
        self.rows = Rows(
            [
                (self.tr("Made"), lambda each: words.day(each.made_at)),
                (self.tr("What we count"), lambda each: each.agreement_title),
                (self.tr("Period"), lambda each: each.period),
                (self.tr("For"), lambda each: each.recipient or self.tr("ourselves")),
                (self.tr("Signed off by"), lambda each: each.signed_off_by),
                (self.tr("Standing"), lambda each: self._standing(each.status)),
            ]
        )
        self.table = Table(self.rows, self.tr("What we sent"), stretch=1)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._mark())
        lines.addWidget(self.table, 1)
        self.marks = [
            (button(self.tr("It was &sent")), "sent"),
            (button(self.tr("It arri&ved")), "received"),
            (button(self.tr("It &never left this computer")), "never-left"),
        ]
        for made, status in self.marks:
            made.clicked.connect(lambda _=False, status=status: self.mark(status))
        lines.addLayout(row(*(made for made, _ in self.marks)))

    def reload(self) -> None:
        """Read the list again, newest first."""
        from cis_desktop import ledger

        self.rows.show(ledger.releases(self.desk.workspace.read)[::-1])
        some = bool(self.rows.rowCount())
        self.blank.setVisible(not some)
        self.table.setVisible(some)
        for made, _ in self.marks:
            made.setVisible(some)
        self._mark()

    def _standing(self, status: str) -> str:
        return {
            "made": self.tr("Made"),
            "sent": self.tr("Sent"),
            "received": self.tr("Arrived"),
            "never-left": self.tr("Never left"),
        }.get(status, status)

    def _mark(self) -> None:
        for made, _ in self.marks:
            made.setEnabled(self.table.currentIndex().isValid())

    def mark(self, status: str) -> None:
        """Note what became of the chosen report."""
        entry: Entry = self.rows.record(self.table.currentIndex().row())

        def work(_: Job) -> Entry:
            from cis_desktop import ledger

            return ledger.mark(self.desk.workspace, entry.pack, status)

        self.desk.jobs.start(
            self, self.tr("Noting it"), work, lambda _: self.reload(), self.trouble, writes=True, can_stop=False
        )
