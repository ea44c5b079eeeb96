"""The figures of a report: the group's own, what would be seen beside it, and who is behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.disclosure.tables import TOTAL
from ui.desk import Desk
from ui.jobs import Job
from ui.models.figures import Figure, Sheet
from ui.models.rows import Rows
from ui.pages.reports.redesigning import RedesignCard
from ui.pages.reports.views import OWN, Views
from ui.pages.reports.wishing import WishCard
from ui.widgets.beside import Beside
from ui.widgets.drawing import DrawingView
from ui.widgets.lists import Table
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.disclosure.tables import Release
    from cis_desktop.figures import Behind
    from cis_desktop.packs.preview import Preview
    from cis_desktop.vault.tables import Connection

MOST_TABLES = 12
MOST_ROWS = 12


class FiguresPart(QWidget):
    """A list of tables; the one that is chosen, with its chart; behind its chosen figure the records it counts."""

    behind_chosen = Signal(str, str)
    """A record behind a figure: its kind and its reference."""
    looked_up = Signal(object)
    """What was asked for is shown, in this part of the page."""
    wished = Signal(object)
    """The wishes that the figures are to be counted with."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk, self.trouble = desk, trouble
        self.sheets: list[Sheet] = []
        self.safe = False
        self.release: Release | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        self.title = heading(self.tr("Are these figures right?"))
        self.summary = plain()
        lines.addWidget(self.title)
        lines.addWidget(self.summary)
        self.redesign = RedesignCard(desk, trouble)
        self.list = Table(
            Rows(
                [
                    (self.tr("Table"), lambda each: each.title),
                    (self.tr("Hidden"), lambda each: words.number(each.hidden) if each.hidden else ""),
                ],
                numbers=(1,),
            ),
            self.tr("Tables of the report"),
        )
        self.list.selectionModel().currentRowChanged.connect(lambda *_: self._show())
        self.list.opened.connect(lambda _: self.table.setFocus())
        self.views = Views(desk, trouble)
        self.views.changed.connect(self._look)
        self.wish = WishCard(desk, trouble)
        self.wish.kept.connect(self.wished)
        self.wish.tried.connect(self.looked_up)
        lines.addWidget(self.views)
        lines.addWidget(Beside(self.list, self._one_table(), letters=100, stretch=(3, 5)))
        self.behind_title = heading(level=2)
        self.behind = Rows(
            [(self.tr("Reference"), lambda each: each.reference), (self.tr("Who or what"), lambda each: each.label)]
        )
        self.behind_table = Table(self.behind, self.tr("Records behind the figure"), stretch=1, folds=16)
        self.behind_table.opened.connect(lambda each: self.behind_chosen.emit(each.kind, each.reference))
        lines.addWidget(self.behind_title)
        lines.addWidget(self.behind_table)
        lines.addWidget(self.redesign)
        lines.addStretch(1)

    def _one_table(self) -> QWidget:
        part, told = QWidget(), QWidget()
        lines, under = QVBoxLayout(part), QVBoxLayout(told)
        lines.setContentsMargins(0, 0, 0, 0)
        under.setContentsMargins(0, 0, 0, 0)
        self.name = heading(level=2)
        lines.addWidget(self.name)
        self.table = Table(Rows([("", str)]), self.tr("Figures"))
        self.table.opened.connect(lambda _: self._chosen())
        self.drawing = DrawingView(self.desk.jobs, self.trouble)
        self.why = plain()
        self.counted = plain(quiet=True)
        self.ask = button(self.tr("&Who is behind this figure?"))
        self.ask.clicked.connect(self.ask_behind)
        self.instead = button(self.tr("&Hide this one instead"))
        self.instead.clicked.connect(self._what_if)
        # What is said of a figure stays with its table: the drawing may come below both.
        under.addWidget(self.table)
        under.addWidget(self.why)
        under.addWidget(self.counted)
        under.addLayout(row(self.ask, self.instead))
        under.addWidget(self.wish)
        lines.addWidget(Beside(told, self.drawing, letters=116))
        return part

    def first(self) -> QWidget:
        """Give what is used first."""
        return self.list

    def show_found(self, found: Preview, sheets: Sequence[Sheet], release: Release | None) -> None:
        """Show the tables of a report; without a release none of them may be sent as they are."""
        at = max(0, self.list.currentIndex().row())
        before = self.sheets[at].id if at < len(self.sheets) else ""
        agreement, period, hidden = found.agreement, found.period, None if release is None else release.audit.hidden
        self.agreement, self.period, self.sheets, self.release = agreement, period, list(sheets), release
        self.safe = release is not None
        self.views.show_found(found, self.safe)
        self.wish.show_found(found, self.sheets)
        about = f"{agreement.title}, {period.label}."
        if hidden is None:
            self.summary.setText(f"{about} {self.tr('These are your own figures. They cannot be sent as they are.')}")
        else:
            said = self.tr("%1 so that nobody can be picked out: the next step says why.").replace(
                "%1", words.count(hidden, self.tr("figure is hidden"), self.tr("figures are hidden"))
            )
            said = said if hidden else self.tr("No figure is hidden.")
            self.summary.setText(f"{about} {said}")
        self.list.rows.show(self.sheets)
        self.list.fit_rows(min(MOST_TABLES, max(1, len(self.sheets))))
        self.list.selectRow(next((n for n, each in enumerate(self.sheets) if each.id == before), 0))
        self._show()

    def find(self, figure: Figure) -> None:
        """Choose one figure in its table."""
        for at, sheet in enumerate(self.sheets):
            for line, each in enumerate(sheet.figures):
                if (each.table, each.key) == (figure.table, figure.key):
                    self.list.selectRow(at)
                    self.table.selectRow(line)
                    self.table.setFocus()
                    return

    def _show(self) -> None:
        current = self.list.currentIndex()
        if not current.isValid():
            return
        sheet: Sheet = self.list.rows.record(current.row())
        self.name.setText(sheet.title)
        parts: list[tuple[str, Callable[[Any], str]]] = [
            (head, lambda figure, at=at: figure.labels[at]) for at, head in enumerate(sheet.heads)
        ]
        own = (self.tr("Your own"), lambda figure: figure.exact)
        seen = (self.views.names[self.views.at], self.views.say)
        at = len(parts)
        also = self.safe and self.views.at != OWN
        rows = Rows([*parts, own, seen] if also else [*parts, own], numbers=(at, at + 1))
        rows.show(sheet.figures)
        self.table.take(rows)
        self.table.fit_rows(min(MOST_ROWS, rows.rowCount()))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self._draw(sheet)
        self._chosen()

    def _look(self) -> None:
        """Show the same table in another way, at the same figure."""
        at = self.table.currentIndex().row()
        self._show()
        self.table.selectRow(at)

    def _draw(self, sheet: Sheet) -> None:
        """Draw a table of one dimension as bars, as it would be seen; one of more dimensions is only a table."""
        (table, *others) = sheet.tables
        if others or len(table.shape.dimensions) != 1:
            self.drawing.clear()
            return
        bars: list[tuple[str, int | None, str]] = [
            (each.row, each.value if self.safe else table.cells[each.key].count, each.seen or each.exact)
            for each in sheet.figures
            if each.key != (TOTAL,)
        ]

        def make(width: float) -> Any:
            from cis_desktop.charts import bar_chart

            return bar_chart(bars, width)

        said = "; ".join(f"{label}: {text}" for label, _, text in bars)
        self.drawing.fit(make, f"{sheet.title}. {said}.")

    def figure(self) -> Figure | None:
        """Give the figure that is chosen."""
        current = self.table.currentIndex()
        return self.table.rows.record(current.row()) if current.isValid() else None

    def _chosen(self) -> None:
        figure = self.figure()
        self.why.setText(f"{figure.row}. {figure.why}." if figure and figure.why else "")
        self.why.setVisible(bool(self.why.text()))
        sheet = self.list.rows.record(self.list.currentIndex().row())
        table = next((each for each in sheet.tables if figure is not None and each.shape.id == figure.table), None)
        counted = (table or sheet.tables[0]).shape.how_counted if table or len(sheet.tables) == 1 else ""
        self.counted.setText(counted)
        self.counted.setVisible(bool(counted))
        self.ask.setEnabled(figure is not None)
        hides = self.wish.hides(figure, self.release) if figure is not None and self.release is not None else None
        said = self.tr("&Hide this one instead") if hides else self.tr("S&how this one instead")
        self.instead.setText(said)
        self.instead.setAccessibleName(said.replace("&", ""))
        self.instead.setVisible(hides is not None)
        self.behind_title.hide()
        self.behind_table.hide()

    def _what_if(self) -> None:
        """Try what would change if the chosen figure were hidden, or shown."""
        figure = self.figure()
        if figure is not None and self.release is not None:
            shape = next(t.shape for sheet in self.sheets for t in sheet.tables if t.shape.id == figure.table)
            self.wish.what_if(figure, shape, bool(self.wish.hides(figure, self.release)))

    def ask_behind(self) -> None:
        """Look up the records that the chosen figure counts."""
        figure = self.figure()
        if figure is None:
            return
        agreement, period = self.agreement, self.period

        def work(connection: Connection, _: Job) -> list[Behind]:
            from cis_desktop.figures import records_behind

            return records_behind(connection, agreement, figure.table, figure.key, period)

        def done(found: list[Behind]) -> None:
            if figure != self.figure():
                return
            self.behind.show(found)
            self.behind_title.setText(
                self.tr("%1 behind “%2”")
                .replace("%1", words.count(len(found), self.tr("record is"), self.tr("records are")))
                .replace("%2", figure.row)
            )
            self.behind_table.fit_rows(max(1, min(8, len(found))))
            self.behind_title.show()
            self.behind_table.setVisible(bool(found))
            self.behind_table.setFocus()
            self.looked_up.emit(self.behind_table)

        self.desk.read(self, self.tr("Looking up who is behind a figure"), work, done, self.trouble)
