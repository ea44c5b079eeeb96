"""The board of themes: how many observations have each theme in each month, drawn and in numbers that open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from cis_desktop import words
from cis_desktop.records import themes
from cis_desktop.records.themes import NONE, Board, Places, Within
from ui.desk import Desk
from ui.jobs import Job
from ui.models.rows import Rows
from ui.say import say
from ui.theme import SPACE
from ui.widgets.drawing import DrawingView
from ui.widgets.fields import Choice, Form
from ui.widgets.instead import Instead
from ui.widgets.lists import Table
from ui.widgets.notice import Notice
from ui.widgets.page import column
from ui.widgets.words import heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.records.observations import Observation
    from cis_desktop.vault.tables import Connection

MOST_ROWS = 22
MOST_BEHIND = 500
LAST_YEAR = "last"
DRAWN = 8
"""Themes in the chart; the table has all of them."""
ROUND = 22
"""Pixels of a cell around what it says."""


class ThemesBoard(QWidget):
    """Themes by month, of a ward or a place, in a year."""

    opened = Signal(int)
    """An observation behind a number was chosen: its id."""

    listed = Signal()
    """What a number counts is listed, below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.stale = True
        self.board: Board | None = None
        self.within = Within(*_last_year())
        self.notice = Notice()
        lines = column(self)
        lines.addWidget(self.notice)
        lines.addLayout(self._filters())
        self.finding = heading(level=2)
        lines.addWidget(self.finding)
        self.instead = Instead(self.tr("Write something down"))
        self.instead.asked.connect(lambda: self.desk.go.emit("noticed", ("new", None)))
        lines.addWidget(self.instead)
        self.drawing = DrawingView(desk.jobs, self._trouble)
        lines.addWidget(self.drawing)
        self.drawn = plain(quiet=True)
        lines.addWidget(self.drawn)
        self.table = Table(Rows([(self.tr("Theme"), str)]), self.tr("Observations by theme and month"))
        # Two lines, the month and its year: cutting one short would cut the other.
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.opened.connect(lambda _: self.ask())
        lines.addWidget(self.table)
        self.counted = plain(
            self.tr(
                "Your own figures. An observation with two themes counts under both, and once in the last row. "
                "Enter on a number lists what it counts."
            ),
            quiet=True,
        )
        lines.addWidget(self.counted)
        self.behind_title = heading(level=2)
        self.behind = Rows(
            [
                (self.tr("When"), lambda each: words.when(each.noticed_on)),
                (self.tr("What was noticed"), lambda each: " ".join(each.words.split())),
                (self.tr("Where"), lambda each: each.place or ""),
            ]
        )
        self.behind_table = Table(self.behind, self.tr("What the number counts"), stretch=1)
        self.behind_table.opened.connect(lambda each: self.opened.emit(each.id))
        lines.addWidget(self.behind_title)
        lines.addWidget(self.behind_table)
        lines.addStretch(1)
        self._see(False)

    def _see(self, some: bool) -> None:
        """Show the board or leave it out; what a number counts is not asked yet either way."""
        for part in (self.finding, self.drawn, self.table, self.counted):
            part.setVisible(some)
        self.behind_title.hide()
        self.behind_table.hide()
        if not some:
            self.drawing.clear()

    def _filters(self) -> Any:
        self.period, self.ward, self.place = Choice([(LAST_YEAR, self.tr("The last 12 months"))]), Choice(), Choice()
        parts = []
        for text, choice in (
            (self.tr("&When"), self.period),
            (self.tr("Wa&rd"), self.ward),
            (self.tr("&Place"), self.place),
        ):
            form, part = Form(), QWidget()
            form.field(text, choice)
            form.setContentsMargins(0, 0, 0, 0)
            part.setLayout(form)
            parts.append(part)
            choice.currentIndexChanged.connect(lambda _: self._turned())
        return row(*parts)

    def _asked(self) -> Within:
        first, last = _last_year()
        year = self.period.key()
        if year is not None and year != LAST_YEAR:
            first, last = f"{year}-01", f"{year}-12"
        return Within(first, last, self.ward.key(), self.place.key())

    def _turned(self) -> None:
        # Putting the same choices up again is no new question.
        if self._asked() != self.within:
            self.read()

    def begin(self) -> None:
        """Read what is to be shown, unless it is shown already."""
        if self.stale:
            self.read()

    def reload(self, seen: bool) -> None:
        """Read again now if the board is seen, else when it next is."""
        self.stale = True
        if seen:
            self.read()

    def read(self) -> None:
        """Count in a job, and show what it gives."""
        self.stale = False
        self.notice.clear()
        within = self.within = self._asked()
        if self.board is None:
            self.instead.wait(self.tr("Counting themes…"))

        def work(connection: Connection, _: Job) -> tuple[Places, Board]:
            return themes.where_noticed(connection), themes.themes_by_month(connection, within)

        def done(found: tuple[Places, Board]) -> None:
            # Somebody may have chosen other months meanwhile: only the last question is answered.
            if within == self.within:
                self._offer(found[0])
                self._show(found[1])

        self.desk.read(self, self.tr("Counting themes"), work, done, self._trouble)

    def _offer(self, places: Places) -> None:
        years = range(int(places.last[:4]), int(places.first[:4]) - 1, -1) if places.first and places.last else []
        self.period.offer(
            [(LAST_YEAR, self.tr("The last 12 months")), *((f"{year:04d}", f"{year:04d}") for year in years)]
        )
        self.ward.offer([(None, self.tr("Every ward")), *places.wards])
        self.place.offer([(None, self.tr("Every place")), *((place, place) for place in places.places)])

    def _show(self, board: Board) -> None:
        self.board = board
        some = any(board.every)
        self._see(some)
        if not some:
            self.instead.teach(self.tr("Nothing was noticed in these months. What you write down is counted here."))
            return
        self.instead.clear()
        self.finding.setText(self._finding())
        at = self.table.currentIndex()
        numbers: list[tuple[str, Callable[[Any], str]]] = [
            (self.tr("All"), lambda each: words.number(sum(each[2]))),
            *(
                (words.month(month).replace(" ", "\n"), lambda each, n=n: words.number(each[2][n]))
                for n, month in enumerate(board.months)
            ),
        ]
        rows = Rows([(self.tr("Theme"), lambda each: each[1]), *numbers], numbers=range(1, len(numbers) + 1))
        lines = [(line.key, self._label(line.key, line.label), line.counts) for line in board.lines]
        rows.show([*lines, (None, self.tr("Every observation"), board.every)])
        self.table.take(rows, stretch=-1)
        self._fit()
        self.table.fit_rows(min(MOST_ROWS, rows.rowCount()), sideways=True)
        if at.isValid():
            self.table.setCurrentIndex(rows.index(min(at.row(), rows.rowCount() - 1), at.column()))
        every = [(label, counts) for _, label, counts in lines if sum(counts)]
        drawn, months = every[:DRAWN], board.months
        left_out = self.tr("The %1 that were noticed most are drawn; the table has all of them.")
        self.drawn.setText(left_out.replace("%1", words.number(DRAWN)))
        self.drawn.setVisible(len(every) > DRAWN)

        def make(width: float) -> Any:
            from cis_desktop.charts.months import months_chart

            return months_chart(drawn, months, width)

        said = "; ".join(f"{label}: {words.number(sum(counts))}" for label, counts in every)
        self.drawing.fit(make, f"{self._finding()} {said}.")

    def _fit(self) -> None:
        """Give each column its width: asking every cell for its own would hold the window up."""
        header, measure = self.table.horizontalHeader(), self.table.fontMetrics()
        shown = self.table.rows
        labels = (shown.data(shown.index(each, 0)) for each in range(shown.rowCount()))
        first = max((measure.horizontalAdvance(label) for label in labels), default=0) + ROUND + SPACE
        each = round(measure.horizontalAdvance("0000")) + ROUND
        header.setMinimumSectionSize(each)
        for at in range(1, shown.columnCount()):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(at, each)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        # The names take the room that is left, or as much as they need where the months are scrolled.
        header.resizeSection(0, max(first, self.table.viewport().width() - each * (shown.columnCount() - 1)))

    def resizeEvent(self, event: Any) -> None:
        """Give the names of the themes the room that is left."""
        super().resizeEvent(event)
        if self.board is not None:
            self._fit()

    def changeEvent(self, event: Any) -> None:
        """Fit the columns to another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and getattr(self, "board", None) is not None:
            self._fit()

    def _label(self, key: str, label: str) -> str:
        return self.tr("No theme yet") if key == NONE else label

    def _finding(self) -> str:
        board = self.board
        assert board is not None
        months = f"{words.month(board.months[0])} – {words.month(board.months[-1])}"
        every = words.count(sum(board.every), self.tr("observation"), self.tr("observations"))
        themed = [line for line in board.lines if line.key != NONE and line.total]
        if not themed:
            return self.tr("%1 in %2, none with a theme yet.").replace("%1", every).replace("%2", months)
        return (
            self.tr("Noticed most: “%1”, in %2 of %3, %4.")
            .replace("%2", words.number(themed[0].total))
            .replace("%3", every)
            .replace("%4", months)
            .replace("%1", themed[0].label)
        )

    def ask(self) -> None:
        """List the observations that the chosen number counts."""
        at, board = self.table.currentIndex(), self.board
        if not at.isValid() or board is None:
            return
        key, label, _ = self.table.rows.record(at.row())
        month = board.months[at.column() - 2] if at.column() >= 2 else None
        asked = self.within
        within = Within(month or asked.first, month or asked.last, asked.ward, asked.place)

        def work(connection: Connection, _: Job) -> list[Observation]:
            return themes.behind(connection, within, key, MOST_BEHIND)

        def done(found: list[Observation]) -> None:
            if asked != self.within:
                return
            self.behind.show(found)
            number = words.count(len(found), self.tr("observation"), self.tr("observations"))
            when = words.month(month) if month else self.period.currentText()
            self.behind_title.setText(f"{label}, {when}: {number}")
            self.behind_table.fit_rows(min(8, len(found)))
            self.behind_title.show()
            self.behind_table.setVisible(bool(found))
            if found:
                self.behind_table.setFocus()
                self.behind_table.selectRow(0)
            self.listed.emit()

        self.desk.read(self, self.tr("Looking up what a number counts"), work, done, self._trouble)

    def _trouble(self, error: Exception) -> None:
        self.instead.clear()
        say(error, self.notice)


def _last_year() -> tuple[str, str]:
    """Give the first and the last of the twelve months that end with this one."""
    today = date.today()
    return f"{today.year - (today.month < 12):04d}-{today.month % 12 + 1:02d}", f"{today.year:04d}-{today.month:02d}"
