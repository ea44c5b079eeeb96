"""The figures of a report: the group's own, what would be seen, why each hidden one is hidden, and who is behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cis_desktop import words
from cis_desktop.disclosure.tables import TOTAL
from ui.desk import Desk
from ui.jobs import Job
from ui.models.figures import Figure, figures
from ui.models.rows import Rows
from ui.widgets.beside import Beside
from ui.widgets.drawing import DrawingView
from ui.widgets.fields import Choice, Form
from ui.widgets.lists import Table, fit_rows
from ui.widgets.words import button, heading, plain, row

if TYPE_CHECKING:
    from cis_desktop.agreements import Agreement
    from cis_desktop.disclosure.tables import Release
    from cis_desktop.disclosure.tables import Table as Exact
    from cis_desktop.figures import Behind, Period
    from cis_desktop.vault.tables import Connection

MOST_ROWS = 12


class FiguresPart(QWidget):
    """One table at a time, and behind its chosen figure the records that it counts."""

    behind_chosen = Signal(str, str)
    """A record behind a figure: its kind and its reference."""

    def __init__(self, desk: Desk, trouble: Callable[[Exception], None]) -> None:
        super().__init__()
        self.desk = desk
        self.trouble = trouble
        self.exact: tuple[Exact, ...] = ()
        self.release: Release | None = None
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 8, 0, 0)
        self.title = heading(level=2)
        self.summary = plain()
        lines.addWidget(self.title)
        lines.addWidget(self.summary)
        form = Form()
        self.which = Choice()
        self.which.currentIndexChanged.connect(self._show_table)
        form.field(self.tr("Ta&ble"), self.which)
        lines.addLayout(form)
        self.counted = plain(quiet=True)
        lines.addWidget(self.counted)
        self.table = Table(Rows([("", str)]), self.tr("Figures"))
        self.table.opened.connect(lambda _: self._chosen())
        self.drawing = DrawingView(desk.jobs, trouble)
        lines.addWidget(Beside(self.table, self.drawing, letters=120))
        self.why = plain()
        lines.addWidget(self.why)
        self.ask = button(self.tr("&Who is behind this figure?"))
        self.ask.clicked.connect(self.ask_behind)
        lines.addLayout(row(self.ask))
        self.behind_title = heading(level=2)
        self.behind = Rows(
            [(self.tr("Reference"), lambda each: each.reference), (self.tr("Who or what"), lambda each: each.label)]
        )
        self.behind_table = Table(self.behind, self.tr("Records behind the figure"), stretch=1)
        self.behind_table.opened.connect(lambda each: self.behind_chosen.emit(each.kind, each.reference))
        lines.addWidget(self.behind_title)
        lines.addWidget(self.behind_table)

    def show_figures(
        self, agreement: Agreement, period: Period, exact: tuple[Exact, ...], release: Release | None
    ) -> None:
        """Show the tables of a report; without a release only the group's own figures."""
        self.agreement, self.period, self.exact, self.release = agreement, period, exact, release
        self.title.setText(f"{agreement.title}: {period.label}")
        if release is None:
            self.summary.setText(self.tr("These are your own figures. They cannot be sent as they are."))
        else:
            hidden = words.count(release.audit.hidden, self.tr("figure is hidden"), self.tr("figures are hidden"))
            self.summary.setText(
                self.tr("%1 so that nobody can be picked out. Choose a row to see why.").replace("%1", hidden)
            )
        self.which.offer((each.shape.id, each.shape.title) for each in exact)
        self._show_table()

    def _show_table(self) -> None:
        table = next((each for each in self.exact if each.shape.id == self.which.key()), None)
        if table is None:
            return
        parts = [
            (each.label, lambda figure, at=at: figure.labels[at]) for at, each in enumerate(table.shape.dimensions)
        ] or [(self.tr("Figure"), lambda _: table.shape.area_label)]
        own = (self.tr("Your own"), lambda figure: figure.exact)
        seen = (self.tr("What is seen"), lambda figure: figure.seen)
        why = (self.tr("Why"), lambda figure: figure.why)
        shown = [*parts, own, seen, why] if self.release else [*parts, own]
        at = len(parts)
        rows = Rows(shown, numbers=(at, at + 1))
        found = figures(table, self.release)
        rows.show(found)
        self._draw(table, found)
        self.table.take(rows, stretch=len(shown) - 1)
        fit_rows(self.table, min(MOST_ROWS, rows.rowCount()))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.counted.setText(table.shape.how_counted)
        self.counted.setVisible(bool(table.shape.how_counted))
        self._chosen()

    def _draw(self, table: Exact, found: list[Figure]) -> None:
        """Draw a table of one dimension as bars, as it would be seen; one of more dimensions is only a table."""
        if len(table.shape.dimensions) != 1:
            self.drawing.clear()
            return
        seen = (
            next((each for each in self.release.tables if each.shape.id == table.shape.id), None)
            if self.release
            else None
        )
        bars: list[tuple[str, int | None, str]] = []
        for each in found:
            if each.key == (TOTAL,):
                continue
            value: int | None = table.cells[each.key].count
            if self.release is not None:
                cell = seen.cells.get(each.key) if seen else None
                value = cell.value if cell is not None and cell.status != "hidden" else None
            bars.append((each.labels[0], value, each.seen if self.release is not None else each.exact))

        def make() -> Any:
            from cis_desktop.charts import bar_chart

            return bar_chart(bars)

        said = "; ".join(f"{label}: {text or self.tr('hidden')}" for label, _, text in bars)
        self.drawing.draw(make, f"{table.shape.title}. {said}.")

    def show_hidden(self) -> None:
        """Go to the first hidden figure of the table that has most of them."""
        hidden = {
            table.shape.id: [at for at, each in enumerate(figures(table, self.release)) if each.why]
            for table in self.exact
        }
        most = max(hidden, key=lambda name: len(hidden[name]), default="")
        if hidden.get(most):
            self.which.choose(most)
            self._show_table()
            self.table.selectRow(hidden[most][0])

    def _figure(self) -> Figure | None:
        current = self.table.currentIndex()
        return self.table.rows.record(current.row()) if current.isValid() else None

    def _chosen(self) -> None:
        figure = self._figure()
        self.why.setText(f"{figure.seen}. {figure.why}." if figure and figure.why else "")
        self.why.setVisible(bool(self.why.text()))
        self.ask.setEnabled(figure is not None)
        self.behind_title.hide()
        self.behind_table.hide()

    def ask_behind(self) -> None:
        """Look up the records that the chosen figure counts."""
        figure = self._figure()
        if figure is None:
            return
        agreement, period = self.agreement, self.period

        def work(connection: Connection, _: Job) -> list[Behind]:
            from cis_desktop.figures import records_behind

            return records_behind(connection, agreement, figure.table, figure.key, period)

        def done(found: list[Behind]) -> None:
            self.behind.show(found)
            self.behind_title.setText(
                self.tr("%1 behind “%2”")
                .replace("%1", words.count(len(found), self.tr("record is"), self.tr("records are")))
                .replace("%2", ", ".join(figure.labels) or figure.exact)
            )
            fit_rows(self.behind_table, min(8, len(found)))
            self.behind_title.show()
            self.behind_table.setVisible(bool(found))
            self.behind_table.setFocus()

        self.desk.read(self, self.tr("Looking up who is behind a figure"), work, done, self.trouble)
