"""The list of who and what can open the record: read off the window's thread, because the key store is asked too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.errors import CisError
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.lists import Table
from ui.widgets.words import plain

if TYPE_CHECKING:
    from cis_desktop.vault.slots import WayIn
    from cis_desktop.vault.tables import Connection

MOST_SEEN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Who and what opens the record, or did; which of it is this computer, and whether this computer may be one."""

    ways: tuple[WayIn, ...] = ()
    here: frozenset[str] = frozenset()
    safe: bool = False


class Ways(QWidget):
    """The list, and below it, quieter, what is on it no longer."""

    marked = Signal()
    """Another line is marked, or none."""
    shown = Signal()
    """The list was read again."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self._trouble = desk, trouble
        self.found = Found()
        self.rows = Rows(
            [
                (self.tr("Who"), self._who),
                (self.tr("With"), self._with),
                (self.tr("Since"), lambda way: words.day(way.added_at)),
                (self.tr("Added by"), lambda way: way.added_by),
            ]
        )
        self.table = Table(self.rows, self.tr("Who and what can open the record"), stretch=0)
        self.table.selectionModel().currentRowChanged.connect(lambda: self.marked.emit())
        self.before = plain(quiet=True)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(self.table)
        lines.addWidget(self.before)
        self.before.hide()

    def reload(self) -> None:
        """Read the list again, and whether this computer has a safe place for a key."""

        def work(connection: Connection, _: Job) -> Found:
            from cis_desktop import this_computer
            from cis_desktop.vault.slots import ways_in

            ways = tuple(ways_in(connection, gone=True))
            computers = [way.id for way in ways if way.kind == "computer" and way.gone_at is None]
            try:
                this_computer.refuse_unsafe_store()
            except CisError:
                return Found(ways)
            return Found(ways, frozenset(way for way in computers if this_computer.holds(way)), True)

        self.desk.read(self, self.tr("Looking who can open it"), work, self._show, self._trouble)

    def current(self) -> WayIn | None:
        """Give what is marked."""
        index = self.table.currentIndex()
        return self.rows.record(index.row()) if index.isValid() and index.row() < self.rows.rowCount() else None

    def is_own(self, way: WayIn) -> bool:
        """Say whether it is the passphrase of whoever has the record open."""
        from cis_desktop.ways_in import own

        mine = own(self.desk.workspace)
        return mine is not None and mine.id == way.id

    def is_here(self, way: WayIn) -> bool:
        """Say whether it is this computer."""
        return way.id in self.found.here

    def _show(self, found: Found) -> None:
        marked = self.current()
        self.found = found
        now = [way for way in found.ways if way.gone_at is None]
        self.rows.show(now)
        self.table.fit_rows(min(MOST_SEEN, max(2, len(now))))
        for at, way in enumerate(now):
            if marked is not None and way.id == marked.id:
                self.table.selectRow(at)
        gone = [way for way in found.ways if way.gone_at is not None]
        self.before.setText("\n".join(self._no_longer(way) for way in gone))
        self.before.setVisible(bool(gone))
        self.marked.emit()
        self.shown.emit()

    def _no_longer(self, way: WayIn) -> str:
        said = self.tr("No longer: %1, with %2, until %3. Taken away by %4.")
        said = said.replace("%2", self._with(way)).replace("%3", words.day(way.gone_at or ""))
        by = way.gone_by or self.tr("somebody")
        return said.replace("%1", words.within(way.name)).replace("%4", words.within(by))

    def _who(self, way: WayIn) -> str:
        return self.tr("%1 (you)").replace("%1", way.name) if self.is_own(way) else way.name

    def _with(self, way: WayIn) -> str:
        if way.kind == "computer":
            return self.tr("this computer, by itself") if self.is_here(way) else self.tr("a computer, by itself")
        return self.tr("the kit on paper") if way.kind == "recovery" else self.tr("a passphrase")
