"""What two laptops wrote apart about the same thing, side by side: somebody says which is to be shown."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.sync import conflicts, joins
from cis_desktop.sync.conflicts import Disagreement, Side
from cis_desktop.vault.undo import CHOSE
from ui.desk import Desk
from ui.models.rows import Rows
from ui.theme import SPACE
from ui.widgets.beside import Beside
from ui.widgets.instead import Instead
from ui.widgets.lists import Table
from ui.widgets.page import Page, column, scrolled
from ui.widgets.words import Card, button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.vault.tables import Connection
    from ui.jobs import Job

WIDE = 95
"""Letters from which on what is chosen stands beside the list."""
TWO_WIDE = 44
"""Letters from which on two values stand beside each other."""
SEEN = 6
"""Rows of the list that are seen at most; the others are scrolled to."""
PLACES = {
    "person": ("people", "show"), "case": ("people", "case_page"), "household": ("people", "home"),
    "session": ("sessions", "show"), "observation": ("noticed", "show"),
}  # fmt: skip
"""Where a record is opened, and how that place is asked for it."""


class DifferingPage(Page):
    """The questions at the left, the values of the one that is marked at the right."""

    shows = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[Disagreement] = []
        self.shown: Disagreement | None = None
        self.choices: list[Any] = []
        inside = QWidget()
        lines = column(inside)
        self.title = heading(self.tr("Written differently"))
        lines.addWidget(self.title)
        lines.addWidget(self.notice)
        self.instead = Instead(self.tr("&How two laptops share"))
        self.instead.asked.connect(lambda: desk.go.emit("help", "two-laptops"))
        lines.addWidget(self.instead)
        self.rows = Rows([(self.tr("About"), _about), (self.tr("What"), lambda each: each.what)])
        self.table = Table(self.rows, self.tr("What is written differently"), stretch=0, folds=12)
        self.table.selectionModel().currentRowChanged.connect(self._mark)
        self.table.opened.connect(lambda _: self._to_choices())
        self.right = QWidget()
        self.detail = QVBoxLayout(self.right)
        self.detail.setContentsMargins(0, 0, 0, 0)
        self.part = QWidget()
        self.detail.addWidget(self.part)
        self.both = Beside(self.table, self.right, WIDE, (2, 3))
        lines.addWidget(self.both)
        self.kept = plain(
            self.tr("Whatever you choose, the other value stays in the history, and Ctrl+Z asks again."), quiet=True
        )
        lines.addWidget(self.kept)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(inside)
        whole.addWidget(self.area)
        for part in (self.both, self.kept):
            part.hide()
        self.reload()

    def reload(self) -> None:
        """Look for what is written differently."""
        tables = self.desk.workspace.vault.tables

        def work(connection: Connection, _: Job) -> list[Disagreement]:
            return conflicts.disagreements(connection, tables)

        if not self.found:
            self.instead.wait(self.tr("Looking for what is written differently…"))
        self.desk.read(self, self.tr("Looking for what is written differently"), work, self._show, self.trouble)

    def open(self, what: object) -> None:
        """Show what is written differently about one record: its kind and id."""
        self._wanted = None if self._mark_record(what) else what

    _wanted: object = None
    """The record that the next look is to mark; a later one would take the keys from whoever types by then."""

    def _show(self, found: list[Disagreement]) -> None:
        again = [each.id for each in found] == [each.id for each in self.found] and found == self.found
        self.found = found
        wanted, self._wanted = self._wanted, None
        self.instead.clear()
        for part in (self.both, self.kept):
            part.setVisible(bool(found))
        if not found:
            self.shown = None
            self.title.setText(self.tr("Nothing is written differently"))
            self.instead.teach(
                self.tr(
                    "When two people change the same thing on two laptops before these have met, nothing is lost: both "
                    "values come here, side by side, and you say which one is right."
                )
            )
            return
        many = words.count(len(found), self.tr("thing is"), self.tr("things are"))
        self.title.setText(self.tr("%1 written differently on two laptops").replace("%1", many))
        if again:
            return
        at = self.table.currentIndex().row()
        same = next((place for place, each in enumerate(found) if self.shown and each.id == self.shown.id), at)
        self.rows.show(found)
        self.table.fit_rows(min(len(found), SEEN))
        self.table.selectRow(max(0, min(same, len(found) - 1)))
        self._mark_record(wanted)

    def _mark_record(self, wanted: object) -> bool:
        for at, each in enumerate(self.found):
            if wanted is not None and each.record == wanted:
                self.table.selectRow(at)
                self.table.setFocus()
                return True
        return False

    def _mark(self, current: Any, _: Any) -> None:
        if current.isValid():
            self._lay_out(self.rows.record(current.row()))

    # --- one of them ----------------------------------------------------------------------------------------

    def _lay_out(self, one: Disagreement) -> None:
        self.shown = one
        held = self.part.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        old, self.part = self.part, QWidget()
        lines = QVBoxLayout(self.part)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        lines.addWidget(heading(_about(one), 2))
        lines.addWidget(plain(self._asked(one)))
        self.choices = []
        sides = [self._side(one, at, side) for at, side in enumerate(one.sides)]
        while len(sides) > 1:
            first, second, *rest = sides
            sides = [Beside(first, second, TWO_WIDE, tall=True), *rest]
        lines.addWidget(sides[0])
        if one.both:
            lines.addWidget(self._third(one))
        stops: list[QWidget] = [self.table, *self.choices]
        if one.record is not None:
            show = button(self.tr("&Show the record"), name=self.tr("Show %1").replace("%1", one.about))
            show.clicked.connect(lambda: self._open_record(one))
            lines.addLayout(row(show))
            stops.append(show)
        self.detail.replaceWidget(old, self.part)
        # At once: whoever types fast is at the values before Qt has shown them.
        self.part.show()
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        old.hide()
        old.deleteLater()
        if held:
            self.table.setFocus()

    def _asked(self, one: Disagreement) -> str:
        if one.field == "gone":
            return self.tr("One laptop removed it, while it was worked on at another. Is it to be kept?")
        if one.field == joins.TWICE:
            return self.tr("On two laptops this record was joined with two different people. Whose is it?")
        if one.field in joins.FIELDS:
            return self.tr("One laptop says that this is one person, the other went on with two. How many are they?")
        return self.tr("%1: which is right?").replace("%1", one.what[:1].upper() + one.what[1:])

    def _side(self, one: Disagreement, at: int, side: Side) -> QWidget:
        card = Card()
        card.lines.addWidget(self._value(one, side))
        if side.more:
            card.lines.addWidget(plain(self._more(one, side).replace("%1", words.breakable(side.more))))
        wrote = self.tr("%1, on %2, %3").replace("%1", words.within(side.who)).replace("%2", words.within(side.laptop))
        card.lines.addWidget(plain(wrote.replace("%3", words.minute(side.at)), quiet=True))
        if at == 0:
            card.lines.addWidget(plain(self.tr("This is shown until somebody chooses."), quiet=True))
        texts = (self.tr("Take this &one"), self.tr("&Take this one"), self.tr("Ta&ke this one"))
        take = button(texts[at] if at < len(texts) else self.tr("Take this one"))
        take.setAccessibleName(
            self.tr("Take “%1”, written by %2").replace("%1", words.shortened(side.words)).replace("%2", side.who)
        )
        take.clicked.connect(lambda: self.choose(one, at))
        self.choices.append(take)
        card.lines.addStretch(1)
        card.lines.addLayout(row(take))
        return card

    def _value(self, one: Disagreement, side: Side) -> QWidget:
        said = {
            "removed": self.tr("Removed"), "kept": self.tr("Kept"), "one person": self.tr("One person"),
            "two people": self.tr("Two people"),
        }  # fmt: skip
        if one.field == "gone" or one.field in joins.FIELDS:
            return heading(said.get(side.words, side.words), 2)
        whole = words.breakable(words.harmless(side.words))
        return plain(whole) if len(whole) > conflicts.LONG else heading(whole, 2)

    def _more(self, one: Disagreement, side: Side) -> str:
        if one.field == joins.STRANDED and side is one.sides[0]:
            return self.tr("Put with %1, as everything else of theirs.")
        if one.field == "gone" or one.field in joins.FIELDS:
            return self.tr("Written meanwhile: %1")
        return self.tr("Only here: “%1”")

    def _third(self, one: Disagreement) -> QWidget:
        card = Card()
        if one.field == joins.TWICE:
            card.lines.addWidget(heading(words.breakable(one.both), 2))
            keep = button(self.tr("&All are one"), name=self.tr("Join all of them: %1").replace("%1", one.both))
        else:
            card.lines.addWidget(plain(self.tr("Or both, as one text:"), quiet=True))
            card.lines.addWidget(plain(words.breakable(words.harmless(one.both))))
            keep = button(self.tr("Keep &both"), name=self.tr("Keep both texts"))
        keep.clicked.connect(lambda: self.choose(one, len(one.sides)))
        self.choices.append(keep)
        card.lines.addLayout(row(keep))
        return card

    # --- acts -----------------------------------------------------------------------------------------------

    def choose(self, one: Disagreement, pick: int) -> None:
        """Settle one by the place of its value; one beyond the last is both."""
        tables = self.desk.workspace.vault.tables
        self.notice.clear()
        self.part.setEnabled(False)

        def work(change: Any) -> None:
            conflicts.settle(change, tables, one, pick)

        def done(_: object) -> None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reload()

        def failed(error: Exception) -> None:
            self.part.setEnabled(True)
            self.reload()
            self.trouble(error)

        # The same words in every language: by them an undone choice is asked again, on every laptop.
        self.desk.write(self, CHOSE, work, done, failed)

    def _to_choices(self) -> None:
        if self.choices:
            self.choices[0].setFocus(Qt.FocusReason.OtherFocusReason)
            # Where the values stand under the list, they may be out of sight.
            self.area.ensureWidgetVisible(self.choices[-1])
            self.area.ensureWidgetVisible(self.choices[0])

    def _open_record(self, one: Disagreement) -> None:
        if one.record is not None:
            place, act = PLACES[one.record[0]]
            self.desk.go.emit(place, (act, one.record[1]))


def _about(one: Disagreement) -> str:
    return words.within(one.about[:1].upper() + one.about[1:])
