"""Where it is said that two laptops wrote different things: a card on Home, and a line at the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from ui.desk import Desk
from ui.theme import SPACE
from ui.widgets.words import Card, button, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.tables import Connection
    from ui.jobs import Job


class DifferingCard(Card):
    """How many things two laptops wrote differently; hidden while there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(self.tr("Two laptops wrote different things"))
        self.desk = desk
        self.said = plain()
        self.lines.addWidget(self.said)
        choose = button(self.tr("Say which is right"))
        choose.clicked.connect(lambda: desk.go.emit("differing", None))
        self.lines.addLayout(row(choose))
        self.hide()

    def reload(self) -> None:
        """Count again."""
        tables = self.desk.workspace.vault.tables

        def work(connection: Connection, _: Job) -> int:
            from cis_desktop.sync.conflicts import disagreements

            return len(disagreements(connection, tables))

        self.desk.read(self, self.tr("Looking at what is due"), work, self._show, lambda _: self.hide())

    def _show(self, found: int) -> None:
        several = self.tr("%1 written differently before they met. Both values are kept.")
        self.said.setText(several.replace("%1", words.count(found, self.tr("thing was"), self.tr("things were"))))
        self.setVisible(found > 0)


class Differs(QWidget):
    """Names the fields of one record that two laptops wrote differently, and leads to where one is chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._record: tuple[str, int] = ("", 0)
        self.said = plain(quiet=True)
        choose = button(self.tr("Say which is right"), name=self.tr("Say which of the two values is right"))
        choose.clicked.connect(lambda: desk.go.emit("differing", self._record))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(self.said)
        lines.addLayout(row(choose))
        self.hide()

    def show_of(self, kind: str, table: str, record: int) -> None:
        """Look at one record; nothing is shown where all laptops agree."""
        from cis_desktop.sync.conflicts import fields_of

        self._record = kind, record
        fields = fields_of(self._desk.workspace.read, table, record)
        self.said.setText(
            self.tr("Two laptops wrote different things here: %1. One of each is shown.").replace(
                "%1", words.listed(fields)
            )
        )
        self.setVisible(bool(fields))
